//! The chapter of register extracts. What they tell beside the data stands in `domain::register_extract`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::RegisterExtracts,
    title: ("Register extracts", "Registerutdrag"),
    text: (
        "What the register holds about a youth, gathered at the youth's request and handed over (GDPR art. 15): every record of every kind with what stood before, purposes, legal grounds, sources, recipients and how long it is kept; others' data masked. Making one leaves a record of when, by whom, for what request and what it covered, with the hash of its content; the content is not kept. Whoever made it fetches it, as JSON or as a page to print. What lies in the protected compartment is in the extracts of the socionom assigned to the youth; every other extract says the same of it, whether or not anything lies there.",
        "Det som registret innehåller om en ungdom, samlat på ungdomens begäran och utlämnat (dataskyddsförordningen art. 15): varje post av varje slag med vad som stod där förut, ändamål, laglig grund, källa, mottagare och hur länge det sparas; andras uppgifter dolda. Det antecknas när, av vem och på vilken begäran ett utdrag gjordes och vad det omfattade, med innehållets kontrollsumma; innehållet sparas inte. Den som gjorde det hämtar det, som JSON eller som en sida att skriva ut. Det som finns i det skyddade utrymmet står i utdrag som den tilldelade socionomen gör; alla andra utdrag säger detsamma om det, oavsett om något finns där.",
    ),
    shown: &[Shown {
        resource: Resource::RegisterExtracts,
        name: "RegisterExtract",
        as_it_was: None,
        text: ("That an extract was made. It does not change.", "Att ett utdrag gjordes. Det ändras inte."),
        properties: &[
            p("id", Id, ids::EXTRACT, "The extract's id.", "Utdragets id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("requestedOn", Date, "2026-11-23", "When it was asked for; today if nothing is told.", "När det begärdes; i dag om inget anges."),
            p("requestReference", Text(200), "KS 2026/417", "The request's number in the municipality's journal.", "Begärans nummer i kommunens diarium.").or_null(),
            p("identityProof", Word("IdentityProof"), "id_document", "How it was made sure that the one who asked is the youth.", "Hur det säkrades att den som frågade är ungdomen."),
            p("reason", Lines(1000), "Begärde vid besöket att få se allt som står.", "What was asked for, in at least 10 characters.", "Vad som begärdes, med minst 10 tecken."),
            p("includesReaders", YesNo, "true", "Whether it tells who has read, by day and role.", "Om det berättar vem som har läst, med dag och roll."),
            p("isWhole", YesNo, "false", "Whether it covers the protected compartment too; it does when the socionom assigned makes it, whether or not anything lies there.", "Om det omfattar även det skyddade utrymmet; det gör det när den tilldelade socionomen gör det, oavsett om något finns där."),
            p("categories", Many(&Word("ExtractCategory"), 20), "person|contacts", "What it covers.", "Vad det omfattar."),
            p("omissions", Many(&Part("ExtractOmission"), 200), "", "Single records left out after an assessment of secrecy, as far as you may know of them.", "Enstaka poster som lämnats utanför efter sekretessprövning, så långt du får veta av dem."),
            p("contentSha256", Text(64), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "SHA-256 of `content` as it is handed over, in hexadecimal.", "SHA-256 för `content` så som det lämnas ut, hexadecimalt."),
            p("madeBy", Id, ids::USER, "Who made it.", "Vem som gjorde det."),
            p("createdAt", Instant, "2026-11-24T09:20:00.000000Z", "When it was made.", "När det gjordes."),
        ],
    }],
    parts: &[
        Part {
            name: "ExtractOmission",
            text: ("A record that is left out.", "En post som lämnas utanför."),
            properties: &[
                p("resource", Text(60), "contacts", "Its kind.", "Dess slag.").always(),
                p("recordId", Id, ids::CONTACT, "Which.", "Vilken.").always(),
                p("ground", Word("OmissionGround"), "other_person", "On what ground.", "På vilken grund.").always(),
                p("reason", Lines(1000), "Återger vad en vän berättade om sig själv.", "Why, with the section of the law; it does not stand on the extract.", "Varför, med lagrum; det står inte på utdraget.").always(),
            ],
        },
        Part {
            name: "NewExtractOmission",
            text: ("A record that is to be left out; who the youth is cannot be.", "En post som ska lämnas utanför; vem ungdomen är kan inte det."),
            properties: &[
                p("recordId", Id, ids::CONTACT, "Which.", "Vilken.").always(),
                p("ground", Word("OmissionGround"), "other_person", "On what ground.", "På vilken grund.").always(),
                p("reason", Lines(1000), "Återger vad en vän berättade om sig själv.", "Why, in at least 10 characters.", "Varför, med minst 10 tecken.").always(),
            ],
        },
        Part {
            name: "RegisterExtractContent",
            text: ("An extract as it is handed over.", "Ett utdrag så som det lämnas ut."),
            properties: &[
                p("id", Id, ids::EXTRACT, "The extract's id.", "Utdragets id.").always(),
                p("madeAt", Instant, "2026-11-24T09:20:00.000000Z", "When it was made.", "När det gjordes.").always(),
                p("contentSha256", Text(64), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "SHA-256 of `content` as it stands here, without blanks.", "SHA-256 för `content` så som det står här, utan blanksteg.").always(),
                p("content", Part("ExtractedRegister"), "", "What it says.", "Vad det säger.").always(),
            ],
        },
        Part {
            name: "ExtractedRegister",
            text: ("What the register holds about the youth.", "Det som registret innehåller om ungdomen."),
            properties: &[
                p("unit", Text(0), "Unga vuxna", "The unit.", "Enheten.").always(),
                p("youth", Text(0), "Alva Lindqvist", "The youth's name.", "Ungdomens namn.").always(),
                p("identityNumber", Text(12), "200901052381", "The number in force.", "Numret som gäller.").or_null().always(),
                p("protectionLevel", Word("ProtectionLevel"), "none", "Protected identity: then it is given to the youth alone.", "Skyddade personuppgifter: då lämnas det bara till ungdomen själv.").always(),
                p("isWhole", YesNo, "false", "Whether it covers the protected compartment too.", "Om det omfattar även det skyddade utrymmet.").always(),
                p("leftOut", Whole(0, 200), "0", "How many records were left out.", "Hur många poster som lämnats utanför.").always(),
                p("sentences", ByName(&Part("BothLanguages")), "coverage=", "What it covers, and the rights of the youth.", "Vad det omfattar, och ungdomens rättigheter.").always(),
                p("categories", Many(&Part("ExtractedCategory"), 0), "", "The data, category by category.", "Uppgifterna, kategori för kategori.").always(),
                p("recipients", Many(&Part("ExtractedRecipient"), 0), "", "Whom something was told to.", "Vem som har fått veta något.").always(),
                p("readers", Many(&Part("ExtractedReader"), 0), "", "Who has read, if it was asked for.", "Vem som har läst, om det begärdes.").or_null().always(),
            ],
        },
        Part {
            name: "BothLanguages",
            text: ("Words in both languages.", "Ord på båda språken."),
            properties: &[
                p("sv", Text(0), "Utdraget omfattar alla delar av registret.", "In Swedish.", "På svenska.").always(),
                p("en", Text(0), "The extract covers all parts of the register.", "In English.", "På engelska.").always(),
            ],
        },
        Part {
            name: "ExtractedCategory",
            text: ("A category with its data.", "En kategori med sina uppgifter."),
            properties: &[
                p("category", Word("ExtractCategory"), "contacts", "Which.", "Vilken.").always(),
                p("title", Part("BothLanguages"), "", "What it is called.", "Vad den heter.").always(),
                p("purpose", Part("BothLanguages"), "", "What the data are used for.", "Vad uppgifterna används till.").always(),
                p("legalGround", Part("BothLanguages"), "", "On what ground.", "På vilken grund.").always(),
                p("source", Part("BothLanguages"), "", "Where they come from.", "Varifrån de kommer.").always(),
                p("retention", Part("BothLanguages"), "", "How long they are kept.", "Hur länge de sparas.").always(),
                p("records", Many(&Part("ExtractedRecord"), 0), "", "The records.", "Posterna.").always(),
            ],
        },
        Part {
            name: "ExtractedRecord",
            text: ("A record with every field that says something of the youth.", "En post med varje fält som säger något om ungdomen."),
            properties: &[
                p("resource", Text(60), "contacts", "Its kind.", "Dess slag.").always(),
                p("id", Id, ids::CONTACT, "Its id; null of a row of a roster.", "Dess id; null för en rad i en befolkningslista.").or_null().always(),
                p("values", ByName(&Anything), "channel=phone", "Its fields by name. Of the staff role and initials, of a unit its name.", "Dess fält med namn. För personal roll och initialer, för en enhet dess namn.").always(),
                p("earlier", Many(&Part("ExtractedVersion"), 0), "", "What stood before.", "Vad som stod förut.").always(),
            ],
        },
        Part {
            name: "ExtractedVersion",
            text: ("What a record said until it was changed.", "Vad en post sade tills den ändrades."),
            properties: &[
                p("until", Instant, "2026-11-03T12:15:00.000000Z", "When it was changed.", "När den ändrades.").always(),
                p("values", ByName(&Anything), "result=no_answer", "The fields that were changed, as they stood.", "Fälten som ändrades, så som de stod.").always(),
            ],
        },
        Part {
            name: "ExtractedRecipient",
            text: ("Somebody who was told something.", "Någon som har fått veta något."),
            properties: &[
                p("recipientKind", Word("RecipientKind"), "employment_service", "Of which kind.", "Av vilket slag.").always(),
                p("recipientName", Text(200), "Arbetsförmedlingen", "By name.", "Med namn.").or_null().always(),
                p("categories", Many(&Word("DataCategory"), 0), "occupation", "What.", "Vad.").always(),
                p("disclosedOn", Date, "2026-11-06", "When.", "När.").always(),
                p("basis", Word("DisclosureBasis"), "consent", "On which basis.", "På vilken grund.").always(),
            ],
        },
        Part {
            name: "ExtractedReader",
            text: ("Somebody of the staff who read on a day.", "Någon i personalen som läste en dag."),
            properties: &[
                p("on", Date, "2026-11-20", "The day.", "Dagen.").always(),
                p("role", Word("Role"), "syv", "The role; null for the system.", "Rollen; null för systemet.").or_null().always(),
                p("name", Text(200), "null", "The name, if the municipality has chosen to tell it.", "Namnet, om kommunen har valt att ange det.").or_null().always(),
                p("times", Whole(1, i64::MAX), "3", "How many times.", "Hur många gånger.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListYouthRegisterExtracts,
            ("List register extracts of a youth", "That extracts of a youth were made, newest first; not what they said."),
            ("Lista registerutdrag för en ungdom", "Att utdrag om en ungdom har gjorts, det senaste först; inte vad de sade.")),
        Described::of(Operation::CreateRegisterExtract,
            ("Make a register extract", "Gathers what the register holds about the youth, and keeps the hash of it. Single records can be left out after an assessment of secrecy, each with a ground and a reason. That the maker's role does not read something otherwise is no hindrance; such reading is logged as a break-glass. Every record in it is logged."),
            ("Gör ett registerutdrag", "Samlar det som registret innehåller om ungdomen, och sparar kontrollsumman. Enstaka poster kan lämnas utanför efter sekretessprövning, var och en med grund och skäl. Att rollen annars inte läser något är inget hinder; sådan läsning loggas som nödöppnande. Varje post i det loggas."))
            .takes(&[
                may("requestedOn"), may("requestReference"), must("identityProof"), must("reason"), may("includesReaders"),
                Input::Own(p("omissions", Many(&Part("NewExtractOmission"), 200), "", "Records that are to be left out.", "Poster som ska lämnas utanför.")),
                CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadRegisterExtract,
            ("Read a register extract", "That an extract was made; not what it said."),
            ("Läs ett registerutdrag", "Att ett utdrag har gjorts; inte vad det sade.")),
        Described::of(Operation::ReadRegisterExtractContent,
            ("Fetch the content of a register extract", "What the extract says, for whoever made it. It is gathered again, and handed over only if it is what was hashed: when the register says something else by now the answer is 409, and a new one is made."),
            ("Hämta innehållet i ett registerutdrag", "Vad utdraget säger, för den som gjorde det. Det samlas på nytt och lämnas ut bara om det är det som kontrollsumman gäller: säger registret något annat nu blir svaret 409, och ett nytt görs."))
            .answers("RegisterExtractContent")
            .errors(&[ErrorCode::ExtractOutdated]),
        Described::of(Operation::ReadRegisterExtractPrintout,
            ("Fetch a register extract as a page", "The same as a page that stands alone, to print and hand over, in the language of `Accept-Language`."),
            ("Hämta ett registerutdrag som sida", "Detsamma som en fristående sida, att skriva ut och lämna över, på språket i `Accept-Language`."))
            .errors(&[ErrorCode::ExtractOutdated]),
    ],
};
