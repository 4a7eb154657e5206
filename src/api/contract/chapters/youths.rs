//! The chapter of youths: the register, its lists and searches. Rules of the register stand in `domain::youth`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

/// Nearly every property of a youth may be sent; names must.
const INPUTS: &[Input] = &[
    Input::Own(IDENTITY_SENT),
    must("givenName"),
    must("familyName"),
    may("birthDate"),
    may("legalSex"),
    may("area"),
    may("addresses"),
    may("phones"),
    may("email"),
    may("socialMedia"),
    may("language"),
    may("needsInterpreter"),
    may("guardians"),
    may("schoolStatus"),
    may("protectionLevel"),
    may("compulsorySchoolEndedOn"),
    may("compulsorySchoolBasis"),
    may("deceasedOn"),
    CONFIRMS,
];

#[rustfmt::skip]
const IDENTITY_SENT: Property = p("identityNumber", Text(40), "20090105-2381", "Personnummer, samordningsnummer or TF number, in 10, 12 or 13 characters. Null if there is none yet.", "Personnummer, samordningsnummer eller TF-nummer, med 10, 12 eller 13 tecken. Null om det inte finns något ännu.");

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("unitId", Id, ids::UNIT, "Of this unit.", "I denna enhet."),
    p("area", Text(100), "Hallonbergen", "Living in this area, as it is written in the register.", "Boende i detta område, så som det står i registret."),
    p("ageFrom", Whole(0, 150), "16", "Of this age or older, in whole years today.", "Har fyllt så många år i dag, eller fler."),
    p("ageTo", Whole(0, 150), "19", "Of this age or younger, in whole years today.", "Har fyllt högst så många år i dag."),
    p("track", Word("Track"), "kaa", "With an episode in this track; an open one unless `isOpen` says otherwise.", "Med en period i detta spår; en öppen om inte `isOpen` säger något annat."),
    p("isOpen", YesNo, "true", "With an open episode, or without one; in the track that `track` names, or in any.", "Med en öppen period, eller utan; i det spår som `track` anger, eller i något."),
    p("handlerId", Id, ids::USER, "Whose responsible handler is this member of staff.", "Vars ansvariga handläggare är denna medarbetare."),
    p("notContactedForDays", Whole(1, 3650), "30", "With whom no contact was tried for so many days.", "Som ingen har försökt kontakta på så många dagar."),
    p("withoutIntervention", YesNo, "true", "Without an intervention under way.", "Utan pågående insats."),
    p("sort", OneOf(&["name", "lastContact", "-lastContact"]), "name", "The order: by name (default), by the day of the last attempt with the longest ago first, or the latest first.", "Ordningen: efter namn (förvalt), efter dagen för senaste försök med den som väntat längst först, eller den senaste först."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Youths,
    title: ("Youths", "Ungdomar"),
    text: (
        "Those whom the duty of skollagen 29:9 concerns, and those whom the outreach team follows. Which youths you see follows from your role and your assignments; youths with protected identity are seen by those assigned to them and by the chief, and stand in nobody's list.",
        "De som omfattas av aktivitetsansvaret i skollagen 29 kap. 9 §, och de som det uppsökande arbetet följer. Vilka ungdomar du ser följer av din roll och dina tilldelningar; ungdomar med skyddade personuppgifter ser bara den som är tilldelad dem och enhetschefen, och de står inte i någons lista.",
    ),
    shown: &[Shown {
        resource: Resource::Youths,
        name: "Youth",
        as_it_was: Some("YouthAsItWas"),
        text: (
            "A youth, as far as you may see. Properties that your role may not see are absent, not null. With protected identity `area`, `addresses` and `schoolStatus` are absent too, until somebody assigned has given a reason (`POST /youths/{youthId}/access-grants`).",
            "En ungdom, så långt du får se. Egenskaper som din roll inte får se saknas, de är inte null. Vid skyddade personuppgifter saknas även `area`, `addresses` och `schoolStatus`, tills den som är tilldelad har angett ett skäl (`POST /youths/{youthId}/access-grants`).",
        ),
        properties: &[
            p("id", Id, ids::YOUTH, "The youth's id. It lasts, and says nothing about the person.", "Ungdomens id. Det är beständigt och säger inget om personen."),
            p("unitId", Id, ids::UNIT, "The unit that the youth belongs to.", "Enheten som ungdomen hör till."),
            p("givenName", Text(100), "Alva Maria", "Given names.", "Förnamn."),
            p("familyName", Text(100), "Lindqvist", "Family name. The ambassador sees the initial.", "Efternamn. Ambassadören ser initialen."),
            p("age", Whole(0, 150), "17", "Completed years, today in Sweden.", "Fyllda år, i dag i Sverige.").or_null(),
            p("identityNumber", Text(12), "200901052381", "Identity number in its canonical form of 12 characters; null if there is none yet.", "Identitetsnummer i sin fasta form med 12 tecken; null om det inte finns något ännu.").or_null(),
            p("birthDate", Date, "2009-01-05", "Birth date. It may be left out if the identity number tells it.", "Födelsedatum. Det kan utelämnas om identitetsnumret säger det."),
            p("legalSex", Word("LegalSex"), "female", "Legal sex, as the population register has it. Left out it follows from the identity number.", "Juridiskt kön, så som det står i folkbokföringen. Utelämnat följer det av identitetsnumret."),
            p("area", Text(100), "Hallonbergen", "Area of the municipality.", "Område i kommunen.").or_null().sometimes(),
            p("addresses", Many(&Part("PostalAddress"), 10), "", "Addresses. None can be kept of somebody with protected registration.", "Adresser. För den som har skyddad folkbokföring kan inga sparas.").sometimes(),
            p("phones", Many(&Part("Phone"), 10), "", "Phone numbers.", "Telefonnummer.").sometimes(),
            p("email", Email, "alva@example.se", "E-mail address.", "E-postadress.").or_null(),
            p("socialMedia", Text(200), "@alva (Instagram)", "Handle in social media.", "Konto i sociala medier.").or_null(),
            p("language", Text(60), "svenska", "Language that the youth prefers.", "Språk som ungdomen föredrar.").or_null(),
            p("needsInterpreter", YesNo, "false", "Whether an interpreter is needed.", "Om tolk behövs."),
            p("guardians", Many(&Part("Guardian"), 5), "", "Guardians. Kept only until the youth turns 18.", "Vårdnadshavare. Sparas bara tills ungdomen fyller 18."),
            p("schoolStatus", Text(200), "Avbrott gymnasium, vård- och omsorgsprogrammet", "School status, as it was last told.", "Skolstatus, så som den senast uppgavs.").or_null().sometimes(),
            p("compulsorySchoolEndedOn", Date, "2025-06-12", "The last day of the skolplikt, which may lie ahead; for who was registered after that age, the day of registration in the country.", "Skolpliktens sista dag, som kan ligga framåt; för den som folkbokfördes efter skolpliktig ålder dagen för folkbokföringen i landet.").or_null(),
            p("compulsorySchoolBasis", Word("CompulsorySchoolBasis"), "tenth_year", "How the skolplikt ended. Told together with the day.", "Hur skolplikten upphörde. Anges tillsammans med dagen.").or_null(),
            p("deceasedOn", Date, "null", "The day of death.", "Dödsdagen.").or_null(),
            p("protectionLevel", Word("ProtectionLevel"), "none", "Protected personal data.", "Skyddade personuppgifter."),
            p("mayStartMeasures", YesNo, "true", "Whether interventions may start; if not, only talks, guidance and support in contact with authorities can. The reason is told to nobody outside the protected compartment.", "Om insatser får påbörjas; annars kan bara samtal, vägledning och stöd i myndighetskontakt det. Skälet får ingen utanför det skyddade utrymmet veta."),
            p("mayStartMeasuresSince", Date, "2026-10-01", "Since when it is so; null if nothing was ever said.", "Sedan när det är så; null om inget har angetts.").or_null(),
            p("occupation", Word("Occupation"), "none", "What the youth does today. What has lapsed is not known; null if nothing was ever ascertained.", "Vad ungdomen gör i dag. Det som har löpt ut är okänt; null om inget någonsin har fastställts.").or_null(),
            p("occupationSince", Date, "2026-10-12", "Since when, at the latest.", "Sedan när, senast.").or_null(),
            p("occupationAsOf", Date, "2026-11-23", "When it was last ascertained.", "När det senast fastställdes.").or_null(),
            p("occupationValidUntil", Date, "2027-01-22", "The day from which it no longer counts as known.", "Dagen då det inte längre räknas som känt.").or_null(),
            p("lastKnownOccupation", Word("Occupation"), "none", "What was known last, though it may have lapsed.", "Vad som senast var känt, även om det har löpt ut.").or_null(),
            p("lastReachedOn", Date, "2026-11-12", "The day when the youth was last reached.", "Dagen då ungdomen senast nåddes.").or_null(),
            p("lastAttemptOn", Date, "2026-11-20", "The day of the last contact, reached or not.", "Dagen för den senaste kontakten, även om ingen nåddes.").or_null(),
            p("daysSinceReached", Whole(0, i64::MAX), "11", "Days since the youth was last reached; null if never.", "Dagar sedan ungdomen senast nåddes; null om aldrig.").or_null(),
            p("daysSinceTried", Whole(0, i64::MAX), "3", "Days since anybody last tried; null if never.", "Dagar sedan någon senast försökte; null om aldrig.").or_null(),
            p("tracks", Many(&Word("Track"), 0), "kaa", "The tracks in which an episode is open.", "Spåren där en period är öppen."),
            p("handlerId", Id, ids::USER, "The responsible handler.", "Ansvarig handläggare.").or_null(),
            p("restrictedSince", Date, "null", "Since when the processing of the data is restricted: they are read and corrected, and not used; null if it is not.", "Sedan när behandlingen av uppgifterna är begränsad: de läses och rättas, men används inte; null om den inte är det.").or_null(),
            p("correctionNotes", Whole(0, i64::MAX), "0", "How many objections stand beside records of the register about the youth.", "Hur många invändningar som står bredvid poster i registret om ungdomen."),
            p("createdAt", Instant, "2026-09-01T07:30:00.000000Z", "When the youth was registered.", "När ungdomen registrerades."),
            p("updatedAt", Instant, "2026-11-03T12:15:00.000000Z", "When the record was last changed.", "När posten senast ändrades."),
            p("version", Whole(1, i64::MAX), "3", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[
        Part {
            name: "UnassignedYouth",
            text: (
                "A youth with protected identity to whom nobody is assigned. No list tells of them by name.",
                "En ungdom med skyddade personuppgifter som ingen är tilldelad. Ingen lista berättar om dem med namn.",
            ),
            properties: &[
                p("id", Id, ids::YOUTH, "The youth.", "Ungdomen.").always(),
                p("unitId", Id, ids::UNIT, "The unit.", "Enheten.").always(),
                p("protectionLevel", Word("ProtectionLevel"), "confidentiality_marking", "How the identity is protected.", "Hur uppgifterna är skyddade.").always(),
            ],
        },
        Part {
            name: "PostalAddress",
            text: ("An address.", "En adress."),
            properties: &[
                p("kind", OneOf(&["registered", "postal", "temporary"]), "registered", "Registered in the population register, for post, or for a time.", "Folkbokförd, för post, eller tillfällig.").always(),
                p("careOf", Text(100), "Lindqvist", "Care of.", "Mottagare (c/o).").or_null(),
                p("street", Text(200), "Exempelgatan 1", "Street and number.", "Gata och nummer.").or_null(),
                p("postalCode", Text(12), "172 00", "Postal code.", "Postnummer.").or_null(),
                p("city", Text(100), "Sundbyberg", "Post town.", "Postort.").or_null(),
            ],
        },
        Part {
            name: "Phone",
            text: ("A phone number.", "Ett telefonnummer."),
            properties: &[
                p("kind", OneOf(&["mobile", "home", "work", "other"]), "mobile", "What kind of phone; mobile if nothing is said.", "Vilken sorts telefon; mobil om inget sägs.").or_null(),
                p("number", Text(30), "070-174 06 51", "The number: digits with blanks, hyphens and brackets, possibly after a plus sign.", "Numret: siffror med blanksteg, bindestreck och parenteser, eventuellt efter ett plustecken.").always(),
            ],
        },
        Part {
            name: "Guardian",
            text: ("A guardian of a youth under 18.", "En vårdnadshavare till en ungdom under 18."),
            properties: &[
                p("givenName", Text(100), "Karin", "Given name.", "Förnamn.").always(),
                p("familyName", Text(100), "Lindqvist", "Family name.", "Efternamn.").always(),
                p("relation", Text(60), "mamma", "How they are related.", "Hur de är släkt.").or_null(),
                p("phone", Text(30), "070-174 06 52", "Phone number.", "Telefonnummer.").or_null(),
                p("email", Email, "karin@example.se", "E-mail address.", "E-postadress.").or_null(),
            ],
        },
        Part {
            name: "YouthVersion",
            text: ("A version of a youth's record as it stood.", "En version av en ungdoms post så som den var."),
            properties: &[
                p("version", Whole(1, i64::MAX), "3", "Its number, from 1.", "Dess nummer, från 1.").always(),
                p("operation", Text(60), "updateYouth", "The operation that made it.", "Operationen som skapade den.").always(),
                p("changedBy", Id, ids::USER, "Who made it; null if it came from the command line.", "Vem som skapade den; null om den kom från kommandoraden.").or_null().always(),
                p("changedAt", Instant, "2026-11-03T12:15:00.000000Z", "When.", "När.").always(),
                p("youth", Record("YouthAsItWas"), "", "The record, as far as you may see the youth today.", "Posten, så långt du får se ungdomen i dag.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListYouths,
            ("List youths", "The youths that you may see, with filters and in an order of your choice. To filter or sort by a property you must have the right to read it."),
            ("Lista ungdomar", "De ungdomar som du får se, med filter och i den ordning du väljer. Den som filtrerar eller sorterar efter en egenskap måste ha rätt att läsa den."))
            .query(FILTERS),
        Described::of(Operation::CreateYouth,
            ("Register a youth", "Registers a youth in your own unit. An identity number is registered once; a second attempt gets 409 without being told whose it is. Whoever registers a youth with protected identity is assigned to them, so as to find them again."),
            ("Registrera en ungdom", "Registrerar en ungdom i din egen enhet. Ett identitetsnummer registreras en gång; nästa försök får 409 utan att få veta vems det är. Den som registrerar en ungdom med skyddade personuppgifter blir tilldelad, för att hitta tillbaka."))
            .takes(INPUTS)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::AlreadyExists]),
        Described::of(Operation::SearchYouths,
            ("Search for youths", "Finds youths by the beginning of their names, in either order and without regard to accents, or by identity number. It is a POST that only reads (MOG.03): names and identity numbers must not stand in an address, where they would be kept in logs and histories. It changes nothing and may be repeated. Those assigned to a youth with protected identity find them here."),
            ("Sök ungdomar", "Hittar ungdomar på början av deras namn, i valfri ordning och utan hänsyn till accenter, eller på identitetsnummer. Det är en POST som bara läser (MOG.03): namn och identitetsnummer får inte stå i en adress, där de skulle sparas i loggar och historik. Den ändrar inget och kan upprepas. Den som är tilldelad en ungdom med skyddade personuppgifter hittar hen här."))
            .takes(&[
                Input::Own(p("name", Text(200), "lindq alva", "Beginnings of names, apart by blanks.", "Början av namn, åtskilda med blanksteg.")),
                Input::Own(IDENTITY_SENT),
            ])
            .not_in_example(&["identityNumber"]),
        Described::of(Operation::ListForgottenYouths,
            ("List who is forgotten", "The chief's list of youths with an open episode that nobody may forget."),
            ("Lista vem som är bortglömd", "Chefens lista över ungdomar med öppen period som ingen får glömma."))
            .query(&[
                p("kind", OneOf(&["never_contacted", "not_reached", "without_offer", "without_handler"]), "not_reached", "Never contacted, not reached for a number of days, without an offered intervention, or without a responsible handler.", "Aldrig kontaktad, inte nådd på ett antal dagar, utan erbjuden insats, eller utan ansvarig handläggare.").always(),
                p("days", Whole(1, 3650), "60", "For `not_reached`: how many days; 30 if nothing is said.", "För `not_reached`: hur många dagar; 30 om inget sägs."),
            ]),
        Described::of(Operation::ListUnassignedProtected,
            ("List protected youths whom nobody has", "The chief's list of youths with protected identity and an open episode to whom nobody is assigned, and who so stand on nobody's list. Without names: to assign somebody, an id is enough."),
            ("Lista skyddade ungdomar som ingen har", "Chefens lista över ungdomar med skyddade personuppgifter och öppen period som ingen är tilldelad, och som därför inte står på någons lista. Utan namn: för att tilldela någon räcker ett id."))
            .answers("UnassignedYouth"),
        Described::of(Operation::ReadYouth,
            ("Read a youth", "One youth, with the version in the `ETag`. A youth that you may not know of gets the same 404 as one that does not exist."),
            ("Läs en ungdom", "En ungdom, med versionen i `ETag`. En ungdom som du inte får känna till får samma 404 som en som inte finns.")),
        Described::of(Operation::UpdateYouth,
            ("Change a youth", "Changes what is named and leaves the rest (JSON merge patch); null empties a property. A property that your role may not set gets 403 with a pointer, and nothing is saved. Every earlier version is kept."),
            ("Ändra en ungdom", "Ändrar det som nämns och lämnar resten (JSON merge patch); null tömmer en egenskap. En egenskap som din roll inte får ändra får 403 med en pekare, och inget sparas. Varje tidigare version sparas."))
            .takes(INPUTS)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::AlreadyExists]),
        Described::of(Operation::ListYouthVersions,
            ("List versions of a youth", "The versions of a youth's record with who made them, newest first. Each is reduced to what you may see of the record today."),
            ("Lista versioner av en ungdom", "Versionerna av en ungdoms post och vem som gjorde dem, den nyaste först. Var och en visar bara det som du får se av posten i dag."))
            .answers("YouthVersion"),
    ],
};
