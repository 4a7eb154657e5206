//! The chapters of persons who were registered twice: likely duplicates and who is not the same, and merges. How alike names must
//! be is told in `domain::duplicate`, what a merge does with what in `db::merging`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const DISMISSALS: Chapter = Chapter {
    resource: Resource::DuplicateDismissals,
    title: ("Duplicates", "Dubbletter"),
    text: (
        "Somebody may have been registered twice: first with a samordningsnummer and later with a personnummer, or with a name spelled otherwise. Those of the unit who are likely one person are listed with the reason; youths with protected identity never are. A person judges: either the two are merged (`POST /youths/{youthId}/merges`), or it is noted that they are not the same, which is remembered until somebody takes it back.",
        "Någon kan ha registrerats två gånger: först med samordningsnummer och sedan med personnummer, eller med ett namn som är stavat annorlunda. De i enheten som troligen är en och samma person listas med skälet; ungdomar med skyddade personuppgifter gör det aldrig. En människa bedömer: antingen slås de två ihop (`POST /youths/{youthId}/merges`), eller så antecknas att de inte är samma person, och det gäller tills någon tar tillbaka det.",
    ),
    shown: &[Shown {
        resource: Resource::DuplicateDismissals,
        name: "DuplicateDismissal",
        as_it_was: None,
        text: ("That two youths are not the same person.", "Att två ungdomar inte är samma person."),
        properties: &[
            p("id", Id, ids::DISMISSAL, "Its id.", "Dess id."),
            p("youthId", Id, ids::YOUTH, "One of the two.", "Den ena av de två."),
            p("otherYouthId", Id, ids::OTHER_YOUTH, "The other one.", "Den andra."),
            p("reason", Lines(1000), "Tvillingar; mamman har bekräftat det.", "How it is known, in at least 10 characters.", "Hur det är känt, med minst 10 tecken."),
            p("withdrawnAt", Instant, "null", "When it was taken back.", "När det togs tillbaka.").or_null(),
            p("withdrawnBy", Id, ids::USER, "Who took it back.", "Vem som tog tillbaka det.").or_null(),
            p("withdrawalReason", Lines(1000), "null", "Why it was taken back, in at least 10 characters.", "Varför det togs tillbaka, med minst 10 tecken.").or_null(),
            p("createdBy", Id, ids::USER, "Who noted it.", "Vem som antecknade det.").or_null(),
            p("createdAt", Instant, "2026-11-20T09:00:00.000000Z", "When it was noted.", "När det antecknades."),
            p("updatedAt", Instant, "2026-11-20T09:00:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[
        Part {
            name: "YouthDuplicate",
            text: ("Two records that are likely one person, the one that was registered first before the other.", "Två poster som troligen är en och samma person, den som registrerades först före den andra."),
            properties: &[
                p("youth", Part("LikelyYouth"), "", "The record that was registered first.", "Posten som registrerades först.").always(),
                p("otherYouth", Part("LikelyYouth"), "", "The other one.", "Den andra.").always(),
                p("reasons", Many(&Word("DuplicateReason"), 0), "number_changed", "Why.", "Varför.").always(),
            ],
        },
        Part {
            name: "LikelyYouth",
            text: ("What is told of each of the two.", "Vad som visas om var och en av de två."),
            properties: &[
                p("id", Id, ids::YOUTH, "The youth.", "Ungdomen.").always(),
                p("givenName", Text(100), "Alva Maria", "Given names.", "Förnamn.").always(),
                p("familyName", Text(100), "Lindqvist", "Family name.", "Efternamn.").always(),
                p("birthDate", Date, "2009-01-05", "Birth date.", "Födelsedatum.").always(),
                p("identityNumber", Text(12), "200901052381", "The number in force.", "Det gällande numret.").or_null(),
                p("area", Text(100), "Hallonbergen", "Area of the municipality.", "Område i kommunen.").or_null(),
                p("tracks", Many(&Word("Track"), 0), "kaa", "The tracks in which an episode is open.", "Spåren där en period är öppen.").always(),
                p("handlerId", Id, ids::USER, "The responsible handler.", "Ansvarig handläggare.").or_null(),
                p("lastAttemptOn", Date, "2026-11-20", "The day of the last contact, reached or not.", "Dagen för den senaste kontakten, även om ingen nåddes.").or_null(),
                p("createdAt", Instant, "2026-09-01T07:30:00.000000Z", "When the record was made.", "När posten lades upp.").always(),
                p("version", Whole(1, i64::MAX), "3", "Its version, to merge it.", "Dess version, för att slå ihop den.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListYouthDuplicates,
            ("List likely duplicates", "Those of your unit who are likely registered twice, pair by pair in name order, with the reason. Born on the same day, with names that are swapped, in another order, lack a part or are spelled a little otherwise; twins are not. Without protected identities and those found not to be the same."),
            ("Lista troliga dubbletter", "De i din enhet som troligen är registrerade två gånger, par för par i namnordning, med skälet. Födda samma dag, med namn som är omkastade, i annan ordning, saknar en del eller är stavade lite annorlunda; tvillingar är det inte. Utan skyddade personuppgifter och utan dem som har visat sig inte vara samma person."))
            .answers("YouthDuplicate"),
        Described::of(Operation::ListDuplicateDismissals,
            ("List who is not the same", "The pairs of your unit that were found not to be the same person, newest first, with who noted it and why; those taken back too."),
            ("Lista vilka som inte är samma", "Paren i din enhet som har visat sig inte vara samma person, det senaste först, med vem som antecknade det och varför; även de som har tagits tillbaka."))
            .query(&[
                p("youthId", Id, ids::YOUTH, "About this youth.", "Om denna ungdom."),
                p("isInForce", YesNo, "true", "Only those that have not been taken back.", "Bara de som inte har tagits tillbaka."),
            ]),
        Described::of(Operation::DismissDuplicate,
            ("Note that two are not the same", "Notes that two youths are not the same person. They are not proposed again, and not merged, until it is taken back."),
            ("Anteckna att två inte är samma", "Antecknar att två ungdomar inte är samma person. De föreslås inte igen, och slås inte ihop, förrän det tas tillbaka."))
            .takes(&[must("youthId"), must("otherYouthId"), must("reason"), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::AlreadyExists]),
        Described::of(Operation::ReadDuplicateDismissal,
            ("Read that two are not the same", "One of them, with the version in the `ETag`."),
            ("Läs att två inte är samma", "En av dem, med versionen i `ETag`.")),
        Described::of(Operation::WithdrawDismissal,
            ("Take it back that two are not the same", "The two may be the same person after all. What was taken back no longer changes."),
            ("Ta tillbaka att två inte är samma", "De två kan vara samma person trots allt. Det som har tagits tillbaka ändras inte längre."))
            .takes(&[Input::Own(p("withdrawalReason", Lines(1000), "Skatteverket har bekräftat att det är samma person.", "Why it is taken back, in at least 10 characters.", "Varför det tas tillbaka, med minst 10 tecken.").always()), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::FactVoid]),
    ],
};

#[rustfmt::skip]
pub const MERGES: Chapter = Chapter {
    resource: Resource::YouthMerges,
    title: ("Merges", "Sammanslagningar"),
    text: (
        "Two records of one person are made one. Everything that belonged to the other record belongs to the youth who stays; whose own fields, and so the version, stay as they are. What the other record said is told by the merge (`mergedYouth`), its numbers and names still find the person, and its address answers `youth-merged` with the id of who stays. Of two open episodes in one track that of who stays takes in the other; of two handlers the other's goes on as support; of two numbers the personnummer is in force; what must be settled by people is told with 409 `merge-in-the-way`. A merge can be undone in full, the latest of a youth first: what nobody has touched since is as it was, what was edited goes back with its edits, what is new stays with who stayed, unless it hangs on something that goes back.",
        "Två poster om en och samma person blir en. Allt som hörde till den andra posten hör till ungdomen som blir kvar, vars egna fält, och därmed version, är oförändrade. Det som den andra posten sade visas av sammanslagningen (`mergedYouth`), dess nummer och namn leder fortfarande till personen, och dess adress svarar `youth-merged` med id för den som är kvar. Av två öppna perioder i samma spår tar den kvarvarandes in den andras; av två handläggare fortsätter den andras som stöd; av två nummer gäller personnumret; det som människor måste klara ut först sägs med 409 `merge-in-the-way`. En sammanslagning kan ångras helt, den senaste för en ungdom först: det som ingen har rört sedan dess blir som det var, det som har ändrats går tillbaka med ändringarna, det nya stannar hos den som är kvar, om det inte hör till något som går tillbaka.",
    ),
    shown: &[Shown {
        resource: Resource::YouthMerges,
        name: "YouthMerge",
        as_it_was: None,
        text: ("That two records of one person became one.", "Att två poster om en person blev en."),
        properties: &[
            p("id", Id, ids::MERGE, "The merge's id.", "Sammanslagningens id."),
            p("youthId", Id, ids::YOUTH, "The youth who stays.", "Ungdomen som är kvar."),
            p("mergedYouthId", Id, ids::OTHER_YOUTH, "Whose record went into it.", "Vars post gick in i den."),
            p("reason", Lines(1000), "Har fått personnummer; samma adress och telefon.", "How it is known, in at least 10 characters.", "Hur det är känt, med minst 10 tecken."),
            p("mergedYouth", Record("YouthAsItWas"), "", "What that record said, as far as you may see of the youth; null once it is undone.", "Vad den posten sade, så långt du får se om ungdomen; null när den är ångrad.").or_null(),
            p("mergedBy", Id, ids::USER, "Who merged them.", "Vem som slog ihop dem.").or_null(),
            p("isUndoable", YesNo, "true", "Whether it is the last of the youth that stands, and can be undone.", "Om den är den senaste som gäller för ungdomen, och kan ångras."),
            p("undoneAt", Instant, "null", "When it was undone.", "När den ångrades.").or_null(),
            p("undoneBy", Id, ids::USER, "Who undid it.", "Vem som ångrade den.").or_null(),
            p("undoReason", Lines(1000), "null", "Why it was undone, in at least 10 characters.", "Varför den ångrades, med minst 10 tecken.").or_null(),
            p("createdAt", Instant, "2026-11-20T09:00:00.000000Z", "When they were merged.", "När de slogs ihop."),
            p("updatedAt", Instant, "2026-11-20T09:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListYouthMerges,
            ("List merges of a youth", "The merges of one youth, newest first, undone ones too."),
            ("Lista sammanslagningar för en ungdom", "En ungdoms sammanslagningar, den senaste först, även ångrade.")),
        Described::of(Operation::MergeYouths,
            ("Merge two records of a person", "Makes the other record part of this youth's. The version of this one is told with `If-Match`, that of the other in the body; whoever has changed either meanwhile loses nothing: the merge is refused with 412. Nothing of the protected compartment stands in the way of a merge, and nothing of it is told."),
            ("Slå ihop två poster om en person", "Gör den andra posten till en del av den här ungdomens. Versionen av den här anges med `If-Match`, den andras i begäran; har någon hunnit ändra i någon av dem går inget förlorat: sammanslagningen svarar 412. Inget i det skyddade utrymmet hindrar en sammanslagning, och inget därifrån visas."))
            .takes(&[
                Input::Own(p("otherYouthId", Id, ids::OTHER_YOUTH, "Whose record goes into this one.", "Vars post går in i den här.").always()),
                Input::Own(p("otherVersion", Whole(1, i64::MAX), "3", "The version of that record.", "Den postens version.").always()),
                must("reason"),
                CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::MergeInTheWay, ErrorCode::ProcessingRestricted]),
        Described::of(Operation::ReadYouthMerge,
            ("Read a merge", "One merge, with the version in the `ETag`."),
            ("Läs en sammanslagning", "En sammanslagning, med versionen i `ETag`.")),
        Described::of(Operation::UndoYouthMerge,
            ("Undo a merge", "Makes two records of one again, each with what it had."),
            ("Ångra en sammanslagning", "Gör två poster av en igen, var och en med det som den hade."))
            .takes(&[Input::Own(p("undoReason", Lines(1000), "Ringde: det är kusiner, födda samma dag.", "Why it is undone, in at least 10 characters.", "Varför den ångras, med minst 10 tecken.").always()), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::MergeInTheWay, ErrorCode::MergeUndone]),
    ],
};
