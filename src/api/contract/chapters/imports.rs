//! The chapter of imports of rosters. How a roster is read and what becomes of a row is decided in `exchange::roster`.

use super::{Chapter, Described, Input, Part, Shown, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Imports,
    title: ("Imports", "Inläsningar"),
    text: (
        "Population rosters as CSV. A dry run tells of each row what would become of it and why; applying is one transaction, and the same file twice changes nothing. Refused rows come back as the same CSV with a reason column.",
        "Befolkningslistor som CSV. En provkörning säger för varje rad vad som skulle hända med den och varför; att genomföra är en enda transaktion, och samma fil två gånger ändrar inget. Avvisade rader kommer tillbaka som samma CSV med en kolumn för skälet.",
    ),
    shown: &[
        Shown {
            resource: Resource::Imports,
            name: "Import",
            as_it_was: None,
            text: ("A run of an import.", "En inläsning."),
            properties: &[
                p("id", Id, ids::IMPORT, "The import's id.", "Inläsningens id."),
                p("unitId", Id, ids::UNIT, "The unit that it was made for.", "Enheten som den gjordes för."),
                p("fileName", Text(200), "elevlista-2026-11.csv", "The name of the file, if it was told.", "Filens namn, om det angavs.").or_null(),
                p("fileSha256", Text(64), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "SHA-256 of the file.", "Filens SHA-256."),
                p("asOf", Date, "2026-11-23", "The day that the roster describes.", "Dagen som listan beskriver."),
                p("isApplied", YesNo, "false", "Whether it was carried out; a dry run was not.", "Om den genomfördes; en provkörning gjordes inte det."),
                p("counts", Part("ImportCounts"), "", "How many rows came to what.", "Hur många rader som blev vad."),
                p("warnings", Many(&Part("RosterProblem"), 0), "", "What is to be said about the file as a whole.", "Vad som är att säga om filen som helhet."),
                p("createdBy", Id, ids::USER, "Who made it.", "Vem som gjorde den.").or_null(),
                p("createdAt", Instant, "2026-11-24T08:00:00.000000Z", "When.", "När."),
                p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
            ],
        },
        Shown {
            resource: Resource::ImportDecisions,
            name: "ImportDecision",
            as_it_was: None,
            text: ("A row that a person must decide on.", "En rad som en person måste ta ställning till."),
            properties: &[
                p("id", Id, ids::DECISION, "The row's id.", "Radens id."),
                p("importId", Id, ids::IMPORT, "The import that it came with.", "Inläsningen som den kom med."),
                p("identityNumber", Text(12), "200901052381", "The identity number, until it is decided.", "Identitetsnumret, tills beslutet är fattat.").or_null(),
                p("givenName", Text(100), "Alva Maria", "Given names, until it is decided.", "Förnamn, tills beslutet är fattat.").or_null(),
                p("familyName", Text(100), "Lindqvist", "Family name, until it is decided.", "Efternamn, tills beslutet är fattat.").or_null(),
                p("birthDate", Date, "2009-01-05", "Birth date, until it is decided.", "Födelsedatum, tills beslutet är fattat.").or_null(),
                p("cause", Text(60), "status_needs_decision", "Why a person must decide.", "Varför en person måste ta ställning."),
                p("status", Word("DecisionStatus"), "pending", "The answer.", "Svaret."),
                p("reason", Lines(1000), "null", "Why, in words.", "Varför, med ord.").or_null(),
                p("youthId", Id, "null", "The youth that was registered.", "Ungdomen som registrerades.").or_null(),
                p("decidedBy", Id, "null", "Who decided.", "Vem som beslutade.").or_null(),
                p("decidedAt", Instant, "null", "When.", "När.").or_null(),
                p("createdAt", Instant, "2026-11-24T08:00:00.000000Z", "When the row came.", "När raden kom."),
                p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
            ],
        },
    ],
    parts: &[
        Part {
            name: "ImportCounts",
            text: ("How many rows came to what.", "Hur många rader som blev vad."),
            properties: &[
                p("rows", Whole(0, i64::MAX), "3000", "All rows.", "Alla rader.").always(),
            ],
        },
        Part {
            name: "RosterProblem",
            text: ("Something to be said about a file or a row.", "Något att säga om en fil eller en rad."),
            properties: &[
                p("detail", Text(0), "Kolumnen telefon saknas.", "In words.", "Med ord.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ImportRoster,
            ("Import a roster", "Reads a roster: a dry run unless `apply` is true."),
            ("Läs in en befolkningslista", "Läser en befolkningslista: en provkörning om inte `apply` är true."))
            .query(&[
                p("apply", YesNo, "false", "Carry it out. Otherwise it is a dry run.", "Genomför. Annars är det en provkörning."),
                p("asOf", Date, "2026-11-23", "The day that the roster describes; today if nothing is said.", "Dagen som listan beskriver; i dag om inget sägs."),
                p("fileName", Text(200), "elevlista-2026-11.csv", "The name of the file.", "Filens namn."),
            ]),
        Described::of(Operation::ListImports,
            ("List imports", "The imports of your unit, newest first."),
            ("Lista inläsningar", "Din enhets inläsningar, den senaste först.")),
        Described::of(Operation::ReadImport,
            ("Read an import", "One import with its counts."),
            ("Läs en inläsning", "En inläsning med sina antal.")),
        Described::of(Operation::ListImportRows,
            ("List rows of an import", "What became of each row, by line."),
            ("Lista rader i en inläsning", "Vad som hände med varje rad, efter radnummer."))
            .answers("RosterProblem"),
        Described::of(Operation::ReadRefusedRows,
            ("Fetch the refused rows", "The refused rows as the same CSV with a reason column, ready to be mended and sent again. They are kept for a short time."),
            ("Hämta de avvisade raderna", "De avvisade raderna som samma CSV med en kolumn för skälet, klara att rättas och skickas igen. De sparas en kort tid.")),
        Described::of(Operation::ListImportDecisions,
            ("List rows that wait for a decision", "Rows of rosters that a person must decide on."),
            ("Lista rader som väntar på beslut", "Rader i befolkningslistor som en person måste ta ställning till.")),
        Described::of(Operation::DecideImportRow,
            ("Decide on a row", "Confirms that the person is in the target group, or rejects it."),
            ("Besluta om en rad", "Bekräftar att personen ingår i målgruppen, eller avslår det."))
            .takes(&[
                Input::Own(p("status", OneOf(&["confirmed", "rejected"]), "confirmed", "The decision.", "Beslutet.").always()),
                Input::Own(p("reason", Lines(1000), "Folkbokförd här sedan oktober, går inte i skola.", "Why, in words.", "Varför, med ord.")),
            ]),
    ],
};
