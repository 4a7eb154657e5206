//! The chapter of episodes. When one may begin and how it may end stands in `domain::episode`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("track", Word("Track"), "kaa", "In this track.", "I detta spår."),
    p("isOpen", YesNo, "true", "Open ones, or closed ones.", "Öppna, eller avslutade."),
    p("handlerId", Id, ids::USER, "Open ones of youths that this member of staff is responsible for.", "Öppna för ungdomar som denna medarbetare är ansvarig för."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Episodes,
    title: ("Episodes", "Perioder"),
    text: (
        "A youth is followed in an episode of a track. At most one is open in each track; coming back opens a new one, and history is kept.",
        "En ungdom följs i en period i ett spår. Högst en är öppen i varje spår; den som kommer tillbaka får en ny, och historiken sparas.",
    ),
    shown: &[Shown {
        resource: Resource::Episodes,
        name: "Episode",
        as_it_was: None,
        text: ("An episode.", "En period."),
        properties: &[
            p("id", Id, ids::EPISODE, "The episode's id.", "Periodens id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("unitId", Id, ids::UNIT, "The unit that followed the youth.", "Enheten som följde ungdomen."),
            p("track", Word("Track"), "kaa", "The track.", "Spåret."),
            p("reason", Word("Reason"), "dropout_national_programme", "Why the youth is in the target group.", "Varför ungdomen ingår i målgruppen."),
            p("enteredOn", Date, "2026-09-01", "The first day.", "Den första dagen."),
            p("handlerId", Id, ids::USER, "The responsible handler of the youth; null when the episode is closed. Naming one begins an assignment; the chief alone may.", "Ungdomens ansvariga handläggare; null när perioden är avslutad. Att ange någon påbörjar en tilldelning; det får bara enhetschefen.").or_null(),
            p("exitedOn", Date, "null", "The day of exit; null while the episode is open.", "Dagen för avregistrering; null så länge perioden är öppen.").or_null(),
            p("deregistrationReason", Word("DeregistrationReason"), "null", "Why it ended.", "Varför den avslutades.").or_null(),
            p("destination", Word("Destination"), "null", "What the youth went to.", "Vad ungdomen gick till.").or_null(),
            p("destinationElsewhere", YesNo, "null", "Whether that is in another place.", "Om det är på annan ort.").or_null(),
            p("basis", Word("OutreachBasis"), "null", "What an outreach episode rests on. `kaa` rests on the law and has none.", "Vad en uppsökande period vilar på. `kaa` vilar på lagen och har ingen.").or_null(),
            p("basisText", Lines(2000), "null", "How: what was asked for, agreed to or assigned. Told together with the basis.", "Hur: vad som begärdes, samtyckts till eller uppdragits. Anges tillsammans med grunden.").or_null(),
            p("carriedNotes", Part("CarriedNotes"), "null", "Of an outreach episode: on what the notes of the duty follow into it. Without it, or once it no longer holds, the notes of a closed `kaa` episode stay behind.", "För en uppsökande period: vad det vilar på att anteckningarna från ansvaret följer med. Saknas det, eller gäller det inte längre, stannar anteckningarna från en avslutad `kaa`-period kvar där.").or_null(),
            p("previousEpisodeId", Id, "null", "Of somebody who came back: the episode that ended before this one.", "För den som kommit tillbaka: perioden som avslutades före den här.").or_null(),
            p("daysSinceReached", Whole(0, i64::MAX), "11", "Days since the youth was last reached, in whichever episode; null if never.", "Dagar sedan ungdomen senast nåddes, oavsett period; null om aldrig.").or_null(),
            p("daysSinceTried", Whole(0, i64::MAX), "3", "Days since anybody last tried; null if never.", "Dagar sedan någon senast försökte; null om aldrig.").or_null(),
            p("createdAt", Instant, "2026-09-01T07:30:00.000000Z", "When it was registered.", "När den registrerades."),
            p("updatedAt", Instant, "2026-09-01T07:30:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[Part {
        name: "EndedIntervention",
        text: ("How an intervention ends together with its episode.", "Hur en insats avslutas tillsammans med sin period."),
        properties: &[
            p("id", Id, ids::INTERVENTION, "The intervention.", "Insatsen.").always(),
            p("endedOn", Date, "2026-11-20", "Its last day.", "Dess sista dag.").always(),
            p("endReason", Word("EndReason"), "moved_to_studies", "Why it ended.", "Varför den avslutades.").always(),
        ],
    },
    Part {
        name: "CarriedNotes",
        text: ("On what the notes of the duty follow into an outreach episode.", "Vad det vilar på att anteckningarna från ansvaret följer med till en uppsökande period."),
        properties: &[
            p("basis", Word("CarriedBasis"), "own_request", "On what.", "Vad det vilar på.").always(),
            p("consentId", Id, "null", "The consent, if that is the basis.", "Samtycket, om det är grunden.").or_null().always(),
            p("form", Word("ConsentForm"), "oral_documented", "How it was said.", "Hur det sades.").or_null().always(),
            p("givenOn", Date, "2026-11-20", "When.", "När.").always(),
            p("recordedBy", Id, ids::USER, "Who noted it.", "Vem som antecknade det.").or_null().always(),
            p("recordedAt", Instant, "2026-11-20T10:00:00.000000Z", "When it was noted.", "När det antecknades.").always(),
        ],
    }],
    operations: &[
        Described::of(Operation::ListEpisodes,
            ("List episodes", "The episodes that you may see, the latest begun first."),
            ("Lista perioder", "De perioder som du får se, den senast påbörjade först."))
            .query(FILTERS),
        Described::of(Operation::ListYouthEpisodes,
            ("List episodes of a youth", "The episodes of one youth, the latest begun first."),
            ("Lista en ungdoms perioder", "En ungdoms perioder, den senast påbörjade först."))
            .query(FILTERS),
        Described::of(Operation::OpenEpisode,
            ("Open an episode", "Begins to follow a youth in a track. `kaa` is for those under 20, `outreach_20_25` for those of 16-25. Without `enteredOn` it begins today."),
            ("Öppna en period", "Börjar följa en ungdom i ett spår. `kaa` gäller den som är under 20 år, `outreach_20_25` den som är 16–25. Utan `enteredOn` börjar den i dag."))
            .takes(&[must("track"), must("reason"), may("enteredOn"), may("handlerId"), may("basis"), may("basisText"), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::EpisodeOpen]),
        Described::of(Operation::ReadEpisode,
            ("Read an episode", "One episode, with the version in the `ETag`."),
            ("Läs en period", "En period, med versionen i `ETag`.")),
        Described::of(Operation::UpdateEpisode,
            ("Change an episode", "Changes why or when an open episode began, or who answers for the youth. The track stays; how it ends is told by closing it."),
            ("Ändra en period", "Ändrar varför eller när en öppen period började, eller vem som ansvarar för ungdomen. Spåret ligger fast; hur den slutar anges när den avslutas."))
            .takes(&[must("track"), must("reason"), must("enteredOn"), may("handlerId"), may("basis"), may("basisText"), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::EpisodeClosed]),
        Described::of(Operation::CloseEpisode,
            ("Close an episode", "Ends an episode with the outcome. Interventions under way must be ended in the same request; those left out are named in a 409. Offers without an answer are withdrawn."),
            ("Avsluta en period", "Avslutar en period med resultatet. Pågående insatser måste avslutas i samma begäran; de som saknas räknas upp i ett 409. Erbjudanden utan svar återtas."))
            .takes(&[
                Input::Own(p("exitedOn", Date, "2026-11-20", "The day of exit.", "Dagen för avregistrering.").always()),
                Input::Own(p("deregistrationReason", Word("DeregistrationReason"), "national_programme_or_equiv", "Why it ends.", "Varför den avslutas.").always()),
                Input::Own(p("destination", Word("Destination"), "upper_secondary_studies", "What the youth goes to. Required unless the youth has died or was registered in error.", "Vad ungdomen går till. Krävs om inte ungdomen har avlidit eller var felregistrerad.")),
                Input::Own(p("destinationElsewhere", YesNo, "false", "Whether that is in another place. Required for work and education, and only told for them.", "Om det är på annan ort. Krävs för arbete och utbildning, och anges bara för dem.")),
                Input::Own(p("interventions", Many(&Part("EndedIntervention"), 100), "", "How each intervention under way ends.", "Hur varje pågående insats avslutas.")),
            ])
            .errors(&[ErrorCode::EpisodeClosed, ErrorCode::InterventionsOpen]),
        Described::of(Operation::SetCarriedNotes,
            ("Let the notes follow", "Tells on what the notes of a closed `kaa` episode follow into an open outreach episode, or that they no longer do: a consent for the municipality's own outreach that covers notes, or the youth's own request. Without it they stay behind (2006:39 3 §): contact notes with what was added to them, the goals of interventions, and objections to these."),
            ("Låt anteckningarna följa med", "Anger vad det vilar på att anteckningarna från en avslutad `kaa`-period följer med till en öppen uppsökande period, eller att de inte längre gör det: ett samtycke för kommunens egen uppsökande verksamhet som omfattar anteckningar, eller ungdomens egen begäran. Annars stannar de kvar (2006:39 3 §): kontaktanteckningar med kompletteringar, insatsers mål, och invändningar mot dem."))
            .takes(&[
                Input::Own(p("basis", Word("CarriedBasis"), "own_request", "On what.", "Vad det vilar på.").always()),
                Input::Own(p("consentId", Id, "null", "The consent, if that is the basis.", "Samtycket, om det är grunden.")),
                Input::Own(p("form", Word("ConsentForm"), "oral_documented", "How it was said; told of an own request.", "Hur det sades; anges för en egen begäran.")),
                Input::Own(p("givenOn", Date, "2026-11-20", "When; today if no day is told.", "När; i dag om ingen dag anges.")),
            ])
            .errors(&[ErrorCode::EpisodeClosed, ErrorCode::NotOutreach, ErrorCode::ConsentWithdrawn]),
    ],
};
