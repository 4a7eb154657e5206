//! The chapter of imports of rosters. How a roster is read and what becomes of a row is decided in `exchange::roster`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

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
                p("fileName", Text(120), "lista-november.csv", "The name of the file, if it was told.", "Filens namn, om det angavs.").or_null(),
                p("fileSha256", Text(64), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "SHA-256 of the file.", "Filens SHA-256."),
                p("asOf", Date, "2026-11-23", "The day that the roster describes.", "Dagen som listan beskriver."),
                p("isApplied", YesNo, "false", "Whether it was carried out; a dry run was not.", "Om den genomfördes; en provkörning gjordes inte det."),
                p("counts", Part("ImportCounts"), "", "How many rows came to what.", "Hur många rader som blev vad."),
                p("warnings", Many(&Part("RosterWarning"), 0), "", "What is to be said about the file as a whole.", "Vad som är att säga om filen som helhet."),
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
                p("cause", Word("DecisionCause"), "status_needs_decision", "Why a person must decide.", "Varför en person måste ta ställning."),
                p("status", Word("DecisionStatus"), "pending", "The answer.", "Svaret."),
                p("reason", Lines(500), "null", "Why, in words. Required to reject.", "Varför, med ord. Krävs för att avslå.").or_null(),
                p("episodeReason", Word("Reason"), "null", "The reason of the episode that was opened. Required to confirm.", "Orsaken för perioden som öppnades. Krävs för att bekräfta.").or_null(),
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
            text: ("How many rows came to what. Youths with protected identity are counted as the file alone gives it.", "Hur många rader som blev vad. Ungdomar med skyddade personuppgifter räknas så som filen ensam ger vid handen."),
            properties: &[
                p("rows", Whole(0, i64::MAX), "3000", "All rows.", "Alla rader.").always(),
                p("created", Whole(0, i64::MAX), "149", "Youths that are new.", "Ungdomar som är nya.").always(),
                p("changed", Whole(0, i64::MAX), "0", "Youths that are changed.", "Ungdomar som ändras.").always(),
                p("left", Whole(0, i64::MAX), "0", "Rows that change nothing.", "Rader som inte ändrar något.").always(),
                p("outside", Whole(0, i64::MAX), "2844", "Rows outside the target group; they are not stored.", "Rader utanför målgruppen; de lagras inte.").always(),
                p("needsDecision", Whole(0, i64::MAX), "7", "Rows that a person must decide on.", "Rader som en person måste ta ställning till.").always(),
                p("refused", Whole(0, i64::MAX), "0", "Rows that are refused.", "Rader som avvisas.").always(),
                p("episodesOpened", Whole(0, i64::MAX), "149", "Episodes that are opened.", "Perioder som öppnas.").always(),
            ],
        },
        Part {
            name: "RosterWarning",
            text: ("Something to be said about a file as a whole.", "Något att säga om en fil som helhet."),
            properties: &[
                p("code", Text(60), "no_protection_column", "What, by its code.", "Vad, med sin kod.").always(),
                p("detail", Text(0), "Filen har ingen kolumn för skyddsmarkering. Registrets markeringar behålls.", "In words, in the language of the answer.", "Med ord, på svarets språk.").always(),
            ],
        },
        Part {
            name: "ImportedRow",
            text: ("What became of a row. No value of the file stands in it.", "Vad som hände med en rad. Inget värde ur filen står i den."),
            properties: &[
                p("line", Whole(1, i64::MAX), "17", "The line in the file, from 1.", "Raden i filen, från 1.").always(),
                p("outcome", Word("ImportRowOutcome"), "created", "What became of it.", "Vad som hände med den.").always(),
                p("problems", Many(&Part("RosterProblem"), 0), "", "What is to be said about it.", "Vad som är att säga om den.").always(),
                p("youthId", Id, ids::YOUTH, "The youth, where you may know of them.", "Ungdomen, där du får känna till hen."),
            ],
        },
        Part {
            name: "RosterProblem",
            text: ("Something to be said about a row.", "Något att säga om en rad."),
            properties: &[
                p("column", Text(0), "telefon", "The column; empty for the whole row.", "Kolumnen; tom för hela raden.").always(),
                p("code", Text(60), "phone_syntax", "What, by its code.", "Vad, med sin kod.").always(),
                p("severity", OneOf(&["refusal", "warning", "note"]), "warning", "Whether the row cannot stand, somebody should look, or it is only told what happens.", "Om raden inte kan stå, om någon bör titta, eller om det bara berättas vad som händer.").always(),
                p("detail", Text(0), "Telefonnumret är felskrivet och har utelämnats. Det ska börja med 0 eller +.", "In words, in the language of the answer.", "Med ord, på svarets språk.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ImportRoster,
            ("Import a roster", "Reads a roster: a dry run unless `isApplied` is true. The body is the CSV as it is: UTF-8 or Latin-1; comma, semicolon or tab; headings in any order."),
            ("Läs in en befolkningslista", "Läser en befolkningslista: en provkörning om inte `isApplied` är true. Innehållet är CSV-filen som den är: UTF-8 eller Latin-1; komma, semikolon eller tabb; rubriker i valfri ordning."))
            .query(&[
                p("isApplied", YesNo, "true", "Carry it out. Otherwise it is a dry run.", "Genomför. Annars är det en provkörning."),
                p("asOf", Date, "2026-11-23", "The day that the roster describes; today if nothing is said.", "Dagen som listan beskriver; i dag om inget sägs."),
                p("fileName", Text(120), "lista-november.csv", "The name of the file, to know the run again.", "Filens namn, för att känna igen inläsningen."),
            ]),
        Described::of(Operation::ListImports,
            ("List imports", "The imports of your unit, newest first."),
            ("Lista inläsningar", "Din enhets inläsningar, den senaste först."))
            .query(&[p("isApplied", YesNo, "true", "Those carried out, or the dry runs.", "De som genomfördes, eller provkörningarna.")]),
        Described::of(Operation::ReadImport,
            ("Read an import", "One import with its counts."),
            ("Läs en inläsning", "En inläsning med sina antal.")),
        Described::of(Operation::ListImportRows,
            ("List rows of an import", "What became of each row, in the order of the file."),
            ("Lista rader i en inläsning", "Vad som hände med varje rad, i filens ordning."))
            .query(&[p("outcome", Word("ImportRowOutcome"), "refused", "That came to this.", "Som blev detta.")])
            .answers("ImportedRow"),
        Described::of(Operation::ReadRefusedRows,
            ("Fetch the refused rows", "The refused rows as the same CSV with a reason column, ready to be mended and sent again. For whoever sent the file, for 24 hours."),
            ("Hämta de avvisade raderna", "De avvisade raderna som samma CSV med en kolumn för skälet, klara att rättas och skickas igen. För den som skickade filen, i 24 timmar.")),
        Described::of(Operation::ListImportDecisions,
            ("List rows that wait for a decision", "Rows of rosters that a person must decide on or has decided on, newest first."),
            ("Lista rader som väntar på beslut", "Rader i befolkningslistor som en person måste ta ställning till eller har tagit ställning till, den senaste först."))
            .query(&[p("status", Word("DecisionStatus"), "pending", "With this answer.", "Med detta svar.")]),
        Described::of(Operation::ReadImportDecision,
            ("Read a row that waits for a decision", "One row, with the version in the `ETag`."),
            ("Läs en rad som väntar på beslut", "En rad, med versionen i `ETag`.")),
        Described::of(Operation::DecideImportRow,
            ("Decide on a row", "Confirms that the person is in the target group, which registers the youth with an open episode from the day of the roster; or rejects it, after which nothing but the number is kept, so that it is not asked again."),
            ("Besluta om en rad", "Bekräftar att personen ingår i målgruppen, vilket registrerar ungdomen med en öppen period från listans dag; eller avslår det, och då sparas bara numret, så att frågan inte kommer igen."))
            .takes(&[
                Input::Own(p("status", OneOf(&["confirmed", "rejected"]), "confirmed", "The decision.", "Beslutet.").always()),
                Input::Own(p("episodeReason", Word("Reason"), "registered_after_compulsory_age", "The reason of the episode. Required to confirm.", "Orsaken för perioden. Krävs för att bekräfta.")),
                Input::Own(p("reason", Lines(500), "Folkbokförd här sedan oktober, går inte i skola.", "Why, in words. Required to reject.", "Varför, med ord. Krävs för att avslå.")),
                CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::Conflict, ErrorCode::EpisodeOpen, ErrorCode::AlreadyExists]),
    ],
};
