//! The bytes that fuzzing has kept, through the parsers they were made up for: what holds for made-up bytes goes on holding in the
//! ordinary suite, without the tools of fuzzing. The functions themselves, and what they say must hold, stand in `fuzz/targets.rs`.

#[path = "../../fuzz/targets.rs"]
mod targets;

use std::collections::BTreeSet;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn names_in(folder: PathBuf) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            path.file_stem().unwrap().to_string_lossy().into_owned()
        })
        .collect()
}

#[test]
fn what_fuzzing_has_kept_still_holds() {
    for (name, target) in targets::TARGETS {
        let mut count = 0;
        for entry in std::fs::read_dir(folder().join("corpus").join(name)).unwrap() {
            target(&std::fs::read(entry.unwrap().path()).unwrap());
            count += 1;
        }
        assert!(count >= 3, "{name} keeps {count}");
    }
}

#[test]
fn every_target_has_its_program_and_its_corpus() {
    let named: BTreeSet<String> = targets::TARGETS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(named, names_in(folder().join("fuzz_targets")));
    assert_eq!(named, names_in(folder().join("corpus")));
    let told = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let built = std::fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for name in &named {
        assert!(
            told.contains(&format!("| `{name}` |")),
            "{name} is not in the table"
        );
        assert!(
            built.contains(&format!("name = \"{name}\"")),
            "{name} is not built"
        );
    }
}
