//! How the house is built, read from the sources: imports run one way, and certain words stand only in certain rooms.

use std::path::{Path, PathBuf};

/// What each room may import of ours; leaves (`clock`, `config`, `error`) are open to all but `domain`, which knows `error` alone.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &["domain", "error"]),
    ("policy", &["policy", "domain", "error"]),
    ("auth", &["auth", "domain", "error", "percent"]),
    (
        "statistics",
        &["statistics", "exchange", "domain", "error", "clock"],
    ),
    ("exchange", &["exchange", "domain", "error", "clock"]),
    // From the release document alone: no clock, no database.
    (
        "report",
        &["report", "statistics", "exchange", "domain", "error"],
    ),
    (
        "db",
        &[
            "db",
            "policy",
            "auth",
            "domain",
            "error",
            "clock",
            "statistics",
            "exchange",
            "vault",
        ],
    ),
    (
        "service",
        &[
            "service",
            "db",
            "policy",
            "auth",
            "domain",
            "error",
            "clock",
            "report",
            "statistics",
            "exchange",
        ],
    ),
    (
        "demo",
        &[
            "demo",
            "service",
            "db",
            "policy",
            "auth",
            "domain",
            "error",
            "clock",
            "exchange",
            "jobs",
            "statistics",
        ],
    ),
    (
        "http",
        &[
            "http", "api", "service", "db", "policy", "auth", "domain", "error", "clock", "config",
            "percent",
        ],
    ),
    (
        "api",
        &[
            "api",
            "http",
            "service",
            "db",
            "policy",
            "auth",
            "domain",
            "error",
            "clock",
            "config",
            "statistics",
            "exchange",
            "report",
        ],
    ),
    (
        "nightly.rs",
        &["service", "db", "auth", "domain", "error", "clock"],
    ),
    ("jobs.rs", &["service", "db", "domain", "error", "clock"]),
    ("vault", &["vault", "error"]),
    (
        "config.rs",
        &["auth", "db", "exchange", "statistics", "vault"],
    ),
    ("clock.rs", &[]),
    ("error.rs", &[]),
    ("percent.rs", &[]),
    (
        "app.rs",
        &["domain", "api", "http", "db", "clock", "config", "error"],
    ),
];

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found
        .into_iter()
        .map(|(path, text)| (path.strip_prefix(&root).unwrap().to_owned(), text))
        .collect()
}

fn room(path: &Path) -> String {
    path.components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .into_owned()
}

/// Whether a file holds nothing but tests.
fn is_test(path: &Path) -> bool {
    path.file_stem()
        .is_some_and(|stem| stem.to_string_lossy().ends_with("tests"))
}

/// The lines that are code of the product.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end]
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn imports_run_one_way() {
    for (path, text) in sources() {
        let room = room(&path);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == room) else {
            continue;
        };
        for (number, line) in code(&text) {
            for part in line.split("crate::").skip(1) {
                let target: String = part
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let is_macro = part[target.len()..].starts_with('!') || target == "on_each";
                assert!(
                    is_macro || allowed.contains(&target.as_str()),
                    "{}:{}: {room} imports {target}",
                    path.display(),
                    number + 1
                );
            }
        }
    }
}

#[test]
fn certain_words_stand_only_in_certain_rooms() {
    let rules: &[(&str, &[&str])] = &[
        ("Role::", &["policy", "domain"]),
        ("diesel::", &["db"]),
        ("actix_web", &["http", "api", "web", "app.rs", "cli"]),
        ("Utc::now", &["clock.rs"]),
        ("on_each!", &["db"]),
    ];
    for (path, text) in sources() {
        let room = room(&path);
        if is_test(&path) {
            continue;
        }
        for (word, rooms) in rules {
            if rooms.contains(&room.as_str()) {
                continue;
            }
            for (number, line) in code(&text) {
                // `Role::has_unit` asks; `Role::Syv` decides.
                let is_named = line
                    .split(word)
                    .skip(1)
                    .any(|rest| *word != "Role::" || rest.starts_with(|c: char| c.is_uppercase()));
                assert!(
                    !is_named,
                    "{}:{}: {word} does not belong into {room}",
                    path.display(),
                    number + 1
                );
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (path, text) in sources() {
        let opening = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .count();
        assert!(
            (1..=16).contains(&opening),
            "{} opens with {opening} lines of `//!`",
            path.display()
        );
    }
}

/// Whether an identity is protected is asked in one place in words and in one in SQL; every path uses these.
#[test]
fn nobody_asks_in_words_of_their_own_whether_an_identity_is_protected() {
    let allowed = ["domain/protected_identity.rs", "db/relations.rs"];
    for (path, text) in sources() {
        let name = path.to_string_lossy().replace('\\', "/");
        if is_test(&path) || allowed.contains(&name.as_str()) {
            continue;
        }
        let tight: String = code(&text)
            .flat_map(|(_, line)| line.chars())
            .filter(|c| !c.is_whitespace())
            .collect();
        for words in [
            "protection_level.eq(",
            "protection_level.ne(",
            "==ProtectionLevel::None",
            "!=ProtectionLevel::None",
        ] {
            assert!(!tight.contains(words), "{name} asks `{words}`");
        }
    }
}
