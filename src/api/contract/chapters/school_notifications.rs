//! The chapter of what schools tell.

use super::{CONFIRMS, Chapter, Described, Input, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::SchoolNotifications,
    title: ("School notifications", "Meddelanden från skolor"),
    text: (
        "What a school tells the home municipality: that a pupil has begun, has ended, or is absent to a considerable extent (skollagen 15:15, 18:15). Each waits until somebody has handled it. An absence leads to a preventive contact, never to an episode. Of a person outside the register, name and number are kept only until then.",
        "Det som en skola meddelar hemkommunen: att en elev har börjat, har slutat eller är frånvarande i betydande utsträckning (skollagen 15 kap. 15 § och 18 kap. 15 §). Varje meddelande väntar tills någon har hanterat det. En frånvaro leder till en förebyggande kontakt, aldrig till en period. Namn och nummer på en person utanför registret sparas bara till dess.",
    ),
    shown: &[Shown {
        resource: Resource::SchoolNotifications,
        name: "SchoolNotification",
        as_it_was: None,
        text: ("What a school has told.", "Det som en skola har meddelat."),
        properties: &[
            p("id", Id, ids::SCHOOL_NOTIFICATION, "The notification's id.", "Meddelandets id."),
            p("unitId", Id, ids::UNIT, "The unit that received it.", "Enheten som tog emot det."),
            p("youthId", Id, ids::YOUTH, "The youth, if the register holds them.", "Ungdomen, om den finns i registret.").or_null(),
            p("kind", Word("NotificationKind"), "significant_absence", "What is told.", "Vad som meddelas."),
            p("school", Text(200), "Exempelgymnasiet", "The school.", "Skolan.").sometimes(),
            p("schoolType", OneOf(&["GY", "GYS"]), "GY", "Upper secondary school, or adapted upper secondary school.", "Gymnasieskola eller anpassad gymnasieskola."),
            p("studyPath", Text(20), "SA", "The study path code, if told.", "Studievägskoden, om den anges.").or_null(),
            p("occurredOn", Date, "2026-11-16", "The first day, the last day, or the day from which the absence is considerable.", "Första dagen, sista dagen eller dagen från vilken frånvaron är betydande."),
            p("receivedOn", Date, "2026-11-20", "When it reached the municipality; today if not told.", "När det nådde kommunen; i dag om det inte anges."),
            p("identityNumber", Text(13), "190001019802", "The pupil's number; kept until it is handled.", "Elevens nummer; sparas tills det är hanterat.").or_null(),
            p("givenName", Text(100), "Alva", "The pupil's given name; kept until it is handled.", "Elevens förnamn; sparas tills det är hanterat.").or_null(),
            p("familyName", Text(100), "Exempel", "The pupil's family name; kept until it is handled.", "Elevens efternamn; sparas tills det är hanterat.").or_null(),
            p("status", Word("NotificationStatus"), "pending", "Whether it has been handled.", "Om det har hanterats."),
            p("outcome", Word("NotificationOutcome"), "null", "What came of it.", "Vad det ledde till.").or_null(),
            p("reason", Lines(500), "null", "Why; required when nothing is done.", "Varför; krävs när inget görs.").or_null(),
            p("handledBy", Id, "null", "Who handled it.", "Vem som hanterade det.").or_null(),
            p("handledAt", Instant, "null", "When it was handled.", "När det hanterades.").or_null(),
            p("createdBy", Id, ids::USER, "Who took it in.", "Vem som tog in det.").or_null(),
            p("createdAt", Instant, "2026-11-20T08:15:00.000000Z", "When it was taken in.", "När det togs in."),
            p("updatedAt", Instant, "2026-11-20T08:15:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListSchoolNotifications,
            ("List school notifications", "What schools have told your unit, latest received first. Those about protected identities are in nobody's list but that of whoever took them in."),
            ("Lista meddelanden från skolor", "Det som skolor har meddelat din enhet, det senast mottagna först. De som rör skyddade personuppgifter finns i ingens lista utom hos den som tog in dem."))
            .query(&[
                p("status", Word("NotificationStatus"), "pending", "That wait, or have been handled.", "Som väntar, eller har hanterats."),
                p("kind", Word("NotificationKind"), "significant_absence", "Of this kind.", "Av detta slag."),
            ]),
        Described::of(Operation::ReceiveSchoolNotification,
            ("Take in a school notification", "Registers what a school has told. A number that the unit's register holds ties it to the youth."),
            ("Ta in ett meddelande från en skola", "Registrerar det som en skola har meddelat. Ett nummer som finns i enhetens register kopplar det till ungdomen."))
            .takes(&[must("kind"), must("identityNumber"), must("givenName"), must("familyName"), must("school"), must("schoolType"), may("studyPath"), must("occurredOn"), may("receivedOn")]),
        Described::of(Operation::ReadSchoolNotification,
            ("Read a school notification", "One notification, with its version in the `ETag`."),
            ("Läs ett meddelande från en skola", "Ett meddelande, med sin version i `ETag`.")),
        Described::of(Operation::HandleSchoolNotification,
            ("Handle a school notification", "Answers it: the enrolment is recorded, a preventive contact is to be made, or nothing is done for a reason. Somebody outside the register is registered with it if `register` is true. No episode is opened."),
            ("Hantera ett meddelande från en skola", "Besvarar det: inskrivningen registreras, en förebyggande kontakt ska tas, eller inget görs av ett angivet skäl. Den som inte finns i registret registreras samtidigt om `register` är sant. Ingen period öppnas."))
            .takes(&[
                Input::Own(p("outcome", Word("NotificationOutcome"), "preventive_contact", "What comes of it.", "Vad det leder till.").always()),
                may("reason"),
                Input::Own(p("register", YesNo, "true", "Whether a person outside the register is to be registered.", "Om en person utanför registret ska registreras.")),
                CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::NotificationHandled, ErrorCode::PersonNotRegistered, ErrorCode::AlreadyExists]),
    ],
};
