//! The one list of errors: code, HTTP status, words in Swedish and English. No HTTP types here; `http::problem` renders.
//! Details say which field and why, and never repeat what was sent.

use std::borrow::Cow;

/// The language of an answer, chosen by `Accept-Language`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Swedish, the default.
    #[default]
    Swedish,
    /// English.
    English,
}

impl Language {
    /// Of what stands in both languages, that of this one.
    pub const fn pick<T: Copy>(self, sv: T, en: T) -> T {
        match self {
            Self::Swedish => sv,
            Self::English => en,
        }
    }
}

macro_rules! error_codes {
    ($($variant:ident $code:literal $status:literal $sv:literal $en:literal;)+) => {
        /// What went wrong, by its stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorCode { $(#[doc = $en] $variant,)+ }
        impl ErrorCode {
            /// Every code; the catalogue of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The stable code, last part of the problem `type`.
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// The HTTP status.
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status),+ } }
            /// One sentence for people.
            pub const fn title(self, language: Language) -> &'static str {
                match language {
                    Language::Swedish => match self { $(Self::$variant => $sv),+ },
                    Language::English => match self { $(Self::$variant => $en),+ },
                }
            }
        }
    };
}

error_codes! {
    MalformedBody "malformed-body" 400 "Innehållet i begäran går inte att läsa." "The body of the request cannot be read.";
    InvalidParameter "invalid-parameter" 400 "En parameter i adressen är felaktig." "A parameter of the address is wrong.";
    Unauthenticated "unauthenticated" 401 "Du är inte inloggad, eller så har din inloggning gått ut. Logga in igen." "You are not signed in, or your sign-in has expired. Sign in again.";
    WrongCredentials "wrong-credentials" 401 "Användarnamnet eller lösenordet stämmer inte." "The user name or the password is wrong.";
    SecondFactorRequired "second-factor-required" 401 "Skicka också koden från din app, eller en av dina återställningskoder." "Send the code of your app as well, or one of your recovery codes.";
    WrongSecondFactor "wrong-second-factor" 401 "Koden stämmer inte, eller så har den redan använts. Vänta på nästa." "The code is wrong, or has been used already. Wait for the next.";
    FlowNotValid "flow-not-valid" 401 "Inloggningen hos leverantören gäller inte här. Börja om." "The sign-in at the provider does not hold here. Start over.";
    SecondFactorMissing "second-factor-missing" 403 "Din roll kräver en andra faktor. Registrera en först (PUT /me/second-factor)." "Your role requires a second factor. Enrol one first (PUT /me/second-factor).";
    Forbidden "forbidden" 403 "Din roll får inte göra detta." "Your role may not do this.";
    LinkNotValid "link-not-valid" 403 "Länken gäller inte längre, eller så har den redan använts. Be administratören om en ny." "The link is no longer valid, or has been used already. Ask the administrator for a new one.";
    NoAccount "no-account" 403 "Du är inloggad hos leverantören, men har ingen tillgång till tjänsten. Tala med administratören." "You are signed in at the provider, but have no access to this service. Talk to the administrator.";
    SecondPersonRequired "second-person-required" 403 "Någon annan än den som föreslog gallringen måste godkänna den." "Somebody else than whoever proposed the disposal must approve it.";
    ForbiddenField "forbidden-field" 403 "Din roll får inte använda ett av fälten. Inget har sparats." "Your role may not use one of the fields. Nothing was saved.";
    NotFound "not-found" 404 "Det du söker finns inte, eller så får du inte se det." "What you ask for does not exist, or you may not see it.";
    MethodNotAllowed "method-not-allowed" 405 "Metoden används inte för denna adress." "The method is not used at this address.";
    RequestTimeout "request-timeout" 408 "Begäran kom inte fram i tid. Försök igen." "The request did not arrive in time. Try again.";
    Conflict "conflict" 409 "Det går inte att göra nu, så som uppgifterna ser ut." "This cannot be done now, as things stand.";
    SingleSignOnOff "single-sign-on-off" 409 "Gemensam inloggning används inte här. Logga in med användarnamn och lösenord." "Single sign-on is not in use here. Sign in with user name and password.";
    AlreadyExists "already-exists" 409 "Det finns redan en sådan post." "Such a record exists already.";
    EpisodeOpen "episode-open" 409 "Ungdomen har redan en öppen period i det spåret." "The youth already has an open episode in that track.";
    NoOpenEpisode "no-open-episode" 409 "Ungdomen har ingen öppen period att knyta detta till. Öppna en period först." "The youth has no open episode to tie this to. Open an episode first.";
    EpisodeClosed "episode-closed" 409 "Perioden är avslutad och ändras inte längre." "The episode is closed and no longer changes.";
    NotificationHandled "notification-handled" 409 "Meddelandet är redan hanterat." "The notification has been handled already.";
    PersonNotRegistered "person-not-registered" 409 "Personen finns inte i registret. Registrera personen i samma begäran, eller avsluta utan åtgärd." "The person is not in the register. Register them in the same request, or end without action.";
    ContactLocked "contact-locked" 409 "Kontakten är låst 24 timmar efter att den skrevs. Lägg till en komplettering i stället." "The contact is locked 24 hours after it was written. Add an addendum instead.";
    MeasuresNotOpen "measures-not-open" 409 "Just nu kan bara samtal, vägledning och stöd i myndighetskontakt påbörjas. Tala med socionomen om nästa steg." "Right now only talks, guidance and support in contact with authorities can begin. Talk to the socionom about the next step.";
    PlanMissing "plan-missing" 409 "Insatsen kan inte påbörjas än: det ska först finnas en plan i perioden. Bara samtal, vägledning och stöd i myndighetskontakt börjar utan plan." "The intervention cannot begin yet: there must first be a plan in the episode. Only talks, guidance and support in contact with authorities begin without one.";
    PlacesTaken "places-taken" 409 "Alla platser är upptagna. Någon annan hann före, eller så har platsen getts till en annan ungdom." "Every place is taken. Somebody else was first, or the place has been given to another youth.";
    PlacementOfferClosed "placement-offer-closed" 409 "Erbjudandet är stängt eller har löpt ut." "The offer is closed or has run out.";
    InterventionsOpen "interventions-open" 409 "Det finns insatser som inte är avslutade. Avsluta dem i samma begäran." "There are interventions that have not ended. End them in the same request.";
    ConsentWithdrawn "consent-withdrawn" 409 "Samtycket är återkallat, så det som vilar på det skickas inte. Be om ett nytt samtycke eller ange en annan grund." "The consent has been withdrawn, so what rests on it is not sent. Ask for a new consent or name another basis.";
    ConsentInForce "consent-in-force" 409 "Samtycket är inte återkallat, så det finns inget att underrätta mottagaren om." "The consent has not been withdrawn, so there is nothing to inform the recipient of.";
    TransferPending "transfer-pending" 409 "Ungdomen väntar redan på svar om en överflyttning. Ta tillbaka den först." "The youth already waits for the answer to a transfer. Withdraw that first.";
    TransferDecided "transfer-decided" 409 "Överflyttningen är redan besvarad eller återtagen." "The transfer has already been answered or withdrawn.";
    YouthMerged "youth-merged" 404 "Posten har slagits ihop med en annan post om samma person. Använd den som anges nedan." "The record has been merged with another record of the same person. Use the one told below.";
    MergeInTheWay "merge-in-the-way" 409 "Något behöver klaras ut först. Se nedan vad." "Something must be settled first. See below what.";
    MergeUndone "merge-undone" 409 "Sammanslagningen är redan ångrad." "The merge has been undone already.";
    ProcessingRestricted "processing-restricted" 409 "Uppgifterna om ungdomen är begränsade: de läses och rättas, men används inte. En socionom eller enhetschefen kan öppna eller häva begränsningen." "The data about the youth are restricted: they are read and corrected, but not used. A socionom or the chief can open or lift the restriction.";
    ExtractOutdated "extract-outdated" 409 "Det som registret säger om ungdomen har ändrats sedan utdraget gjordes, så det lämnas inte ut. Gör ett nytt." "What the register says of the youth has changed since the extract was made, so it is not handed over. Make a new one.";
    NotOutreach "not-outreach" 409 "Anteckningar kan bara följa med till en period i det uppsökande spåret." "Notes can only follow into an episode of the outreach track.";
    FactVoid "fact-void" 409 "Uppgiften är struken och ändras inte längre. Lägg in en ny i stället." "The fact has been marked void and no longer changes. Enter a new one instead.";
    CandidateOutdated "candidate-outdated" 409 "Uppgifterna om ungdomen har ändrats sedan kandidaten togs fram, så den gäller inte längre. Kör målgruppen på nytt och besluta om den nya." "The facts about the youth have changed since the candidate was found, so that it no longer holds. Run the target group again and decide on the new one.";
    NationalFileNotMade "national-file-not-made" 409 "Filen är inte klar, eller så stoppades den av fel. Se dess status och problem." "The file is not made, or was stopped by errors. See its status and problems.";
    NationalProfileChanged "national-profile-changed" 409 "Profilen byttes medan filen togs fram. Beställ filen igen." "The profile was changed while the file was being made. Ask for the file again.";
    NationalFileGone "national-file-gone" 410 "Innehållet finns inte kvar: filen har löpt ut, eller ersatts av en senare. Raden om filen står kvar." "The content is no longer kept: the file has expired, or was replaced by a later one. The line about the file stays.";
    NothingToDispose "nothing-to-dispose" 409 "Inget är moget för gallring, eller så är ingen gallringsfrist beslutad." "Nothing has run out, or no period has been decided.";
    DisposalWrongStep "disposal-wrong-step" 409 "Gallringen har inte kommit så långt, eller så är den redan avslutad." "The disposal has not come that far, or has ended already.";
    ArchiveMissing "archive-missing" 409 "Arkivexporten måste göras först (kaa disposal archive)." "The archive export must be made first (kaa disposal archive).";
    GoalWithoutKolada "goal-without-kolada" 409 "Målet har inget nyckeltal och ingen kommun i Kolada. Ange dem på målet först." "The goal has no key figure and no municipality in Kolada. Set them on the goal first.";
    ReviewUnfinished "review-unfinished" 409 "Granskningen kan inte avslutas: det finns rader utan bedömning." "The review cannot be signed off: there are rows without a finding.";
    ReviewSignedOff "review-signed-off" 409 "Granskningen är avslutad och ändras inte längre." "The review is signed off and no longer changes.";
    ReviewTooLarge "review-too-large" 409 "Perioden har fler händelser än en granskning rymmer. Välj en kortare period." "The period has more events than a review can hold. Choose a shorter period.";
    JobUnderWay "job-under-way" 409 "Det görs redan. Vänta tills det är klart, eller avbryt det först." "It is being made already. Wait until that is done, or cancel it first.";
    JobEnded "job-ended" 409 "Arbetet är redan klart eller avbrutet." "The job has ended already.";
    TaskClosed "task-closed" 409 "Uppgiften är avslutad." "The task is closed.";
    TaskNotDeferrable "task-not-deferrable" 409 "Den här uppgiften kan inte skjutas upp." "This task cannot be put off.";
    TaskMetByWork "task-met-by-work" 409 "Uppgiften avslutas när arbetet är registrerat, inte genom ett svar." "The task closes when the work is registered, not by an answer.";
    LastOfRole "last-of-role" 409 "Den sista aktiva enhetschefen eller administratören kan inte tas bort." "The last active unit chief or administrator cannot be removed.";
    OwnRole "own-role" 409 "Ingen ändrar sin egen roll eller stänger av sig själv." "Nobody changes their own role or deactivates themselves.";
    NoSafeRelease "no-safe-release" 409 "Det går inte att visa siffrorna för perioden utan att avslöja enskilda, så inget har publicerats." "The figures of the period cannot be shown without revealing somebody, so that nothing has been published.";
    ReleaseWithdrawn "release-withdrawn" 410 "Statistiken är återkallad och lämnas inte längre ut." "The release has been withdrawn and is no longer given out.";
    StaleVersion "stale-version" 412 "Någon har ändrat posten sedan du hämtade den. Hämta den igen och gör om din ändring." "Someone has changed the record since you fetched it. Fetch it again and redo your change.";
    BodyTooLarge "body-too-large" 413 "Begäran är för stor." "The request is too large.";
    UnsupportedMediaType "unsupported-media-type" 415 "Innehållets typ stöds inte här." "The type of the content is not supported here.";
    ValidationFailed "validation-failed" 422 "Något i det du skickade stämmer inte. Se fälten nedan. Inget har sparats." "Something in what you sent is not right. See the fields below. Nothing was saved.";
    IdempotencyKeyReused "idempotency-key-reused" 422 "Samma Idempotency-Key har redan använts med ett annat innehåll. Använd en ny nyckel." "The same Idempotency-Key was already used with another body. Use a new key.";
    UnreadableFile "unreadable-file" 422 "Filen går inte att läsa som en befolkningslista." "The file cannot be read as a roster.";
    UnreadableValues "unreadable-values" 422 "Det går inte att läsa några värden ur det du skickade. Se nedan varför." "No values can be read from what you sent. See below why.";
    VersionRequired "version-required" 428 "Ändringen måste ange vilken version den bygger på (If-Match)." "The change must state the version it builds on (If-Match).";
    TooManyAttempts "too-many-attempts" 429 "För många misslyckade försök. Vänta en stund och försök igen." "Too many failed attempts. Wait a while and try again.";
    TooManyRequests "too-many-requests" 429 "Du har gjort detta väldigt många gånger den senaste timmen. Vänta en stund och försök igen." "You have done this very many times within the last hour. Wait a while and try again.";
    Internal "internal" 500 "Något gick fel hos oss. Inget har sparats. Felet är noterat." "Something went wrong on our side. Nothing was saved. The error has been noted.";
    ProviderUnavailable "provider-unavailable" 503 "Leverantören av inloggningen svarar inte som den ska. Försök igen om en stund." "The provider of the sign-in does not answer as it should. Try again in a moment.";
    Busy "busy" 503 "Tjänsten är upptagen just nu. Försök igen om en stund." "The service is busy right now. Try again in a moment.";
}

macro_rules! field_codes {
    ($($variant:ident $code:literal $sv:literal $en:literal;)+) => {
        /// What is wrong with one field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum FieldCode { $(#[doc = $en] $variant,)+ }
        impl FieldCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The stable code.
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// One sentence for people; `{}` is replaced by a bound or a list of allowed words.
            pub const fn detail(self, language: Language) -> &'static str {
                match language {
                    Language::Swedish => match self { $(Self::$variant => $sv),+ },
                    Language::English => match self { $(Self::$variant => $en),+ },
                }
            }
        }
    };
}

field_codes! {
    Required "required" "Fältet måste fyllas i." "The field is required.";
    NotNull "not-null" "Fältet kan inte tömmas." "The field cannot be emptied.";
    Twice "twice" "Får bara anges en gång." "May be given only once.";
    UnknownField "unknown-field" "Fältet finns inte." "There is no such field.";
    NotText "not-text" "Fältet ska vara text." "The field must be text.";
    NotNumber "not-number" "Fältet ska vara ett heltal." "The field must be a whole number.";
    NotDecimal "not-decimal" "Fältet ska vara ett tal." "The field must be a number.";
    TooManyDecimals "too-many-decimals" "Talet får ha högst {} decimaler." "The number may have at most {} decimals.";
    WrongYearOrder "wrong-year-order" "Året måste ligga efter {}." "The year must be after {}.";
    AgainstDirection "against-direction" "Målvärdet ligger åt fel håll från utgångsvärdet." "The target lies the wrong way from the baseline.";
    NotKoladaKpi "not-kolada-kpi" "Fältet ska vara ett nyckeltals id i Kolada: N eller U och fem siffror." "The field must be the id of a key figure in Kolada: N or U and five digits.";
    NotMeasureName "not-measure-name" "Fältet ska vara ett namn så som måttkatalogen skriver det." "The field must be a name as the catalogue of measures writes it.";
    NoHeading "no-heading" "Filen saknar en rubrik: {}." "The file lacks a heading: {}.";
    HeadingTwice "heading-twice" "En rubrik står två gånger: {}." "A heading stands twice: {}.";
    NotTextFile "not-text-file" "Filen är inte en textfil. Spara den som CSV UTF-8 och skicka den filen." "The file is not a text file. Save it as CSV UTF-8 and send that file.";
    NotKolada "not-kolada" "Innehållet är inte ett svar från Kolada." "The content is no answer of Kolada.";
    NotForGoal "not-for-goal" "Raden gäller ett annat nyckeltal eller en annan kommun än målets." "The row is of another key figure or municipality than the goal's.";
    NoTotal "no-total" "Värdet saknas i källan." "The source has no value.";
    NoNation "no-nation" "Rikets värde saknas, så skillnaden går inte att räkna ut." "The nation's value is missing, so that the difference cannot be told.";
    WrongCellCount "wrong-cell-count" "Raden har inte lika många celler som rubrikraden." "The row has not as many cells as the headings.";
    NotBoolean "not-boolean" "Fältet ska vara true eller false." "The field must be true or false.";
    NotList "not-list" "Fältet ska vara en lista." "The field must be a list.";
    NotObject "not-object" "Fältet ska vara ett objekt." "The field must be an object.";
    NotId "not-id" "Fältet ska vara ett id (UUID)." "The field must be an id (UUID).";
    NotUuidV7 "not-uuid-v7" "Ett id som du gör själv ska vara en UUID av version 7." "An id of your own making must be a UUID of version 7.";
    NotDate "not-date" "Fältet ska vara ett datum, ÅÅÅÅ-MM-DD." "The field must be a date, YYYY-MM-DD.";
    NotInstant "not-instant" "Fältet ska vara en tidpunkt enligt RFC 3339 med tidszon." "The field must be a time by RFC 3339 with its zone.";
    NotInList "not-in-list" "Välj ett av: {}." "Choose one of: {}.";
    TooLong "too-long" "Texten får vara högst {} tecken." "The text may be at most {} characters.";
    TooShort "too-short" "Texten måste vara minst {} tecken." "The text must be at least {} characters.";
    TooMany "too-many" "Listan får ha högst {} rader." "The list may have at most {} rows.";
    OutOfRange "out-of-range" "Talet ska ligga i intervallet {}." "The number must lie within {}.";
    ControlCharacter "control-character" "Texten innehåller tecken som inte går att visa." "The text holds characters that cannot be shown.";
    AbsenceFrom20 "absence-from-20" "Skolan anmäler bara frånvaro för elever under 20 år (skollagen 15 kap. 15 §)." "A school reports absence of pupils under 20 only (skollagen 15:15).";
    NotMunicipalityCode "not-municipality-code" "Fältet ska vara en kommunkod, fyra siffror." "The field must be a municipality code, four digits.";
    InFuture "in-future" "Tidpunkten ligger i framtiden." "The time lies in the future.";
    InPast "in-past" "Datumet har redan passerat." "The date has already passed.";
    TooFarAhead "too-far-ahead" "Dagen ligger för långt fram; senast {}." "The day is too far ahead; {} at the latest.";
    BeforeEpisode "before-episode" "Datumet ligger före periodens början, {}." "The date is before the episode began, {}.";
    AfterEpisode "after-episode" "Datumet ligger efter periodens slut, {}." "The date is after the episode ended, {}.";
    BeforeExit "before-exit" "Datumet ligger före den dag då ungdomen lämnade, {}." "The date is before the day on which the youth left, {}.";
    OutsideEpisode "outside-episode" "Dagen ligger utanför den period som ungdomen följs i." "The day lies outside the episode in which the youth is followed.";
    BeforeBirth "before-birth" "Datumet ligger före födelsedagen." "The date is before the birth date.";
    WrongDateOrder "wrong-date-order" "Datumet kan inte ligga före {}." "The date cannot be before {}.";
    NeedsOther "needs-other" "Fältet kräver att även {} anges." "The field requires {} as well.";
    NotWithOther "not-with-other" "Fältet går inte ihop med {}." "The field does not go together with {}.";
    Immutable "immutable" "Fältet kan inte ändras i efterhand." "The field cannot be changed afterwards.";
    Email "email" "E-postadressen är inte rätt skriven." "The e-mail address is not well formed.";
    IdentityNumber "identity-number" "{}" "{}";
    NotWebsite "not-website" "Adressen ska börja med https:// eller http:// och sakna blanksteg." "The address must begin with https:// or http:// and hold no blank.";
    BirthDateMismatch "birth-date-mismatch" "Födelsedatumet stämmer inte med identitetsnumret." "The birth date does not agree with the identity number.";
    Taken "taken" "Värdet används redan." "The value is already in use.";
    NoSuchRecord "no-such-record" "Ingen sådan post finns att hänvisa till." "There is no such record to refer to.";
    WrongRole "wrong-role" "Personens roll passar inte för uppgiften." "The person's role does not fit the task.";
    WrongStep "wrong-step" "Härifrån kan nästa steg vara: {}." "From here the next step can be: {}.";
    ConsentMissing "consent-missing" "En hänvisning skickas inte utan dokumenterat samtycke." "A referral is not sent without recorded consent.";
    WeakPassword "weak-password" "Lösenordet måste ha minst {} tecken." "The password must have at least {} characters.";
    EasyPassword "easy-password" "Lösenordet är för lätt att gissa. Välj ett annat." "The password is too easy to guess. Choose another.";
    SamePassword "same-password" "Det nya lösenordet är likadant som det gamla." "The new password is the same as the old one.";
    Username "username" "Användarnamnet ska vara 3-60 tecken: små bokstäver a-z, siffror, punkt, bindestreck och understreck." "The user name must be 3-60 characters: small letters a-z, digits, full stop, hyphen and underscore.";
    WrongCode "wrong-code" "Koden stämmer inte. Vänta på nästa och försök igen." "The code is wrong. Wait for the next and try again.";
    WrongPassword "wrong-password" "Det nuvarande lösenordet stämmer inte." "The current password is wrong.";
    Turned20Early "turned-20-early" "Ungdomen har inte fyllt 20 den dagen." "The youth has not turned 20 on that day.";
    NotOurs "not-ours" "Platsen i listan hör inte hit. Börja om från första sidan." "The position does not belong to this list. Start again from the first page.";
    NotWeek "not-week" "Ange en vecka, till exempel 2026-W47." "Give a week, for example 2026-W47.";
    NotVersion "not-version" "Ange versionen som den står i ETag, till exempel \"3\"." "Give the version as the ETag has it, for example \"3\".";
    NotKey "not-key" "Nyckeln ska ha 1-128 tecken ur vanlig ASCII utan blanksteg." "The key must have 1-128 plain ASCII characters without blanks.";
    Turned26Early "turned-26-early" "Ungdomen har inte fyllt 26 den dagen." "The youth has not turned 26 on that day.";
    AgeForTrack "age-for-track" "Spåret gäller den som är {} den dag perioden börjar." "The track is for those who are {} on the day the episode begins.";
    OverlapsEpisode "overlaps-episode" "Ungdomen var redan inskriven i samma spår till {}." "The youth was already in the same track until {}.";
    AfterFirstEntry "after-first-entry" "Det finns en kontakt, insats eller hänvisning redan {}. Perioden kan inte börja efter den." "There is a contact, intervention or referral as early as {}. The episode cannot begin after it.";
    BeforeLastMeasure "before-last-measure" "En insats har ett datum så sent som {}. Perioden kan inte sluta före det." "An intervention has a date as late as {}. The episode cannot end before it.";
    SetByClosing "set-by-closing" "Fältet anges när perioden avslutas." "The field is set when the episode is closed.";
    NotInTrack "not-in-track" "Skälet används inte i det här spåret." "The reason is not used in this track.";
    NotYetInForce "not-yet-in-force" "Skälet används först från {}." "The reason is used only from {}.";
    InterventionOpen "intervention-open" "Insatsen {} pågår. Ange när och varför den slutade." "The intervention {} is under way. Tell when and why it ended.";
    PlacesHeld "places-held" "Så få platser kan det inte bli: fler är upptagna." "There cannot be so few places: more are held.";
    NotAccepted "not-accepted" "En insats börjar först när erbjudandet har fått ett ja." "An intervention begins only once the offer has been accepted.";
    OverlapsAssignment "overlaps-assignment" "En annan handläggare är tilldelad från {}. Ändra den tilldelningen först." "Another handler is assigned from {}. Change that assignment first.";
    AgeForContract "age-for-contract" "Utbildningskontrakt tecknas med den som är {} år när det börjar gälla." "Education contracts are made with those who are {} years old when they begin.";
    PartyMissing "party-missing" "Ungdomen och minst en annan part ska vara med." "The youth and at least one other party must be among them.";
    OutreachOnly "outreach-only" "Utbildningskontrakt tecknas i det uppsökande spåret." "Education contracts are made in the outreach track.";
    NotAtFirst "not-at-first" "Det som just antecknas tas inte tillbaka i samma stund." "What is being recorded is not taken back in the same moment.";
    ToldByContact "told-by-contact" "Uppgiften kommer från en kontakt. Rätta kontakten, eller ta tillbaka uppgiften med en orsak." "The information comes from a contact. Correct the contact, or take the information back with a reason.";
    Phone "phone" "Telefonnumret är inte rätt skrivet." "The phone number is not well formed.";
    OnlyWhileMinor "only-while-minor" "Vårdnadshavare antecknas bara för den som är under 18." "Guardians are kept only for those under 18.";
    NothingSearched "nothing-searched" "Skriv minst en bokstav eller siffra att söka på." "Type at least one letter or digit to search for.";
    Roster "roster" "{}" "{}";
    Turned20 "turned-20" "Personen har fyllt 20 år och kan inte längre ingå i målgruppen." "The person has turned 20 and can no longer be in the target group.";
    OverlapsFact "overlaps-fact" "En annan uppgift gäller redan, från {}. Ändra eller stryk den först." "Another fact holds already, from {}. Change it or mark it void first.";
    CompulsorySchoolAt18 "compulsory-school-at-18" "Skolplikten upphör senast när ungdomen fyller 18 år (skollagen 7 kap. 13 §)." "The skolplikt ends at the latest when the youth turns 18 (skollagen 7:13).";
    NotForProtected "not-for-protected" "Uppgiften antecknas inte för den som har skyddade personuppgifter." "This is not noted of somebody with protected identity.";
    TooLate "too-late" "Dagen får vara senast {}." "The day may be {} at the latest.";
    GiverAge "giver-age" "Den som har fyllt {} år lämnar själv sitt samtycke; för den som är yngre gör vårdnadshavaren det." "Who has turned {} consents alone; for those who are younger a guardian does.";
    ConsentOtherRecipient "consent-other-recipient" "Samtycket gäller en annan mottagare." "The consent is for another recipient.";
    ConsentNotOnDay "consent-not-on-day" "Samtycket gäller inte den dagen, bara {}." "The consent does not hold on that day, only {}.";
    ConsentOtherData "consent-other-data" "Samtycket omfattar inte {}." "The consent does not cover {}.";
    OnlyOwnConsent "only-own-consent" "Till LSS-handläggaren går något bara med ungdomens eget samtycke (LSS 8 §)." "To the LSS officer something goes only with the youth's own consent (LSS 8 §).";
    SensitiveTerms "sensitive-terms" "Texten har ord som kan vara känsliga: {}. Ta bort dem, eller spara igen med just de orden i confirmedTerms om de ska stå kvar." "The text has words that may be sensitive: {}. Remove them, or save again with exactly these words in confirmedTerms if they shall stand.";
    TermsNotFound "terms-not-found" "Bekräfta bara de ord som angavs: något av dem finns inte i texten." "Confirm only the words that were told: one of them is not in the text.";
    TellsWho "tells-who" "Här skrivs inget som säger vem någon är: ta bort telefonnummer, identitetsnummer, e-postadresser och namn." "Nothing is written here that tells who somebody is: remove phone numbers, identity numbers, e-mail addresses and names.";
    MergedInto "merged-into" "Personen finns nu som {}." "The person is now {}.";
    SameYouth "same-youth" "Det är samma post." "It is the same record.";
    ProtectionDiffers "protection-differs" "De två har inte samma skydd av personuppgifter. Sätt samma skydd i båda först." "The two do not have the same protection of identity. Set the same in both first.";
    WaitsForTransfer "waits-for-transfer" "En överflyttning väntar på svar. Besvara den eller ta tillbaka den först." "A transfer waits for its answer. Answer or withdraw it first.";
    FoundNotSame "found-not-same" "Någon har antecknat att det är två olika personer. Ta tillbaka det först." "Somebody has noted that they are two persons. Take that back first.";
    ToldByOtherOnly "told-by-other-only" "{} står bara i den andra posten. Anteckna det i den som blir kvar först." "{} stands in the other record only. Note it in the one that stays first.";
    VersionChanged "version-changed" "Posten har ändrats sedan du hämtade den; versionen är nu {}." "The record has changed since you fetched it; the version is now {}.";
    LaterMerge "later-merge" "En senare sammanslagning bygger på den här. Ångra den först." "A later merge builds on this one. Undo that first.";
    EpisodeOpenedSince "episode-opened-since" "En period som har öppnats sedan dess går inte ihop med den som skulle öppnas igen. Avsluta den först." "An episode that was opened since does not go together with the one that would be opened again. Close it first.";
    NoLongerKept "no-longer-kept" "Det som behövs för att ångra finns inte kvar." "What it takes to undo it is no longer kept.";
    PeriodNotEnded "period-not-ended" "Perioden är inte slut: den sista dagen är {}." "The period has not ended: its last day is {}.";
    ProfileNotForPeriod "profile-not-for-period" "Profilen gäller {}. Lägg in den som hör till halvåret." "The profile is for {}. Put in the one that belongs to the half-year.";
    MunicipalityCodeUnset "municipality-code-unset" "Filen innehåller kommunkoden, och den är inte satt i inställningarna." "The file holds the municipality's code, which the settings do not have.";
    NotOpenToRole "not-open-to-role" "Din roll kan inte välja detta." "Your role cannot choose this.";
}

/// One problem with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, or the name of a parameter.
    pub pointer: String,
    /// What is wrong.
    pub code: FieldCode,
    /// What `{}` stands for in Swedish, and in English.
    pub argument: Option<(Cow<'static, str>, Cow<'static, str>)>,
    /// Words of a list of ours that the sentence names, for programs to read.
    pub words: Vec<String>,
}

impl FieldError {
    /// A problem without a bound to tell.
    pub fn new(pointer: impl Into<String>, code: FieldCode) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            argument: None,
            words: Vec::new(),
        }
    }
    /// A problem whose sentence names a bound, the same in both languages.
    pub fn with(
        pointer: impl Into<String>,
        code: FieldCode,
        argument: impl Into<Cow<'static, str>>,
    ) -> Self {
        let argument = argument.into();
        Self {
            pointer: pointer.into(),
            code,
            argument: Some((argument.clone(), argument)),
            words: Vec::new(),
        }
    }
    /// A problem whose words differ by language.
    pub fn worded(
        pointer: impl Into<String>,
        code: FieldCode,
        sv: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            argument: Some((sv.into(), en.into())),
            words: Vec::new(),
        }
    }
    /// A problem whose sentence names words of a list of ours.
    pub fn with_words(pointer: impl Into<String>, code: FieldCode, words: Vec<String>) -> Self {
        Self {
            words: words.clone(),
            ..Self::with(pointer, code, words.join(", "))
        }
    }
    /// The sentence for people.
    pub fn detail(&self, language: Language) -> String {
        let template = self.code.detail(language);
        match (&self.argument, language) {
            (Some((sv, _)), Language::Swedish) => template.replace("{}", sv),
            (Some((_, en)), Language::English) => template.replace("{}", en),
            (None, _) => template.to_owned(),
        }
    }
}

/// An error on its way to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What went wrong.
    pub code: ErrorCode,
    /// Which fields, if any.
    pub fields: Vec<FieldError>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u64>,
    /// The current version, when the caller's was stale.
    pub current_version: Option<i64>,
    /// The cause, for the log alone.
    pub cause: Option<String>,
    /// Whether another transaction was in the way, so that the work may be tried again.
    pub is_conflict: bool,
}

/// The result of everything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            fields: Vec::new(),
            retry_after: None,
            current_version: None,
            cause: None,
            is_conflict: false,
        }
    }
}

impl From<FieldError> for Error {
    fn from(field: FieldError) -> Self {
        Self::invalid(vec![field])
    }
}

impl Error {
    /// 422 with the fields that are wrong.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self {
            fields,
            ..Self::from(ErrorCode::ValidationFailed)
        }
    }
    /// 403 with the field that may not be set.
    pub fn forbidden_field(pointer: String) -> Self {
        Self {
            fields: vec![FieldError::new(pointer, FieldCode::NotOpenToRole)],
            ..Self::from(ErrorCode::ForbiddenField)
        }
    }
    /// 412 with the version in force.
    pub fn stale(current_version: i64) -> Self {
        Self {
            current_version: Some(current_version),
            ..Self::from(ErrorCode::StaleVersion)
        }
    }
    /// 500; the cause goes to the log only.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::from(ErrorCode::Internal)
        }
    }
    /// 503, come back in a moment.
    pub fn busy(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            retry_after: Some(1),
            ..Self::from(ErrorCode::Busy)
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.title(Language::English))
    }
}
impl std::error::Error for Error {}
