//! Which measures are there, and what exactly does each count? The catalogue as data: name, definition, numerator, denominator,
//! which days decide, how it may be broken down, and which plan asks for it. It is fixed: no filter, no free choice of rows,
//! since the difference between two of one's own choosing would be one person. Never by a sensitive attribute.
//! How the facts are read is decided in `record`: what stands here is what is counted there, and a test counts it all a second
//! time from the raw rows. Change a definition together with its version.

use super::document::{FigureUnit, MeasureDefinition, MeasureKind, Words};
use super::tally::{Division, OutcomeTally, Tally};

/// Both languages, Swedish first.
type Both = (&'static str, &'static str);

/// Where the figures of a measure come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// A tally.
    Count(Tally),
    /// The parts of a tally as an axis of outcomes.
    Destinations,
    /// An outcome of people.
    Outcome(OutcomeTally),
    /// A part of a tally, in percent.
    Share {
        /// What is divided.
        part: Tally,
        /// By what.
        of: Tally,
    },
    /// The middle of the days to the first offer.
    DaysToOffer,
    /// The cost that was entered for the period.
    Cost,
    /// The same divided by the participants.
    CostPerParticipant,
    /// Sessions of outreach.
    Sessions,
    /// The hours of the ambassadors.
    Hours,
    /// Whom the sessions met, by age and sex.
    PeopleMet,
    /// People met who are nobody's record.
    AnonymousContacts,
}

/// A measure of the catalogue.
#[derive(Debug)]
pub struct Measure {
    /// The name in JSON.
    pub code: &'static str,
    /// Grows with every change of what it counts.
    pub version: u32,
    /// What its figures count.
    pub unit: FigureUnit,
    /// Where they come from.
    pub figure: Figure,
    title: Both,
    definition: Both,
    numerator: Both,
    denominator: Option<Both>,
    period_logic: Both,
    /// How it may be broken down.
    pub breakdowns: &'static [Division],
    source: Option<Both>,
}

use Division::{AgeGroup, Area, Months, Reason, Sex, Track, Unit};
use FigureUnit as U;

/// All divisions of youths.
const ALL: &[Division] = &Division::OF_YOUTHS;
/// Of those whom age and track say nothing more of.
const WITHIN_A_TRACK: &[Division] = &[Sex, Area, Reason, Unit];
/// Of dropouts, whose reason is known.
const WITHIN_A_REASON: &[Division] = &[Sex, AgeGroup, Area, Unit];
/// Of tables of outcomes.
const OF_OUTCOMES: &[Division] = &[Sex, AgeGroup, Track, Unit];
/// Of those who dropped out a while ago.
pub(super) const COHORT_DIVISIONS: &[Division] = &[Sex, AgeGroup, Unit];
/// Of outcome checks.
pub(super) const CHECK_DIVISIONS: &[Division] = &[Sex, AgeGroup, Track, Months];

/// Which days decide.
const IN_PERIOD: Both = (
    "Den som var inskriven minst en dag under perioden; dagen för avslutet räknas med.",
    "Whoever was in the register on at least one day of the period; the day of exit counts.",
);
const BY_EVENT: Both = (
    "Dagen då det hände, första till och med sista dagen i perioden, bland dem som var inskrivna minst en dag.",
    "The day on which it happened, from the first to the last day of the period, among those who were in the register on at least one day.",
);
const ON_LAST_DAY: Both = ("Sista dagen i perioden.", "The last day of the period.");
const IN_WHOLE: Both = (
    "Hela perioden, för hela kommunen.",
    "The whole period, for the whole municipality.",
);
const BY_ITS_END: Both = (
    "Perioder i registret som pågick minst en dag under perioden, från inskrivningen till och med periodens sista dag.",
    "Episodes that ran on at least one day of the period, from their beginning to the last day of the period.",
);
const SUNDBYBERG: Both = (
    "Sundbybergs plan för unga 16–25 år (2017), avsnitt 5.1",
    "Sundbyberg's plan for ages 16-25 (2017), section 5.1",
);
const SODERHAMN: Both = (
    "Söderhamns handlingsprogram (2010), viktiga nyckeltal",
    "Söderhamn's programme of action (2010), key figures",
);
const REGISTER_RULES: Both = ("Förordning (2006:39) 4 §", "Ordinance (2006:39) section 4");

/// The measures, in the order in which they are shown.
#[rustfmt::skip]
pub static MEASURES: &[Measure] = &[
    count("youths", (Tally::Youths, U::Persons),
        ("Ungdomar i registret", "Youths in the register"),
        ("Personer som var inskrivna i någon av kommunens enheter minst en dag under perioden. En person räknas en gång.", "Persons with an episode at any unit of the municipality on at least one day of the period. A person counts once."),
        IN_PERIOD, ALL, None),
    count("personsAttempted", (Tally::Attempted, U::Persons),
        ("Ungdomar med kontaktförsök", "Youths with attempts"),
        ("Personer i registret med minst en kontakt eller ett kontaktförsök under perioden, oavsett utfall.", "Persons in the register with at least one contact or attempt in the period, whatever came of it."),
        BY_EVENT, ALL, None),
    count("personsReached", (Tally::Reached, U::Persons),
        ("Ungdomar som nåtts", "Youths reached"),
        ("Personer i registret som själva nåddes vid minst en kontakt under perioden. Samtal med skola eller vårdnadshavare räknas inte.", "Persons in the register who were themselves reached in at least one contact of the period. A talk with a school or a guardian does not count."),
        BY_EVENT, ALL, None),
    share("personsReachedShare", (Tally::Reached, Tally::Youths), [
        ("Andel ungdomar som nåtts", "Share of youths reached"),
        ("Hur stor del av ungdomarna i registret som själva nåddes under perioden.", "How many of the youths in the register were themselves reached in the period."),
        ("Ungdomar som nåtts.", "Youths reached."), ("Ungdomar i registret.", "Youths in the register.")],
        BY_EVENT, ALL, None),
    count("personsNeverReached", (Tally::NeverReached, U::Persons),
        ("Ungdomar som aldrig nåtts", "Youths never reached"),
        ("Personer i registret som inte själva nåddes under perioden och inte heller tidigare i någon av de perioder i registret som pågick då.", "Persons in the register who were not themselves reached in the period, nor before in any of the episodes that ran then."),
        BY_ITS_END, ALL, Some(SUNDBYBERG)),
    share("personsNeverReachedShare", (Tally::NeverReached, Tally::Youths), [
        ("Andel ungdomar som aldrig nåtts", "Share of youths never reached"),
        ("Hur stor del av ungdomarna i registret som aldrig nåtts.", "How many of the youths in the register were never reached."),
        ("Ungdomar som aldrig nåtts.", "Youths never reached."), ("Ungdomar i registret.", "Youths in the register.")],
        BY_ITS_END, ALL, Some(SUNDBYBERG)),
    count("contactAttempts", (Tally::ContactAttempts, U::Contacts),
        ("Kontakter och kontaktförsök", "Contacts and attempts"),
        ("Kontakter och kontaktförsök under perioden med eller för ungdomar i registret, oavsett utfall.", "Contacts and attempts in the period with or for youths in the register, whatever came of them."),
        BY_EVENT, ALL, None),
    count("contactsReached", (Tally::ContactsReached, U::Contacts),
        ("Kontakter där ungdomen nåddes", "Contacts in which the youth was reached"),
        ("Kontakter under perioden där ungdomen själv nåddes.", "Contacts of the period in which the youth was reached."),
        BY_EVENT, ALL, None),
    share("contactReachRate", (Tally::ContactsReached, Tally::ContactAttempts), [
        ("Andel kontaktförsök som nådde ungdomen", "Reach rate of contacts"),
        ("Hur stor del av kontakterna och kontaktförsöken där ungdomen själv nåddes.", "How many of the contacts and attempts reached the youth."),
        ("Kontakter där ungdomen nåddes.", "Contacts in which the youth was reached."), ("Kontakter och kontaktförsök.", "Contacts and attempts.")],
        BY_EVENT, ALL, None),
    count("personsOffered", (Tally::Offered, U::Persons),
        ("Ungdomar som erbjudits insats", "Youths offered an intervention"),
        ("Personer i registret som erbjöds minst en insats under perioden.", "Persons in the register who were offered at least one intervention in the period."),
        BY_EVENT, ALL, None),
    count("interventionsOffered", (Tally::InterventionsOffered, U::Interventions),
        ("Erbjudna insatser", "Interventions offered"),
        ("Insatser som erbjöds ungdomar i registret under perioden.", "Interventions offered to youths in the register in the period."),
        BY_EVENT, ALL, None),
    count("personsAccepted", (Tally::Accepted, U::Persons),
        ("Ungdomar som tackat ja till insats", "Youths who accepted an intervention"),
        ("Personer i registret som under perioden tackade ja till minst en insats, även om den erbjöds tidigare. Ett ja utan datum räknas på dagen för erbjudandet.", "Persons in the register who accepted at least one intervention in the period, even if it was offered earlier. An acceptance without a day counts on the day of the offer."),
        BY_EVENT, ALL, None),
    count("interventionsAccepted", (Tally::InterventionsAccepted, U::Interventions),
        ("Accepterade insatser", "Interventions accepted"),
        ("Insatser som ungdomar i registret tackade ja till under perioden, även om de erbjöds tidigare.", "Interventions that youths in the register accepted in the period, even if they were offered earlier."),
        BY_EVENT, ALL, None),
    count("personsStarted", (Tally::Started, U::Persons),
        ("Ungdomar som påbörjat insats", "Youths who started an intervention"),
        ("Personer i registret som påbörjade minst en insats under perioden, även om den erbjöds tidigare.", "Persons in the register who started at least one intervention in the period, even if it was offered earlier."),
        BY_EVENT, ALL, None),
    count("interventionsStarted", (Tally::InterventionsStarted, U::Interventions),
        ("Påbörjade insatser", "Interventions started"),
        ("Insatser som ungdomar i registret påbörjade under perioden, även om de erbjöds tidigare.", "Interventions that youths in the register started in the period, even if they were offered earlier."),
        BY_EVENT, ALL, None),
    count("kaaYouths", (Tally::Kaa, U::Persons),
        ("Ungdomar 16–19 år i aktivitetsansvaret", "Youths aged 16-19 under the activity responsibility"),
        ("Personer i åldersgruppen 16–19 år som var inskrivna i det kommunala aktivitetsansvaret minst en dag under perioden.", "Persons of the age group 16-19 who were under the kommunala aktivitetsansvaret on at least one day of the period."),
        IN_PERIOD, WITHIN_A_TRACK, Some(SUNDBYBERG)),
    count("kaaYouthsOffered", (Tally::KaaOffered, U::Persons),
        ("Ungdomar 16–19 år som erbjudits insats", "Youths aged 16-19 offered an intervention"),
        ("Personer i åldersgruppen 16–19 år i aktivitetsansvaret som senast periodens sista dag erbjudits minst en insats i någon av de perioder i aktivitetsansvaret som pågick då. Ett erbjudande är inte ett deltagande.", "Persons of the age group 16-19 under the responsibility who by the last day of the period had been offered at least one intervention in any of the episodes of it that ran then. An offer is not a participation."),
        BY_ITS_END, WITHIN_A_TRACK, Some(SUNDBYBERG)),
    share("kaaOfferedShare", (Tally::KaaOffered, Tally::Kaa), [
        ("Andel 16–19 år som erbjudits insats", "Share aged 16-19 offered an intervention"),
        ("Målet är att alla ungdomar 16–19 år ska erbjudas en insats.", "The goal is that every youth aged 16-19 is offered an intervention."),
        ("Ungdomar 16–19 år som erbjudits insats.", "Youths aged 16-19 offered an intervention."), ("Ungdomar 16–19 år i aktivitetsansvaret.", "Youths aged 16-19 under the activity responsibility.")],
        BY_ITS_END, WITHIN_A_TRACK, Some(SUNDBYBERG)),
    count("kaaYouthsLeft", (Tally::KaaLeft, U::Persons),
        ("Ungdomar 16–19 år som lämnat registret", "Youths aged 16-19 who left the register"),
        ("Personer i åldersgruppen 16–19 år i aktivitetsansvaret som inte längre var inskrivna någonstans på periodens sista dag.", "Persons of the age group 16-19 under the responsibility who were no longer in the register at all on the last day of the period."),
        ON_LAST_DAY, WITHIN_A_TRACK, Some(SUNDBYBERG)),
    count("kaaYouthsOfferedBeforeLeaving", (Tally::KaaLeftOffered, U::Persons),
        ("Ungdomar 16–19 år som erbjudits insats innan de lämnade registret", "Youths aged 16-19 offered an intervention before they left"),
        ("De av ungdomarna 16–19 år som lämnat registret som hade erbjudits minst en insats.", "Those of the youths aged 16-19 who left the register who had been offered at least one intervention."),
        BY_ITS_END, WITHIN_A_TRACK, Some(SUNDBYBERG)),
    share("kaaOfferedBeforeLeavingShare", (Tally::KaaLeftOffered, Tally::KaaLeft), [
        ("Andel 16–19 år som erbjudits insats innan de lämnade registret", "Share aged 16-19 offered an intervention before they left"),
        ("Hur stor del av ungdomarna 16–19 år som lämnat registret som hade erbjudits en insats.", "How many of the youths aged 16-19 who left the register had been offered an intervention."),
        ("Ungdomar 16–19 år som erbjudits insats innan de lämnade registret.", "Youths aged 16-19 offered an intervention before they left."), ("Ungdomar 16–19 år som lämnat registret.", "Youths aged 16-19 who left the register.")],
        BY_ITS_END, WITHIN_A_TRACK, Some(SUNDBYBERG)),
    Measure {
        code: "daysToFirstOffer", version: 1, unit: U::Days, figure: Figure::DaysToOffer,
        title: ("Dagar till första erbjudandet", "Days to the first offer"),
        definition: ("Det mittersta antalet dagar från inskrivningen till det första erbjudandet, bland ungdomar 16–19 år i aktivitetsansvaret som erbjudits en insats. Vid jämnt antal medelvärdet av de två mittersta, avrundat uppåt. De som inte erbjudits något ingår inte.", "The middle number of days from the entry to the first offer, among youths aged 16-19 under the responsibility who have been offered an intervention. Of an even number the mean of the two in the middle, rounded up. Those who have not been offered anything are not in it."),
        numerator: ("Dagar från inskrivningen till det första erbjudandet.", "Days from the entry to the first offer."),
        denominator: Some(("Ungdomar 16–19 år som erbjudits insats.", "Youths aged 16-19 offered an intervention.")),
        period_logic: BY_ITS_END, breakdowns: WITHIN_A_TRACK, source: Some(SUNDBYBERG),
    },
    count("dropouts", (Tally::Dropouts, U::Persons),
        ("Avbrott från gymnasieskolan", "Dropouts from upper secondary school"),
        ("Personer som skrevs in i registret under perioden med orsaken avbrott från nationellt program eller från anpassad gymnasieskola. Studiebevis och introduktionsprogram räknas inte som avbrott.", "Persons who entered the register in the period with the reason dropout from a national programme or from adapted upper secondary school. A study certificate and an introductory programme are no dropouts."),
        BY_EVENT, WITHIN_A_REASON, Some(SUNDBYBERG)),
    count("dropoutCohort", (Tally::Cohort, U::Persons),
        ("Ungdomar som följts upp efter avbrott", "Youths followed after a dropout"),
        ("Personer som skrevs in efter avbrott från gymnasieskolan och vilkas uppföljningstid tog slut under perioden. Tiden är 12 månader om kommunen inte bestämt annat. Av flera inskrivningar räknas den första.", "Persons who entered after a dropout from upper secondary school and whose time of following came to its end in the period. The time is 12 months unless the municipality has decided otherwise. Of several entries the first counts."),
        COHORT_LOGIC, COHORT_DIVISIONS, Some(SUNDBYBERG)),
    count("dropoutsCensored", (Tally::CohortCensored, U::Persons),
        ("Inte möjliga att följa efter avbrott", "Could not be followed after a dropout"),
        ("De av dem som under tiden avregistrerades för att de fyllt 20 år, flyttat, avlidit eller registrerats fel, innan de återupptagit studierna. De ingår inte i andelen.", "Those of them who were deregistered within the time because they turned 20, moved, died or had been registered in error, before they resumed. They are not in the share."),
        COHORT_LOGIC, COHORT_DIVISIONS, Some(SUNDBYBERG)),
    count("dropoutsFollowed", (Tally::CohortFollowed, U::Persons),
        ("Följda hela tiden efter avbrott", "Followed all the time after a dropout"),
        ("De övriga: de som återupptog studierna eller kunde följas hela tiden.", "The others: those who resumed, or could be followed all the time."),
        COHORT_LOGIC, COHORT_DIVISIONS, Some(SUNDBYBERG)),
    count("dropoutsResumedNational", (Tally::CohortNational, U::Persons),
        ("Återupptagna studier på nationellt program", "Resumed studies on a national programme"),
        ("De av dem som inom tiden avregistrerades till studier på nationellt program eller motsvarande, eller som slutfört gymnasieutbildningen.", "Those of them who within the time were deregistered to a national programme or equivalent, or as having completed upper secondary education."),
        COHORT_LOGIC, COHORT_DIVISIONS, Some(SUNDBYBERG)),
    count("dropoutsResumedIntroductory", (Tally::CohortIntroductory, U::Persons),
        ("Återupptagna studier på introduktionsprogram", "Resumed studies on an introductory programme"),
        ("De av dem som inom tiden avregistrerades till studier på introduktionsprogram.", "Those of them who within the time were deregistered to an introductory programme."),
        COHORT_LOGIC, COHORT_DIVISIONS, Some(SUNDBYBERG)),
    share("dropoutsResumedShare", (Tally::CohortNational, Tally::CohortFollowed), [
        ("Andel som återupptagit gymnasiestudier efter avbrott", "Share who resumed upper secondary studies after a dropout"),
        ("Hur stor del av dem som kunde följas som inom tiden gick till nationellt program eller motsvarande. Introduktionsprogram redovisas för sig.", "How many of those who could be followed went to a national programme or equivalent within the time. Introductory programmes are shown apart."),
        ("Återupptagna studier på nationellt program.", "Resumed studies on a national programme."), ("Följda hela tiden efter avbrott.", "Followed all the time after a dropout.")],
        COHORT_LOGIC, COHORT_DIVISIONS, Some(SUNDBYBERG)),
    count("adultsWithoutExam", (Tally::NoExam, U::Persons),
        ("Unga 20–24 år utan gymnasieexamen i uppsökande verksamhet", "Aged 20-24 without an exam in the outreach"),
        ("Personer som var 20–24 år första dagen i registret under perioden, var inskrivna i den uppsökande verksamheten minst en dag och den första dagen varken hade ett registrerat dokument om fullföljd gymnasieutbildning eller tidigare avregistrerats som klara med den. Alla i kommunen utan examen är det inte.", "Persons who were aged 20-24 on their first day in the register within the period, were in the outreach on at least one day, and on that first day had neither a registered document of completed upper secondary education nor an earlier deregistration for having completed it. They are not all in the municipality without an exam."),
        IN_PERIOD, WITHIN_A_TRACK, Some(SUNDBYBERG)),
    count("adultsResumedStudies", (Tally::NoExamResumed, U::Persons),
        ("Unga 20–24 år utan gymnasieexamen som återupptagit studier", "Aged 20-24 without an exam who resumed studies"),
        ("De av dem som under perioden enligt en iakttagelse studerade, lämnade registret till en utbildning eller påbörjade en insats inom komvux eller på folkhögskola.", "Those of them who in the period were ascertained to study, left an episode for an education, or started an intervention in komvux or at a folk high school."),
        BY_EVENT, WITHIN_A_TRACK, Some(SUNDBYBERG)),
    share("adultsResumedShare", (Tally::NoExamResumed, Tally::NoExam), [
        ("Andel 20–24 år utan gymnasieexamen som återupptagit studier", "Share aged 20-24 without an exam who resumed studies"),
        ("Hur stor del av de unga 20–24 år utan gymnasieexamen i uppsökande verksamhet som återupptagit studier.", "How many of those aged 20-24 without an exam in the outreach resumed studies."),
        ("Unga 20–24 år utan gymnasieexamen som återupptagit studier.", "Aged 20-24 without an exam who resumed studies."), ("Unga 20–24 år utan gymnasieexamen i uppsökande verksamhet.", "Aged 20-24 without an exam in the outreach.")],
        BY_EVENT, WITHIN_A_TRACK, Some(SUNDBYBERG)),
    count("personsOnLastDay", (Tally::Present, U::Persons),
        ("Ungdomar i registret sista dagen", "Youths in the register on the last day"),
        ("Personer i registret som fortfarande var inskrivna på periodens sista dag.", "Persons in the register who were still in it on the last day of the period."),
        ON_LAST_DAY, ALL, None),
    outcome("occupations", OutcomeTally::Occupations,
        ("Sysselsättning sista dagen", "Occupation on the last day"),
        ("Ungdomar i registret sista dagen efter vad de gjorde, så som det var känt då. Okänt är uppdelat: okänd, har inte gått att nå, vill inte säga, och det som en gång var känt men inte bekräftats i tid.", "Youths in the register on the last day by what they did, as it was known then. What is not known is split: not known, not reached, declined to say, and what was known once but not confirmed in time."),
        ON_LAST_DAY, OF_OUTCOMES, Some(REGISTER_RULES)),
    count("personsExited", (Tally::Exited, U::Persons),
        ("Ungdomar som lämnat registret", "Youths who left the register"),
        ("Personer i registret som inte längre var inskrivna på periodens sista dag. Den som lämnat och kommit tillbaka räknas inte.", "Persons in the register who were no longer in it on the last day of the period. Whoever left and came back does not count."),
        ON_LAST_DAY, ALL, None),
    outcome("deregistrationReasons", OutcomeTally::Reasons,
        ("Varför ungdomarna avregistrerades", "Reasons for deregistration"),
        ("Ungdomar som lämnat registret efter orsaken till periodens sista avregistrering.", "Youths who left the register by the reason for their last deregistration of the period."),
        ON_LAST_DAY, OF_OUTCOMES, Some(SODERHAMN)),
    Measure {
        code: "destinations", version: 2, unit: U::Persons, figure: Figure::Destinations,
        title: ("Vart ungdomarna gick", "Destinations"),
        definition: ("Ungdomar som lämnat registret efter om de gick till arbete, till utbildning eller till något annat, vid periodens sista avregistrering.", "Youths who left the register by whether they went to work, to education or to something else, at their last deregistration of the period."),
        numerator: ("Ungdomar som lämnat registret.", "Youths who left the register."), denominator: None,
        period_logic: ON_LAST_DAY, breakdowns: ALL, source: Some(SODERHAMN),
    },
    outcome("educationKinds", OutcomeTally::EducationKinds,
        ("Till vilken utbildning ungdomarna gick", "Kinds of education"),
        ("De som gick till utbildning efter vilken.", "Those who went to education by which."),
        ON_LAST_DAY, OF_OUTCOMES, Some(SODERHAMN)),
    share("exitedToWorkShare", (Tally::ToWork, Tally::Exited), [
        ("Andel som gick till arbete", "Share who went to work"),
        ("Hur stor del av dem som lämnat registret som gick till arbete.", "How many of those who left the register went to work."),
        ("Ungdomar som gick till arbete.", "Youths who went to work."), ("Ungdomar som lämnat registret.", "Youths who left the register.")],
        ON_LAST_DAY, ALL, Some(SODERHAMN)),
    share("exitedToEducationShare", (Tally::ToEducation, Tally::Exited), [
        ("Andel som gick till utbildning", "Share who went to education"),
        ("Hur stor del av dem som lämnat registret som gick till utbildning.", "How many of those who left the register went to education."),
        ("Ungdomar som gick till utbildning.", "Youths who went to education."), ("Ungdomar som lämnat registret.", "Youths who left the register.")],
        ON_LAST_DAY, ALL, Some(SODERHAMN)),
    count("exitedToWorkOrEducation", (Tally::ToWorkOrEducation, U::Persons),
        ("Ungdomar som gick till arbete eller utbildning", "Youths who went to work or education"),
        ("De som lämnat registret och gick till arbete eller utbildning.", "Those who left the register and went to work or education."),
        ON_LAST_DAY, ALL, Some(SODERHAMN)),
    count("exitedElsewhere", (Tally::Elsewhere, U::Persons),
        ("Ungdomar som gick till arbete eller utbildning på annan ort", "Youths who went to work or education elsewhere"),
        ("De av dem för vilka det är antecknat att det är på annan ort.", "Those of them of whom it is recorded that it is in another place."),
        ON_LAST_DAY, ALL, Some(SODERHAMN)),
    share("exitedElsewhereShare", (Tally::Elsewhere, Tally::ToWorkOrEducation), [
        ("Rörlighet", "Mobility"),
        ("Hur stor del av dem som gick till arbete eller utbildning som gjorde det på annan ort.", "How many of those who went to work or education did so in another place."),
        ("Ungdomar som gick till arbete eller utbildning på annan ort.", "Youths who went to work or education elsewhere."), ("Ungdomar som gick till arbete eller utbildning.", "Youths who went to work or education.")],
        ON_LAST_DAY, ALL, Some(SODERHAMN)),
    count("participants", (Tally::Participants, U::Persons),
        ("Deltagare i insats", "Participants"),
        ("Personer i registret med en påbörjad insats som pågick minst en dag under perioden.", "Persons in the register with a started intervention that ran on at least one day of the period."),
        IN_PERIOD, ALL, None),
    count("participations", (Tally::Participations, U::Interventions),
        ("Deltaganden", "Participations"),
        ("Deltagare, räknade en gång för varje slag av insats som de hade.", "Participants, counted once for each kind of intervention they had."),
        IN_PERIOD, ALL, None),
    outcome_of("interventionKinds", (OutcomeTally::Kinds, U::Interventions),
        ("Pågående insatser efter slag", "Interventions by kind"),
        ("Deltaganden efter slag av insats: varje siffra är ett antal personer, och den som hade flera slag är med i flera.", "Participations by kind of intervention: each figure is a number of persons, and whoever had several kinds is in several."),
        IN_PERIOD, OF_OUTCOMES, None),
    count("personsWithEndedIntervention", (Tally::Ended, U::Persons),
        ("Ungdomar med avslutad insats", "Youths with an intervention that ended"),
        ("Personer i registret med minst en insats som avslutades under perioden.", "Persons in the register with at least one intervention that ended in the period."),
        BY_EVENT, ALL, None),
    count("interventionsEnded", (Tally::InterventionsEnded, U::Interventions),
        ("Avslutade insatser", "Interventions ended"),
        ("Insatser för ungdomar i registret som avslutades under perioden.", "Interventions of youths in the register that ended in the period."),
        BY_EVENT, ALL, None),
    outcome("interventionEndReasons", OutcomeTally::EndReasons,
        ("Resultat av avslutade insatser", "Results of interventions that ended"),
        ("Ungdomar med avslutad insats efter varför den sista av dem avslutades.", "Youths with an intervention that ended by why the last of them ended."),
        BY_EVENT, OF_OUTCOMES, None),
    outcome("interventionDurations", OutcomeTally::Durations,
        ("Längd på avslutade insatser", "Duration of interventions that ended"),
        ("Ungdomar med avslutad insats efter hur länge den sista av dem pågick, från första till sista dagen.", "Youths with an intervention that ended by how long the last of them ran, from the first to the last day."),
        BY_EVENT, OF_OUTCOMES, None),
    count("outcomesChecked", (Tally::Checked, U::Persons),
        ("Uppföljda efter arbete eller studier", "Followed up after work or studies"),
        ("Personer som lämnat registret för arbete eller studier och vilkas uppföljning besvarades under perioden. Av flera svar räknas det sista.", "Persons who left the register for work or studies and of whom a check was answered in the period. Of several answers the last counts."),
        CHECK_LOGIC, CHECK_DIVISIONS, None),
    count("outcomesKnown", (Tally::CheckAnswered, U::Persons),
        ("Uppföljda med känt resultat", "Followed up with a known result"),
        ("De av dem om vilka det gick att få veta något.", "Those of them of whom something could be found out."),
        CHECK_LOGIC, CHECK_DIVISIONS, None),
    count("outcomesSustained", (Tally::Sustained, U::Persons),
        ("Kvar i arbete eller studier", "Still in work or studies"),
        ("De av dem som var kvar i det som de gick till.", "Those of them who were still in what they left for."),
        CHECK_LOGIC, CHECK_DIVISIONS, None),
    share("outcomesSustainedShare", (Tally::Sustained, Tally::CheckAnswered), [
        ("Andel kvar i arbete eller studier", "Share still in work or studies"),
        ("Hur stor del av dem med känt resultat som var kvar i det som de gick till.", "How many of those with a known result were still in what they left for."),
        ("Kvar i arbete eller studier.", "Still in work or studies."), ("Uppföljda med känt resultat.", "Followed up with a known result.")],
        CHECK_LOGIC, CHECK_DIVISIONS, None),
    single("cost", (U::Kronor, Figure::Cost), [
        ("Kostnad", "Cost"),
        ("Periodens kostnad för arbetet, så som enhetschefen angett den.", "The cost of the work in the period, as the enhetschef has entered it."),
        ("Kronor.", "Kronor.")], None, Some(SODERHAMN)),
    single("costPerParticipant", (U::Kronor, Figure::CostPerParticipant), [
        ("Kostnad per deltagare", "Cost per participant"),
        ("Periodens kostnad delad med antalet deltagare i insats. Bara för hela kommunen.", "The cost of the period divided by the number of participants. For the whole municipality alone."),
        ("Periodens kostnad.", "The cost of the period.")], Some(("Deltagare i insats.", "Participants.")), Some(SODERHAMN)),
    single("outreachSessions", (U::Sessions, Figure::Sessions), [
        ("Uppsökande pass", "Sessions of outreach"),
        ("Pass i stadsmiljö, på nätet eller vid evenemang som började under perioden.", "Sessions in the street, online or at events that began in the period."),
        ("Pass.", "Sessions.")], None, Some(SUNDBYBERG)),
    single("outreachHours", (U::Hours, Figure::Hours), [
        ("Timmar i uppsökande arbete", "Hours of outreach"),
        ("Timmar i pass som började under perioden och annan rapporterad tid, avrundat till hela timmar. Visas bara om minst tre personer arbetat dem.", "Hours in sessions that began in the period and other reported time, rounded to whole hours. Shown only if at least three persons worked them."),
        ("Timmar.", "Hours.")], None, Some(SUNDBYBERG)),
    single("peopleMet", (U::Persons, Figure::PeopleMet), [
        ("Människor som mötts vid pass", "People met in sessions"),
        ("Antal som mötts vid pass under perioden efter ålder och kön, så som de uppfattades. Samma person kan ha mötts flera gånger.", "How many were met in sessions of the period, by age and sex as they seemed to be. The same person may have been met several times."),
        ("Mötta människor.", "People met.")], None, Some(SUNDBYBERG)),
    single("anonymousContacts", (U::Contacts, Figure::AnonymousContacts), [
        ("Anonyma kontakter", "Anonymous contacts"),
        ("Enskilda kontakter vid pass under perioden med någon som inte finns i registret.", "Single contacts in sessions of the period with somebody who is not in the register."),
        ("Kontakter.", "Contacts.")], None, Some(SUNDBYBERG)),
];

const COHORT_LOGIC: Both = (
    "Dagen då uppföljningstiden tog slut, räknad i hela månader från inskrivningen, ligger i perioden.",
    "The day on which the time of following came to its end, in whole months from the entry, lies in the period.",
);
const CHECK_LOGIC: Both = (
    "Dagen då uppföljningen besvarades ligger i perioden.",
    "The day on which the check was answered lies in the period.",
);

/// A number.
const fn count(
    code: &'static str,
    counted: (Tally, FigureUnit),
    title: Both,
    definition: Both,
    period_logic: Both,
    breakdowns: &'static [Division],
    source: Option<Both>,
) -> Measure {
    Measure {
        code,
        version: 1,
        unit: counted.1,
        figure: Figure::Count(counted.0),
        title,
        definition,
        numerator: title,
        denominator: None,
        period_logic,
        breakdowns,
        source,
    }
}

/// A share: of a part and a whole; title, definition, numerator and denominator.
const fn share(
    code: &'static str,
    (part, of): (Tally, Tally),
    [title, definition, numerator, denominator]: [Both; 4],
    period_logic: Both,
    breakdowns: &'static [Division],
    source: Option<Both>,
) -> Measure {
    Measure {
        code,
        version: 1,
        unit: FigureUnit::Percent,
        figure: Figure::Share { part, of },
        title,
        definition,
        numerator,
        denominator: Some(denominator),
        period_logic,
        breakdowns,
        source,
    }
}

/// What became of people.
const fn outcome(
    code: &'static str,
    tally: OutcomeTally,
    title: Both,
    definition: Both,
    period_logic: Both,
    breakdowns: &'static [Division],
    source: Option<Both>,
) -> Measure {
    let counted = (tally, FigureUnit::Persons);
    outcome_of(
        code,
        counted,
        title,
        definition,
        period_logic,
        breakdowns,
        source,
    )
}

const fn outcome_of(
    code: &'static str,
    counted: (OutcomeTally, FigureUnit),
    title: Both,
    definition: Both,
    period_logic: Both,
    breakdowns: &'static [Division],
    source: Option<Both>,
) -> Measure {
    Measure {
        code,
        version: 1,
        unit: counted.1,
        figure: Figure::Outcome(counted.0),
        title,
        definition,
        numerator: title,
        denominator: None,
        period_logic,
        breakdowns,
        source,
    }
}

/// A single figure: title, definition and numerator.
const fn single(
    code: &'static str,
    (unit, figure): (FigureUnit, Figure),
    [title, definition, numerator]: [Both; 3],
    denominator: Option<Both>,
    source: Option<Both>,
) -> Measure {
    Measure {
        code,
        version: 1,
        unit,
        figure,
        title,
        definition,
        numerator,
        denominator,
        period_logic: IN_WHOLE,
        breakdowns: &[],
        source,
    }
}

impl Measure {
    /// What kind of number it is.
    pub const fn kind(&self) -> MeasureKind {
        match self.figure {
            Figure::Share { .. } => MeasureKind::Share,
            Figure::DaysToOffer => MeasureKind::Median,
            Figure::CostPerParticipant => MeasureKind::Mean,
            _ => MeasureKind::Count,
        }
    }

    /// Its heading.
    pub fn title(&self) -> Words {
        self.title.into()
    }

    /// As it stands in a document and in the catalogue.
    pub fn definition(&self) -> MeasureDefinition {
        MeasureDefinition {
            code: self.code.to_owned(),
            version: self.version,
            kind: self.kind(),
            unit: self.unit,
            title: self.title.into(),
            definition: self.definition.into(),
            numerator: self.numerator.into(),
            denominator: self.denominator.map(Words::from),
            period_logic: self.period_logic.into(),
            breakdowns: self
                .breakdowns
                .iter()
                .map(|division| division.name().to_owned())
                .collect(),
            source: self.source.map(Words::from),
        }
    }
}

/// The outcomes that have tables, and how they are broken down.
pub(super) fn outcome_tables() -> impl Iterator<Item = (OutcomeTally, &'static [Division])> {
    MEASURES.iter().filter_map(|measure| match measure.figure {
        Figure::Outcome(tally) => Some((tally, measure.breakdowns)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_measure_is_defined_once_and_in_both_languages() {
        let codes: BTreeSet<&str> = MEASURES.iter().map(|one| one.code).collect();
        assert_eq!(codes.len(), MEASURES.len());
        for measure in MEASURES {
            let told = measure.definition();
            let mut words = vec![told.title, told.numerator];
            let mut sentences = vec![told.definition, told.period_logic];
            sentences.extend(told.denominator);
            words.extend(told.source);
            for text in &sentences {
                assert!(text.sv.ends_with('.') && text.en.ends_with('.'), "{text:?}");
            }
            for text in words.iter().chain(&sentences) {
                assert!(!text.sv.is_empty() && !text.en.is_empty());
                assert!(text.sv != text.en || text.sv.starts_with("Kronor"));
            }
            let divides = matches!(told.kind, MeasureKind::Share | MeasureKind::Mean);
            assert!(
                !divides || measure.denominator.is_some(),
                "{}",
                measure.code
            );
        }
    }

    #[test]
    fn nobody_is_divided_by_anything_sensitive() {
        let used: BTreeSet<&str> = MEASURES
            .iter()
            .flat_map(|measure| measure.breakdowns)
            .map(|division| division.name())
            .collect();
        // Months are those of a check, not of a person.
        let allowed = [
            "sex", "ageGroup", "area", "track", "reason", "unit", "months",
        ];
        assert_eq!(used, allowed.into());
        let of_youths: BTreeSet<&str> = Division::OF_YOUTHS.iter().map(|one| one.name()).collect();
        let plan = ["sex", "ageGroup", "area", "track", "reason", "unit"];
        assert_eq!(of_youths, plan.into());
    }

    #[test]
    fn a_tally_is_shown_once_and_every_tally_is_shown() {
        let mut shown = BTreeSet::new();
        for measure in MEASURES {
            match measure.figure {
                Figure::Count(tally) => {
                    assert!(shown.insert(tally), "{}", measure.code);
                    assert_eq!(tally.name(), measure.code);
                }
                Figure::Destinations => {
                    shown.extend([Tally::ToWork, Tally::ToEducation, Tally::ToOther]);
                }
                _ => {}
            }
        }
        assert_eq!(shown, Tally::ALL.iter().copied().collect());
        let outcomes: BTreeSet<OutcomeTally> = outcome_tables().map(|(tally, _)| tally).collect();
        assert_eq!(outcomes.len() + 1, OutcomeTally::ALL.len());
    }
}
