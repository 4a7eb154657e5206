//! The chapter of settings.

use super::{Chapter, Described, Part, Shown, may};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Settings,
    title: ("Settings", "Inställningar"),
    text: (
        "What the municipality decides for itself within the law. Staff can read what binds them; the administrator changes it.",
        "Det som kommunen bestämmer själv inom lagens ramar. Personalen kan läsa det som binder dem; administratören ändrar.",
    ),
    shown: &[Shown {
        resource: Resource::Settings,
        name: "Settings",
        as_it_was: None,
        text: ("What is configured.", "Det som är inställt."),
        properties: &[
            p("municipalityCode", Text(4), "0183", "The municipality's code, four digits.", "Kommunens kod, fyra siffror.").or_null(),
            p("preventiveContactDays", Whole(1, 60), "7", "Days within which a youth is contacted after a school has reported significant absence.", "Dagar inom vilka en ungdom kontaktas efter att en skola har anmält betydande frånvaro."),
            p("consentDays", Whole(1, 1095), "365", "Days for which a consent holds when no last day is told.", "Dagar som ett samtycke gäller när ingen sista dag anges."),
            p("ownSecrecyRegime", Word("SecrecyRegime"), "school_23", "The rules by which the board that runs the work keeps secrets.", "Reglerna som nämnden som driver arbetet håller sekretess efter."),
            p("recipientRegimes", Many(&Part("RecipientRegime"), 16), "", "Those of each kind of recipient. What is told to one who keeps secrets by other rules, or is not of the municipality, crosses a border; to one not named too.", "Reglerna för varje slags mottagare. Det som berättas för någon med andra regler, eller utanför kommunen, går över en gräns; det gör det också till den som inte nämns."),
            p("sensitiveTerms", Many(&Part("SensitiveTerm"), 2000), "", "The words that free texts of the register are looked through for.", "Orden som registrets fria texter gås igenom efter."),
            p("updatedAt", Instant, "2026-11-25T00:00:00.000000Z", "When something was last changed.", "När något senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[
        Part {
            name: "RecipientRegime",
            text: ("Where a kind of recipient stands.", "Var ett slags mottagare står."),
            properties: &[
                p("recipientKind", Word("RecipientKind"), "health_care", "Which.", "Vilket.").always(),
                p("regime", Word("SecrecyRegime"), "health_25", "The rules by which they keep secrets.", "Reglerna som de håller sekretess efter.").always(),
                p("isMunicipal", YesNo, "false", "Whether they belong to the municipality.", "Om de hör till kommunen.").always(),
            ],
        },
        Part {
            name: "SensitiveTerm",
            text: ("A word that may be sensitive.", "Ett ord som kan vara känsligt."),
            properties: &[
                p("word", Text(100), "missbruk*", "The word; `word*` stands for every word that begins so, `*word*` for every word that holds it.", "Ordet; `ord*` står för varje ord som börjar så, `*ord*` för varje ord som innehåller det.").always(),
                p("category", Word("TermCategory"), "substance", "What it is about.", "Vad det handlar om.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ReadSettings,
            ("Read the settings", "What is configured, with its version in the `ETag`."),
            ("Läs inställningarna", "Det som är inställt, med sin version i `ETag`.")),
        Described::of(Operation::UpdateSettings,
            ("Change settings", "Changes the settings that are named; `null` sets the default again. What was counted in days from a date is counted anew when the youth it concerns is next changed."),
            ("Ändra inställningar", "Ändrar de inställningar som namnges; `null` återställer förvalet. Det som räknats i dagar från ett datum räknas om när ungdomen det gäller nästa gång ändras."))
            .takes(&[may("municipalityCode"), may("preventiveContactDays"), may("consentDays"), may("ownSecrecyRegime"), may("recipientRegimes"), may("sensitiveTerms")]),
    ],
};
