//! The chapter of the person who has signed in.

use super::{Chapter, Described, Input, Part, Shown, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Me,
    title: ("Me", "Jag"),
    text: (
        "Who you are, what you may do, who your colleagues are, and your password.",
        "Vem du är, vad du får göra, vilka dina kollegor är, och ditt lösenord.",
    ),
    shown: &[Shown {
        resource: Resource::Me,
        name: "Me",
        as_it_was: None,
        text: ("The person who has signed in.", "Den som har loggat in."),
        properties: &[
            p("id", Id, ids::USER, "Your id.", "Ditt id."),
            p("username", Text(60), "anna.lind", "Your user name.", "Ditt användarnamn."),
            p("displayName", Text(120), "Anna Lind", "Your name as others see it.", "Ditt namn så som andra ser det."),
            p("role", Word("Role"), "syv", "Your role at this moment.", "Din roll just nu."),
            p("unitId", Id, ids::UNIT, "Your unit; null for administrator and log reviewer.", "Din enhet; null för administratör och loggranskare.").or_null(),
            p("unitName", Text(120), "Ungdomsenheten", "What your unit is called.", "Vad din enhet heter.").or_null(),
            p("secondFactorSince", Instant, "2026-11-20T08:00:00.000000Z", "When you enrolled your second factor; null if you have none.", "När du registrerade din andra faktor; null om du inte har någon.").or_null(),
            p("mustEnrolSecondFactor", YesNo, "false", "Whether your role requires a second factor that you do not have: until you do, only enrolling it is open to you.", "Om din roll kräver en andra faktor som du inte har: tills du har den kan du bara registrera den."),
            p("recoveryCodesLeft", Whole(0, 10), "10", "How many recovery codes you have left.", "Hur många återställningskoder du har kvar."),
        ],
    }],
    parts: &[
        Part {
            name: "SecondFactorEnrolment",
            text: ("What an authenticator app needs, shown this once.", "Vad en autentiseringsapp behöver, som visas bara denna gång."),
            properties: &[
                p("secret", Text(64), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "The shared secret, to be typed in.", "Den delade hemligheten, att skriva in.").always(),
                p("address", Text(300), "otpauth://totp/kaa:anna.lind?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=kaa&algorithm=SHA1&digits=6&period=30", "The same as an address, to be shown as a QR code.", "Samma sak som en adress, att visa som QR-kod.").always(),
            ],
        },
        Part {
            name: "RecoveryCodes",
            text: ("Recovery codes, shown this once. Each opens one sign-in in place of the app.", "Återställningskoder, som visas bara denna gång. Var och en öppnar en inloggning i appens ställe."),
            properties: &[
                p("recoveryCodes", Many(&Text(40), 10), "gezd-gnbv-gy3t-qojq", "The codes.", "Koderna.").always(),
            ],
        },
        Part {
            name: "MyAccess",
            text: (
                "What you may see and do, as the access table has it. What is not here is not allowed. Every request is decided anew all the same.",
                "Vad du får se och göra, så som behörighetstabellen säger. Det som inte står här är inte tillåtet. Varje begäran prövas ändå på nytt.",
            ),
            properties: &[
                p("role", Word("Role"), "syv", "Your role.", "Din roll.").always(),
                p("scopes", ByName(&OneOf(&["own", "assigned", "unit", "breakGlass", "all"])), "youths=unit", "By kind of record: which you may know of. `own`: those you made; `assigned`: of youths assigned to you; `unit`: of your unit; `breakGlass`: of youths for whom your break-glass runs; `all`: all.", "Efter slag av post: vilka du får känna till. `own`: de du har gjort; `assigned`: ungdomar som du är tilldelad; `unit`: din enhets; `breakGlass`: ungdomar där ditt nödöppnande gäller; `all`: alla.").always(),
                p("operations", Many(&Text(60), 0), "listYouths|readYouth", "The operations that you may carry out, by `operationId`; some of them only on records that you made.", "De operationer som du får utföra, med `operationId`; en del av dem bara på poster som du har gjort.").always(),
                p("breakGlassOperations", Many(&Text(60), 0), "readProtectedStatus", "The operations that you may carry out once you have given a reason.", "De operationer som du får utföra när du har angett ett skäl.").always(),
                p("fields", ByName(&ByName(&OneOf(&["masked", "own", "breakGlass", "read", "ownWrite", "write"]))), "youths=givenName=write", "By kind of record and property: what you may do with it.", "Efter slag av post och egenskap: vad du får göra med den.").always(),
                p("assignmentKinds", Many(&Word("AssignmentKind"), 0), "ambassador", "The kinds of assignment that you may make.", "De slag av tilldelning som du får göra.").always(),
                p("measures", Many(&Word("Measure"), 0), "talks|study_career_guidance", "The measures that you may offer and change.", "De åtgärder som du får erbjuda och ändra.").always(),
                p("breakGlassPurposes", Many(&Word("GrantPurpose"), 0), "protected_address", "What you may open by giving a reason.", "Vad du får öppna genom att ange ett skäl.").always(),
            ],
        },
        Part {
            name: "Colleague",
            text: ("A colleague of your unit.", "En kollega i din enhet."),
            properties: &[
                p("id", Id, ids::USER, "The colleague's id.", "Kollegans id.").always(),
                p("displayName", Text(120), "Anna Lind", "The name.", "Namnet.").always(),
                p("role", Word("Role"), "syv", "The role.", "Rollen.").always(),
            ],
        },
        Part {
            name: "CalendarFeed",
            text: ("Your private calendar.", "Din privata kalender."),
            properties: &[
                p("createdAt", Instant, "2026-11-24T08:00:00.000000Z", "When its address was made; null: you have none.", "När dess adress gjordes; null: du har ingen.").or_null().always(),
                p("expiresAt", Instant, "2027-11-24T08:00:00.000000Z", "Until when it holds.", "Till när den gäller.").or_null().always(),
                p("address", Address, "https://kaa.example.se/kaa/v1/calendar-feeds/nB4xQw9mK2eT7oPiF5tVzQ8yLk3vRc1gB6nXw0sLr5d", "Its address, shown this once when it is made. Whoever has it reads the calendar.", "Dess adress, som visas bara när den görs. Den som har den läser kalendern."),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ReadMe,
            ("Read who I am", "The person who has signed in, with role and unit."),
            ("Läs vem jag är", "Den som har loggat in, med roll och enhet.")),
        Described::of(Operation::ReadMyAccess,
            ("Read what I may do", "Your rights as the access table has them, so that no client keeps a copy of the policy."),
            ("Läs vad jag får göra", "Dina rättigheter så som behörighetstabellen säger, så att ingen klient behöver en egen kopia av reglerna."))
            .answers("MyAccess"),
        Described::of(Operation::ListMyColleagues,
            ("List my colleagues", "The active members of your unit, by name, so that somebody can be assigned."),
            ("Lista mina kollegor", "De aktiva medarbetarna i din enhet, efter namn, så att någon kan tilldelas."))
            .answers("Colleague"),
        Described::of(Operation::ListMyCompanions,
            ("List my companions", "The active members of your unit who go out, by name: with whom a session of outreach may be logged."),
            ("Lista dem jag går ut med", "De aktiva medarbetarna i din enhet som går ut, efter namn: dem som ett uppsökande pass kan loggas med."))
            .answers("Colleague"),
        Described::of(Operation::MakeCalendarFeed,
            ("Make my calendar's address", "Makes the address of your private calendar, in place of any before, which stops working. It is shown this once. It holds for a year, and until you revoke it, are signed out everywhere, change password, role or unit, or leave."),
            ("Gör min kalenders adress", "Gör adressen till din privata kalender, i stället för en tidigare, som slutar fungera. Den visas bara denna gång. Den gäller i ett år, och tills du återkallar den, loggas ut överallt, byter lösenord, roll eller enhet, eller slutar."))
            .answers("CalendarFeed"),
        Described::of(Operation::ReadMyCalendarFeed,
            ("Read about my calendar", "Whether you have a calendar, and until when it holds. Its address is not known here."),
            ("Läs om min kalender", "Om du har en kalender, och till när den gäller. Dess adress är inte känd här."))
            .answers("CalendarFeed"),
        Described::of(Operation::RevokeCalendarFeed,
            ("Revoke my calendar", "The address stops working at once."),
            ("Återkalla min kalender", "Adressen slutar fungera genast.")),
        Described::of(Operation::ReadCalendarFeed,
            ("Fetch a calendar", "The work list of whose calendar it is, as an iCalendar file (RFC 5545): an event on the day of each task, with a neutral title and a reminder; no name, no reason, no kind. Whoever has the address fetches it, without signing in; every fetch stands in the log. 404 for whatever reason there is none, 429 when it is fetched more than 60 times in an hour."),
            ("Hämta en kalender", "Arbetslistan för den vars kalender det är, som en iCalendar-fil (RFC 5545): en händelse på dagen för varje uppgift, med en neutral rubrik och en påminnelse; inget namn, inget skäl, inget slag. Den som har adressen hämtar den, utan att logga in; varje hämtning står i loggen. 404 vilken orsaken än är till att den inte finns, 429 om den hämtas fler än 60 gånger på en timme."))
            .errors(&[ErrorCode::TooManyRequests]),
        Described::of(Operation::ChangeMyPassword,
            ("Change my password", "Sets your own password and ends every other session of yours. 409 if it was changed meanwhile. A wrong current password costs what a failed sign-in costs."),
            ("Byt mitt lösenord", "Sätter ditt eget lösenord och avslutar alla dina andra inloggningar. 409 om det ändrades under tiden. Ett felaktigt nuvarande lösenord kostar vad en misslyckad inloggning kostar."))
            .takes(&[
                Input::Own(p("currentPassword", Text(200), "en lång mening som bara jag kan", "The password in force.", "Lösenordet som gäller.").always().write_only()),
                Input::Own(p("newPassword", Text(200), "en annan mening, längre än den förra", "The new password: at least 12 characters of any kind, without your user name in it, and none of those that many people choose.", "Det nya lösenordet: minst 12 tecken av vilket slag som helst, utan ditt användarnamn i sig, och inget av dem som många väljer.").always().write_only()),
            ])
            .errors(&[ErrorCode::Conflict, ErrorCode::TooManyAttempts]),
        Described::of(Operation::EnrolSecondFactor,
            ("Enrol a second factor", "Begins the enrolment of an authenticator app with time-based codes (TOTP), and gives the secret for it, this once. It counts once a first code has confirmed it; until then a new enrolment takes its place. 409 `already-exists` if you have one: the administrator takes a lost one away. A wrong password costs what a failed sign-in costs."),
            ("Registrera en andra faktor", "Börjar registreringen av en autentiseringsapp med tidsbaserade koder (TOTP) och ger hemligheten till den, bara denna gång. Den gäller när en första kod har bekräftat den; till dess ersätts den av en ny registrering. 409 `already-exists` om du har en: administratören tar bort en förlorad. Ett fel lösenord kostar vad en misslyckad inloggning kostar."))
            .takes(&[Input::Own(p("currentPassword", Text(200), "en lång mening som bara jag kan", "The password in force.", "Lösenordet som gäller.").always().write_only())])
            .answers("SecondFactorEnrolment")
            .errors(&[ErrorCode::AlreadyExists, ErrorCode::Conflict, ErrorCode::TooManyAttempts]),
        Described::of(Operation::ConfirmSecondFactor,
            ("Confirm a second factor", "Confirms the enrolment by a code of the app. From now on every sign-in asks for one, and your other sessions end. Gives ten recovery codes, this once. 409 if no enrolment waits. Wrong codes cost what failed sign-ins cost."),
            ("Bekräfta en andra faktor", "Bekräftar registreringen med en kod från appen. Från och med nu frågar varje inloggning efter en, och dina andra inloggningar avslutas. Ger tio återställningskoder, bara denna gång. 409 om ingen registrering väntar. Fel koder kostar vad misslyckade inloggningar kostar."))
            .takes(&[Input::Own(p("code", Text(40), "287082", "The code that the app shows.", "Koden som appen visar.").always().write_only())])
            .answers("RecoveryCodes")
            .errors(&[ErrorCode::Conflict, ErrorCode::TooManyAttempts]),
        Described::of(Operation::RenewRecoveryCodes,
            ("Renew my recovery codes", "Makes ten new recovery codes, told this once; the old ones open nothing any more. Needs your password and a code of the app, not a recovery code. 409 if you have no confirmed second factor. A wrong password or code costs what a failed sign-in costs."),
            ("Förnya mina återställningskoder", "Gör tio nya återställningskoder, som visas bara denna gång; de gamla öppnar ingenting längre. Kräver ditt lösenord och en kod från appen, inte en återställningskod. 409 om du inte har någon bekräftad andra faktor. Ett fel lösenord eller en fel kod kostar vad en misslyckad inloggning kostar."))
            .takes(&[
                Input::Own(p("currentPassword", Text(200), "en lång mening som bara jag kan", "The password in force.", "Lösenordet som gäller.").always().write_only()),
                Input::Own(p("code", Text(40), "287082", "The code that the app shows.", "Koden som appen visar.").always().write_only()),
            ])
            .answers("RecoveryCodes")
            .errors(&[ErrorCode::Conflict, ErrorCode::TooManyAttempts]),
    ],
};
