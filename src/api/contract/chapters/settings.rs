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
            p("municipalityName", Text(80), "Sundbybergs stad", "What the municipality calls itself: on the report and the workbook of a release. Where it is null the code stands there.", "Vad kommunen kallar sig: på rapporten och arbetsboken för en utgivning. Är det null står koden där.").or_null(),
            p("preventiveContactDays", Whole(1, 60), "7", "Days within which a youth is contacted after a school has reported significant absence.", "Dagar inom vilka en ungdom kontaktas efter att en skola har anmält betydande frånvaro."),
            p("mostDaysDeferred", Whole(1, 366), "90", "Days for which a task can be put off at most at a time.", "Dagar som en uppgift högst kan skjutas upp åt gången."),
            p("contactLadder", Many(&Part("LadderStep"), 12), "", "The steps by which contact is tried again after an attempt that failed, each way once, in their order; what a youth cannot be reached by is passed over.", "Stegen för hur kontakt söks igen efter ett misslyckat försök, varje sätt en gång, i ordning; det som ungdomen inte kan nås genom hoppas över."),
            p("ladderPauseDays", Whole(1, 366), "30", "Days after the last step until the first is proposed again.", "Dagar efter sista steget tills det första föreslås igen."),
            p("declinedRetryDays", Whole(1, 366), "60", "Days until contact is proposed again with somebody who declined it.", "Dagar tills kontakt föreslås igen med den som tackat nej."),
            p("occupationWorkDays", Whole(1, 730), "180", "Days for which work counts as known after it was ascertained.", "Dagar som arbete räknas som känt efter att det fastställdes."),
            p("occupationInternshipDays", Whole(1, 730), "60", "The same for work placement.", "Detsamma för praktik."),
            p("occupationStudiesDays", Whole(1, 730), "180", "The same for studies.", "Detsamma för studier."),
            p("occupationOtherActivityDays", Whole(1, 730), "90", "The same for other service or activity.", "Detsamma för annan tjänstgöring eller aktivitet."),
            p("occupationNoneDays", Whole(1, 730), "60", "The same for no occupation.", "Detsamma för den som saknar sysselsättning."),
            p("occupationLapsingDays", Whole(1, 730), "28", "Days before an occupation lapses from which it is to be confirmed.", "Dagar innan en sysselsättning löper ut då den ska bekräftas."),
            p("outcomeCheckMonths", Many(&Whole(1, 36), 6), "3|6", "Months after an exit to work or studies when it is checked whether that lasts; an empty list: not at all. Exits that were made before keep their checks.", "Månader efter ett utfall till arbete eller studier då det kontrolleras om det består; en tom lista: inte alls. Utfall från tidigare behåller sina kontroller."),
            p("resumptionMonths", Whole(1, 36), "12", "Months for which statistics follow those who dropped out of upper secondary school, to tell how many resume.", "Månader som statistiken följer dem som avbrutit gymnasieskolan, för att visa hur många som återupptar studierna."),
            p("mappingDueDays", Whole(1, 365), "30", "Days from the entry within which the mapping is made.", "Dagar från inskrivningen inom vilka kartläggningen görs."),
            p("planDueDays", Whole(1, 365), "60", "Days from the entry within which the plan is made.", "Dagar från inskrivningen inom vilka planen görs."),
            p("letterBefore20Days", Whole(1, 365), "60", "Days before the 20th birthday from which the letter about what follows is to be sent.", "Dagar före 20-årsdagen då brevet om vad som följer ska skickas."),
            p("letterBefore20DueDays", Whole(1, 365), "30", "Days before the 20th birthday by which it is sent.", "Dagar före 20-årsdagen då det senast skickas."),
            p("placementFirstFollowUpDays", Whole(1, 365), "14", "Days from the first day of a placement until the first follow-up at the host, if no days are told.", "Dagar från en placerings första dag till den första uppföljningen hos värden, om inga dagar anges."),
            p("placementFollowUpEveryDays", Whole(1, 365), "30", "Days between the follow-ups at the host after that.", "Dagar mellan uppföljningarna hos värden därefter."),
            p("contractAgeFrom", Whole(16, 29), "20", "The age from which education contracts are made.", "Åldern från vilken utbildningskontrakt tecknas."),
            p("contractAgeTo", Whole(16, 29), "24", "The age to which they are made, itself included.", "Åldern till och med vilken de tecknas."),
            p("outreachProposalDays", Whole(1, 365), "90", "Days after the deregistration at 20 in which outreach is proposed.", "Dagar efter avregistreringen vid 20 år då uppsökande verksamhet föreslås."),
            p("candidateDecisionDays", Whole(1, 60), "14", "Days within which a candidate of the target group is decided on.", "Dagar inom vilka en kandidat till målgruppen beslutas."),
            p("consentDays", Whole(1, 1095), "365", "Days for which a consent holds when no last day is told.", "Dagar som ett samtycke gäller när ingen sista dag anges."),
            p("ownSecrecyRegime", Word("SecrecyRegime"), "school_23", "The rules by which the board that runs the work keeps secrets.", "Reglerna som nämnden som driver arbetet håller sekretess efter."),
            p("recipientRegimes", Many(&Part("RecipientRegime"), 17), "", "Those of each kind of recipient. What is told to one who keeps secrets by other rules, or is not of the municipality, crosses a border; to one not named too.", "Reglerna för varje slags mottagare. Det som berättas för någon med andra regler, eller utanför kommunen, går över en gräns; det gör det också till den som inte nämns."),
            p("sensitiveTerms", Many(&Part("SensitiveTerm"), 2000), "", "The words that free texts of the register are looked through for.", "Orden som registrets fria texter gås igenom efter."),
            p("secondFactorRoles", Many(&Word("Role"), 7), "administrator|enhetschef", "The roles whose members must have a second factor: without one they can only enrol it.", "Rollerna vars medarbetare måste ha en andra faktor: utan den kan de bara registrera den."),
            p("extractNamesReaders", YesNo, "false", "Whether a register extract that tells who has read tells their names, besides roles and days.", "Om ett registerutdrag som berättar vem som har läst anger namn, utöver roll och dag."),
            p("nationalFileDays", Whole(1, 90), "14", "Days for which the content of a national file, and the list of what is wrong with it, is kept.", "Dagar som innehållet i en nationell fil, och listan över vad som är fel i den, sparas."),
            p("logReviewRandomRows", Whole(1, 500), "20", "Events that a log review draws at random.", "Händelser som en logggranskning drar slumpvis."),
            p("logReviewTargetedRows", Whole(1, 500), "20", "Events at most for each rule that points at some; of protected identities and break-glass all are drawn.", "Högsta antal händelser för varje regel som pekar ut några; av skyddade personuppgifter och nödöppnanden dras alla."),
            p("officeHoursFrom", Whole(0, 23), "7", "The hour at which the office opens, Monday to Friday.", "Timmen då kontoret öppnar, måndag till fredag."),
            p("officeHoursTo", Whole(1, 24), "18", "The hour at which it closes.", "Timmen då det stänger."),
            p("officeClosedOnEves", YesNo, "true", "Whether the office is closed on the eves of midsummer, Christmas and the new year; on public holidays it is.", "Om kontoret är stängt på midsommarafton, julafton och nyårsafton; på helgdagar är det stängt."),
            p("auditRetentionMonths", Whole(24, 600), "60", "Months for which the log is kept; null when none has been decided, and then nothing of it is ever disposed of.", "Månader som loggen bevaras; null när inget har beslutats, och då gallras inget av den.").or_null(),
            p("retentionPolicies", Many(&Part("DecidedRetention"), 5), "", "For how long each class of data is kept, as decided. Of a class that is not here nothing is ever disposed of.", "Hur länge varje slags uppgifter bevaras, enligt beslut. Av ett slag som inte står här gallras aldrig något."),
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
            name: "LadderStep",
            text: ("A step of the contact ladder.", "Ett steg i kontakttrappan."),
            properties: &[
                p("channel", Word("Channel"), "home_visit", "How contact is tried.", "Hur kontakt söks.").always(),
                p("afterDays", Whole(1, 366), "10", "Days after the attempt before it; of the first step, after the entry.", "Dagar efter försöket före; för första steget efter inskrivningen.").always(),
                p("staff", Whole(1, 5), "2", "How many of the staff go together.", "Hur många i personalen som går tillsammans."),
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
            .takes(&[
                may("municipalityCode"), may("municipalityName"), may("preventiveContactDays"), may("mostDaysDeferred"), may("outreachProposalDays"), may("candidateDecisionDays"),
                may("contactLadder"), may("ladderPauseDays"), may("declinedRetryDays"),
                may("occupationWorkDays"), may("occupationInternshipDays"), may("occupationStudiesDays"),
                may("occupationOtherActivityDays"), may("occupationNoneDays"), may("occupationLapsingDays"),
                may("outcomeCheckMonths"), may("resumptionMonths"), may("mappingDueDays"), may("planDueDays"), may("letterBefore20Days"), may("letterBefore20DueDays"),
                may("placementFirstFollowUpDays"), may("placementFollowUpEveryDays"),
                may("contractAgeFrom"), may("contractAgeTo"),
                may("consentDays"), may("ownSecrecyRegime"), may("recipientRegimes"), may("sensitiveTerms"),
                may("secondFactorRoles"),
                may("logReviewRandomRows"), may("logReviewTargetedRows"), may("officeHoursFrom"), may("officeHoursTo"), may("officeClosedOnEves"),
                may("auditRetentionMonths"),
                may("extractNamesReaders"), may("nationalFileDays"), may("retentionPolicies"),
            ]),
    ],
};
