//! The chapter of tasks. How one comes about and is closed is told in `db::duties`, whose list it stands on in `db::tasks`.

use super::{CONFIRMS, Chapter, Described, Input, Shown, ids, may};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const PROPERTIES: &[Property] = &[
    p("id", Id, ids::TASK, "The task's id.", "Uppgiftens id."),
    p("kind", Word("TaskKind"), "next_contact", "What is to be done.", "Vad som ska göras."),
    p("dueOn", Date, "2026-11-23", "The day it is due.", "Dagen då det ska vara gjort."),
    p("opensOn", Date, "2026-11-16", "The first day on which it stands on lists.", "Första dagen då den står på listor."),
    p("isOverdue", YesNo, "true", "Whether that day has passed; of a task that was put off, the day until which it was.", "Om den dagen har passerat; för en uppskjuten uppgift dagen den sköts upp till."),
    p("youthId", Id, ids::YOUTH, "The youth; null when it is about nobody in the register.", "Ungdomen; null när den inte gäller någon i registret.").or_null(),
    p("givenName", Text(100), "Alva Maria", "Given names; absent for a youth with protected identity.", "Förnamn; saknas för en ungdom med skyddade personuppgifter.").sometimes(),
    p("familyName", Text(100), "Lindqvist", "Family name; absent for a youth with protected identity. The ambassador sees the initial.", "Efternamn; saknas för en ungdom med skyddade personuppgifter. Ambassadören ser initialen.").sometimes(),
    p("daysSinceReached", Whole(0, i64::MAX), "11", "Days since the youth was last reached; null if never.", "Dagar sedan ungdomen senast nåddes; null om aldrig.").or_null(),
    p("daysSinceTried", Whole(0, i64::MAX), "3", "Days since anybody last tried; null if never.", "Dagar sedan någon senast försökte; null om aldrig.").or_null(),
    p("proposedChannel", Word("Channel"), "null", "Of a task for the next attempt: how it is proposed to be made; null where whoever tries chooses.", "För en uppgift om nästa kontaktförsök: hur det föreslås göras; null när den som försöker väljer.").or_null(),
    p("proposedStaff", Whole(1, 5), "null", "Of such a task: how many go together.", "För en sådan uppgift: hur många som går tillsammans.").or_null(),
    p("recordId", Id, ids::CONTACT, "What to open to do it: the contact, the intervention, the referral or whatever it comes from.", "Vad som ska öppnas för att göra den: kontakten, insatsen, hänvisningen eller det som den kommer från."),
    p("responsibleId", Id, ids::USER, "Who has it besides the youth's handler: whoever it was given to, else whoever made what it comes from; null when nobody but the handler.", "Vem som har den utöver ungdomens handläggare: den som fått den, annars den som gjorde det som den kommer från; null när bara handläggaren har den.").or_null(),
    p("deferredUntil", Date, "null", "The day until which it was put off.", "Dagen den har skjutits upp till.").or_null(),
    p("deferralReason", Lines(500), "null", "Why it was put off.", "Varför den har skjutits upp.").or_null(),
    p("answeredOn", Date, "null", "The day told in the answer.", "Dagen som angavs i svaret.").or_null(),
    p("answerReference", Text(100), "null", "The reference told in the answer.", "Referensen som angavs i svaret.").or_null(),
    p("closedAt", Instant, "null", "When it was closed; null while it is open.", "När den avslutades; null så länge den är öppen.").or_null(),
    p("closedBecause", Word("TaskClosing"), "null", "Why it was closed.", "Varför den avslutades.").or_null(),
    p("createdAt", Instant, "2026-11-16T09:12:00.000000Z", "When it was made.", "När den kom till."),
    p("updatedAt", Instant, "2026-11-16T09:12:00.000000Z", "When it was last changed.", "När den senast ändrades."),
    p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Tasks,
    title: ("Tasks", "Uppgifter"),
    text: (
        "What must be done next. A task is made by what is registered and closes by itself when the work is done, whoever does it; it ends with the episode. It can be given to somebody else, and most can be put off. Tasks of the protected compartment are seen by the socionom assigned to the youth; to everybody else they do not exist.",
        "Det som ska göras härnäst. En uppgift kommer till genom det som registreras och avslutas av sig själv när arbetet är gjort, vem som än gör det; den upphör med perioden. Den kan ges till någon annan, och de flesta kan skjutas upp. Uppgifter i det skyddade utrymmet ses av den socionom som är tilldelad ungdomen; för alla andra finns de inte.",
    ),
    shown: &[
        Shown {
            resource: Resource::Tasks,
            name: "Task",
            as_it_was: None,
            text: ("A task.", "En uppgift."),
            properties: PROPERTIES,
        },
        Shown {
            resource: Resource::ProtectedTasks,
            name: "ProtectedTask",
            as_it_was: None,
            text: ("A task of the protected compartment.", "En uppgift i det skyddade utrymmet."),
            properties: PROPERTIES,
        },
    ],
    parts: &[],
    operations: &[
        Described::of(Operation::ListTasks,
            ("List tasks", "Your own work list, longest overdue first: what was given to you or comes from your own work, and what belongs to the youths you are responsible for. The chief's has what would otherwise stand on nobody's."),
            ("Lista uppgifter", "Din egen arbetslista, den mest försenade först: det du har fått eller som kommer ur ditt eget arbete, och det som hör till de ungdomar du ansvarar för. Enhetschefens har det som annars inte skulle stå hos någon."))
            .query(&[
                p("dueBefore", Date, "2026-12-01", "Due before this day; the day itself is not included.", "Ska vara gjort före denna dag; själva dagen räknas inte med."),
                p("kind", Word("TaskKind"), "next_contact", "Of this kind.", "Av detta slag."),
                p("includeLater", YesNo, "true", "Also what stands on the list from a later day, or is put off until then.", "Även det som står på listan först från en senare dag, eller är uppskjutet dit."),
                p("ofUnit", YesNo, "true", "All tasks of the unit outside the protected compartment; for the chief.", "Enhetens alla uppgifter utanför det skyddade utrymmet; för enhetschefen."),
            ]),
        Described::of(Operation::ListYouthTasks,
            ("List tasks of a youth", "The open tasks of one youth, the first due first; to the socionom assigned also those of the protected compartment, to the ambassador their own."),
            ("Lista en ungdoms uppgifter", "En ungdoms öppna uppgifter, den som ska göras först överst; för den tilldelade socionomen även de i det skyddade utrymmet, för ambassadören de egna."))
            .query(&[
                p("isOpen", YesNo, "false", "Open ones, or closed ones.", "Öppna, eller avslutade."),
            ]),
        Described::of(Operation::ReadTask,
            ("Read a task", "One task, open or closed, with the version in the `ETag`."),
            ("Läs en uppgift", "En uppgift, öppen eller avslutad, med versionen i `ETag`.")),
        Described::of(Operation::ReassignTask,
            ("Give a task to somebody else", "The new responsible must be an active member of the unit's staff who may see the youth and what the task comes from. The chief gives any task, the youth's handler those of the youth, konsulent and socionom to ambassadors. Null gives it back."),
            ("Ge en uppgift till någon annan", "Den nya ansvariga ska vara en aktiv medarbetare på enheten som får se ungdomen och det som uppgiften kommer från. Enhetschefen ger alla uppgifter, ungdomens handläggare ungdomens, konsulent och socionom till ambassadörer. Null ger tillbaka den."))
            .takes(&[may("responsibleId")])
            .errors(&[ErrorCode::TaskClosed]),
        Described::of(Operation::DeferTask,
            ("Put a task off", "Takes it off the list until a later day, with the reason, for at most as many days as the settings allow. It comes back on that day."),
            ("Skjut upp en uppgift", "Tar bort den från listan till en senare dag, med skälet, högst så många dagar som inställningarna tillåter. Den kommer tillbaka den dagen."))
            .takes(&[
                Input::Own(p("until", Date, "2026-12-07", "The day it comes back.", "Dagen den kommer tillbaka.").always()),
                Input::Own(p("reason", Lines(500), "Ungdomen är bortrest.", "Why.", "Varför.").always()),
                CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::TaskClosed, ErrorCode::TaskNotDeferrable]),
        Described::of(Operation::AnswerTask,
            ("Answer a task", "Closes a task that is done outside this system, with the day and a reference. What was told there is not stored here. Other tasks close when the work is registered."),
            ("Besvara en uppgift", "Avslutar en uppgift som görs utanför detta system, med dagen och en referens. Vad som sades där lagras inte här. Andra uppgifter avslutas när arbetet registreras."))
            .takes(&[
                Input::Own(p("reportedOn", Date, "2026-11-24", "The day of the report; for a report.", "Dagen för anmälan; för en anmälan.")),
                Input::Own(p("doneOn", Date, "2026-11-24", "The day it was done; for everything else.", "Dagen då det gjordes; för allt annat.")),
                Input::Own(p("reference", Text(100), "Dnr 2026/118", "The reference it was given; required for a report.", "Referensen den fick; krävs för en anmälan.")),
            ])
            .not_in_example(&["doneOn"])
            .errors(&[ErrorCode::TaskClosed, ErrorCode::TaskMetByWork]),
    ],
};
