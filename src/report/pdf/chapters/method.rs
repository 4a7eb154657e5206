//! How are individuals protected, and what may a reader do with the figures? The rule, the proof, the price, and the notes
//! of the release.

use crate::error::Language;
use crate::report::pdf::layout::{Layout, Style};
use crate::report::pdf::shelf::Report;
use crate::report::pdf::tree::NodeId;
use crate::report::words::number;
use krilla::tagging::Tag;

pub(super) fn lay(layout: &mut Layout<'_>, report: &Report<'_>, root: NodeId) {
    let node = layout.tree.add(root, Tag::Section);
    layout.heading(
        node,
        1,
        report.word("Så skyddas enskilda", "How individuals are protected"),
    );
    for text in texts(report) {
        layout.paragraph(node, Style::TEXT, &text);
    }
    if report.document.notes.is_empty() {
        return;
    }
    layout.heading(
        node,
        2,
        report.word("Att läsa siffrorna", "Reading the figures"),
    );
    let notes: Vec<String> = report
        .document
        .notes
        .iter()
        .map(|note| report.told(note).to_owned())
        .collect();
    layout.list(node, &notes);
}

fn texts(report: &Report<'_>) -> Vec<String> {
    let document = report.document;
    let last = document.threshold.saturating_sub(1);
    let (hidden, cells) = (document.hidden.hidden, document.hidden.cells);
    let share = i64::try_from(hidden.saturating_mul(1000).checked_div(cells).unwrap_or(0));
    let share = number(share.unwrap_or_default(), 1, report.language);
    match report.language {
        Language::Swedish => vec![
            format!("Små tal kan peka ut en person. Därför visas inget antal från 1 till {last}: i stället står \"..\". En grupp där alla är lika, så att den som hör till gruppen är känd genom gruppen, döljs också."),
            "Den som kan summan och alla tal utom ett kan räkna ut det sista. Därför är också andra tal dolda, så få som möjligt, i samma tabell och i de tabeller som har summor gemensamma. En andel eller ett medelvärde är dolt när antalen bakom är det.".to_owned(),
            "Innan siffrorna gavs ut granskades de av ett annat program än det som dolde dem. Det såg bara det som är utgivet, tidigare utgivningar för samma år medräknade, och räknade för varje dolt antal ut det minsta och det största som en läsare kan sluta sig till. Om något litet antal hade kunnat bestämmas, eller stängas in för snävt, hade rapporten inte getts ut.".to_owned(),
            format!("Skyddet har ett pris: {hidden} av {cells} uppgifter ({share} procent) är dolda i den här utgivningen."),
            "Räkna inte ut dolda tal, och dra inte siffror ur olika utgivningar från varandra. Perioderna överlappar och registret rättas, så en skillnad är inget antal personer. Andelar får inte räknas på dolda antal.".to_owned(),
            "Utgivningen är fryst: den ändras inte. Kontrollsumman på omslaget hör till just dessa siffror. Visar sig något vara fel dras utgivningen tillbaka med ett skäl, och en ny ges ut.".to_owned(),
        ],
        Language::English => vec![
            format!("Small numbers can single out a person. No count from 1 to {last} is shown, therefore: \"..\" stands in its place. A group in which all are the same, so that whoever belongs to it is known by it, is hidden too."),
            "Who knows a sum and all its parts but one can work out the last. Other counts are hidden too, therefore, as few as possible, in the same table and in the tables that share sums with it. A share or a mean is hidden when the counts behind it are.".to_owned(),
            "Before the figures were released they were audited by another program than the one that hid them. It saw only what is published, earlier releases of the same year included, and computed for every hidden count the least and the most that a reader can conclude. Could any small count have been worked out, or closed in too narrowly, the report would not have been released.".to_owned(),
            format!("The protection has a price: {hidden} of {cells} figures ({share} per cent) are hidden in this release."),
            "Do not work out hidden counts, and do not subtract figures of different releases. The periods overlap and the register is corrected, so a difference is no number of persons. Shares must not be computed from hidden counts.".to_owned(),
            "The release is frozen: it does not change. The checksum on the cover belongs to these figures alone. If something turns out to be wrong the release is withdrawn with a reason, and a new one is made.".to_owned(),
        ],
    }
}
