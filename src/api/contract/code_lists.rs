//! The code lists as the contract shows them, with their words in both languages. The lists themselves stand in `domain`.

use crate::domain::codes::{self, Code};
use crate::domain::education_contract;
use crate::domain::goal;
use crate::domain::job;
use crate::domain::log_review;
use crate::domain::national_file;
use crate::domain::occupation;
use crate::domain::organisation;
use crate::domain::outcome;
use crate::domain::outreach;
use crate::domain::placement;
use crate::domain::plan;
use crate::domain::register_extract;
use crate::domain::restriction;
use crate::domain::retention;
use crate::domain::school_notification;
use crate::domain::target_group::codes as target_group;
use crate::domain::task;
use crate::domain::timeline;
use crate::domain::user;
use crate::domain::work_week;
use crate::domain::{
    consent, correction, disclosure, duplicate, notes_apart, secrecy, sensitive_terms, transfer,
};
use crate::statistics::period::PeriodPart;
use serde_json::{Map, Value, json};

/// A code list by the name of its schema.
pub struct CodeList {
    /// The name of its schema.
    pub name: &'static str,
    /// What it tells, in English and in Swedish.
    pub text: (&'static str, &'static str),
    /// Its words: code, Swedish, English.
    pub words: fn() -> Vec<Word>,
}

/// A code with its label in Swedish and in English.
pub type Word = (&'static str, &'static str, &'static str);

fn words_of<C: Code>() -> Vec<Word> {
    C::ALL
        .iter()
        .map(|word| (word.code(), word.sv(), word.en()))
        .collect()
}

const fn list<C: Code>(name: &'static str, en: &'static str, sv: &'static str) -> CodeList {
    CodeList {
        name,
        text: (en, sv),
        words: words_of::<C>,
    }
}

/// Every code list that stands in an answer or a request.
#[rustfmt::skip]
pub const CODE_LISTS: &[CodeList] = &[
    list::<user::Role>("Role", "Role of a member of staff.", "En medarbetares roll."),
    list::<codes::LegalSex>("LegalSex", "Legal sex as the population register has it.", "Juridiskt kön enligt folkbokföringen."),
    list::<codes::ProtectionLevel>("ProtectionLevel", "Protected personal data.", "Skyddade personuppgifter."),
    list::<codes::Track>("Track", "The two tracks: the duty of skollagen 29:9, and the outreach for 20-25.", "De två spåren: ansvaret enligt skollagen 29 kap. 9 §, och det uppsökande arbetet för 20–25."),
    list::<codes::Reason>("Reason", "Why the youth is in the target group: latest school status at registration.", "Varför ungdomen ingår i målgruppen: senaste skolstatus vid registreringen."),
    list::<codes::DeregistrationReason>("DeregistrationReason", "Why an episode ended.", "Varför en period avslutades (avregistrering)."),
    list::<codes::Destination>("Destination", "What the youth went to when the episode ended.", "Vad ungdomen gick till när perioden avslutades."),
    list::<codes::Channel>("Channel", "How the contact was made or tried.", "Hur kontakten togs eller försöktes."),
    list::<codes::Direction>("Direction", "Who took the first step.", "Vem som tog första steget."),
    list::<codes::MetWho>("MetWho", "Whom the contact was with, or meant for.", "Vem kontakten var med, eller avsedd för."),
    list::<codes::ContactResult>("ContactResult", "What came of a contact. A failed attempt is a contact too.", "Vad kontakten ledde till. Ett misslyckat försök är också en kontakt."),
    list::<outreach::OutreachKind>("OutreachKind", "How a session of outreach was held.", "Hur ett uppsökande pass hölls."),
    list::<outreach::MetAge>("MetAge", "How old somebody met seemed to be.", "Hur gammal någon som möttes verkade vara."),
    list::<outreach::OutreachOutcome>("OutreachOutcome", "What a session or a meeting led to.", "Vad ett pass eller ett möte ledde till."),
    list::<work_week::WorkKind>("WorkKind", "What an ambassador has worked with besides sessions and contacts.", "Vad en ambassadör har arbetat med utöver pass och kontakter."),
    list::<codes::Occupation>("Occupation", "What the youth does. Not known is told apart from not reached and from what the youth declines to say.", "Ungdomens sysselsättning. Okänd skiljs från att ungdomen inte har gått att nå och från att hen inte vill säga."),
    list::<occupation::OccupationSource>("OccupationSource", "Where the knowledge of an occupation comes from.", "Varifrån kunskapen om en sysselsättning kommer."),
    list::<outcome::OutcomeResult>("OutcomeResult", "What has become of the work or the studies that a youth left for.", "Vad det har blivit av arbetet eller studierna som en ungdom gick till."),
    list::<national_file::NationalFileStatus>("NationalFileStatus", "Where a national file has come to.", "Hur långt en nationell fil har kommit."),
    list::<national_file::Block>("NationalFileBlock", "The blocks of a national file.", "Blocken i en nationell fil."),
    list::<national_file::ProblemCode>("NationalFileProblemCode", "What can be wrong with a row of a national file.", "Vad som kan vara fel på en rad i en nationell fil."),
    list::<national_file::ProblemWeight>("NationalFileProblemWeight", "Whether a problem stops a national file.", "Om ett problem stoppar en nationell fil."),
    list::<plan::PlanGoal>("PlanGoal", "What a plan leads to in the first place.", "Vad en plan leder till i första hand."),
    list::<plan::PlanFollowUpKind>("PlanFollowUpKind", "What is done on a day that a plan names.", "Vad som görs en dag som en plan anger."),
    list::<plan::AgreementForm>("AgreementForm", "How the youth agreed.", "Hur ungdomen sade ja."),
    list::<education_contract::ContractPartyKind>("ContractPartyKind", "Who is party to an education contract.", "Vem som är part i ett utbildningskontrakt."),
    list::<codes::Measure>("Measure", "The ten national measures, in the order of Kolada N18746.", "De tio nationella åtgärderna, i ordningen från Kolada N18746."),
    list::<codes::OfferAnswer>("OfferAnswer", "The answer to an offer. An offer is not a participation.", "Svaret på ett erbjudande. Ett erbjudande är inte ett deltagande."),
    list::<codes::EndReason>("EndReason", "Why a measure ended.", "Varför en åtgärd avslutades."),
    list::<codes::ResponsibleParty>("ResponsibleParty", "Who answers for the measure.", "Vem som ansvarar för åtgärden."),
    list::<placement::PlacementField>("PlacementField", "A field of work.", "Ett område att arbeta inom."),
    list::<placement::PlacementOfferStatus>("PlacementOfferStatus", "Whether an offer of places still takes anybody.", "Om ett erbjudande om platser ännu tar emot någon."),
    list::<placement::MatchReason>("MatchReason", "Why a youth and an offered place suit each other.", "Varför en ungdom och en erbjuden plats passar ihop."),
    list::<codes::ReferralTarget>("ReferralTarget", "Where a youth is referred.", "Vart en ungdom hänvisas."),
    list::<codes::ReferralStatus>("ReferralStatus", "How far a referral has come.", "Hur långt en hänvisning har kommit."),
    list::<codes::ConsentForm>("ConsentForm", "How consent was given.", "Hur samtycke gavs."),
    list::<consent::RecipientKind>("RecipientKind", "Whom something about a youth is told to.", "Vem något om en ungdom berättas för."),
    list::<goal::GoalSource>("GoalSource", "Where the values of a goal come from.", "Var ett måls värden kommer ifrån."),
    list::<goal::GoalComparison>("GoalComparison", "What a value of a goal is a difference to.", "Vad ett måls värde är skillnaden mot."),
    list::<goal::GoalUnit>("GoalUnit", "What the values of a goal are measured in.", "Vad ett måls värden mäts i."),
    list::<goal::GoalDirection>("GoalDirection", "Which way a value shall go.", "Åt vilket håll ett värde ska gå."),
    list::<goal::GoalPeriod>("GoalPeriod", "Which part of a year a value or a follow-up is of.", "Vilken del av ett år ett värde eller en uppföljning gäller."),
    list::<goal::GoalValueOrigin>("GoalValueOrigin", "How a value came in.", "Hur ett värde kom in."),
    list::<goal::GoalValueOutcome>("GoalValueOutcome", "What became of a value of a file or an answer.", "Vad det blev av ett värde i en fil eller ett svar."),
    list::<goal::GoalStanding>("GoalStanding", "How a goal stands.", "Hur ett mål står till."),
    list::<goal::MissingValue>("MissingValue", "Why a year of a goal has no value.", "Varför ett år av ett mål saknar värde."),
    list::<goal::MeasuredAs>("MeasuredAs", "What kind of number an own measure is.", "Vilket slags tal ett eget mått är."),
    list::<goal::ActivityStatus>("ActivityStatus", "How far an activity has come.", "Hur långt en aktivitet har kommit."),
    list::<organisation::OrganisationKind>("OrganisationKind", "Of which kind an organisation is.", "Av vilket slag en organisation är."),
    list::<consent::Speaker>("Speaker", "Who gave a consent, or raised an objection.", "Vem som lämnade ett samtycke eller gjorde en invändning."),
    list::<consent::DataCategory>("DataCategory", "What is told: the categories of data that a consent covers and a disclosure held.", "Vad som berättas: de slags uppgifter som ett samtycke omfattar och ett utlämnande innehöll."),
    list::<consent::WithdrawalForm>("WithdrawalForm", "How a consent was withdrawn. Every way is good enough.", "Hur ett samtycke återkallades. Alla sätt duger."),
    list::<disclosure::DisclosureBasis>("DisclosureBasis", "What a disclosure rests on.", "Vad ett utlämnande vilar på."),
    list::<crate::domain::sharing::SharingKind>("SharingKind", "What stands towards a recipient.", "Vad som gäller mot en mottagare."),
    list::<disclosure::DisclosureMeans>("DisclosureMeans", "How something was handed over.", "Hur något lämnades ut."),
    list::<correction::DisputedRecord>("DisputedRecord", "The kind of record that an objection is about.", "Det slags post som en invändning gäller."),
    list::<sensitive_terms::TermCategory>("TermCategory", "What a sensitive word is about.", "Vad ett känsligt ord handlar om."),
    list::<job::JobKind>("JobKind", "What a job makes.", "Vad ett arbete gör."),
    list::<job::JobStatus>("JobStatus", "How far a job has come.", "Hur långt ett arbete har kommit."),
    list::<log_review::ReviewKind>("LogReviewKind", "Whose review of the log it is.", "Vems granskning av loggen det är."),
    list::<log_review::SampleReason>("LogSampleReason", "Why an event stands in the sample of a review.", "Varför en händelse finns i en gransknings urval."),
    list::<log_review::ReviewFinding>("LogFinding", "What the reviewer finds of an event.", "Vad granskaren finner om en händelse."),
    list::<log_review::ReviewFollowUp>("LogFollowUpOutcome", "What came of following a finding up.", "Vad uppföljningen av en bedömning ledde till."),
    list::<secrecy::SecrecyRegime>("SecrecyRegime", "The rules by which somebody keeps secrets.", "Reglerna som någon håller sekretess efter."),
    list::<notes_apart::CarriedBasis>("CarriedBasis", "On what the notes of the duty follow into an outreach episode.", "Vad det vilar på att anteckningarna följer med till en uppsökande period."),
    list::<transfer::TransferStatus>("TransferStatus", "Where a transfer stands.", "Var en överflyttning står."),
    list::<codes::StatusBasis>("StatusBasis", "What a protected status rests on. Never shown outside the compartment.", "Vad en skyddad status grundar sig på. Visas aldrig utanför det skyddade utrymmet."),
    list::<codes::SubstanceStatus>("SubstanceStatus", "Substance status: the minimum that decides whether measures may start.", "Status i fråga om droger: det minsta som avgör om insatser får påbörjas."),
    list::<codes::AssignmentKind>("AssignmentKind", "In which capacity a member of staff is assigned to a youth.", "I vilken egenskap en medarbetare är tilldelad en ungdom."),
    list::<register_extract::ExtractCategory>("ExtractCategory", "A part of a register extract.", "En del av ett registerutdrag."),
    list::<register_extract::IdentityProof>("IdentityProof", "How it was made sure who asks.", "Hur det säkrades vem som frågar."),
    list::<register_extract::OmissionGround>("OmissionGround", "Why a record is left out of an extract.", "Varför en post lämnas utanför ett utdrag."),
    list::<duplicate::DuplicateReason>("DuplicateReason", "Why two records are likely one person.", "Varför två poster troligen är en person."),
    list::<restriction::RestrictionGround>("RestrictionGround", "Why processing is restricted.", "Varför behandlingen är begränsad."),
    list::<restriction::OpeningGround>("OpeningGround", "What lets restricted data be used.", "Vad som låter begränsade uppgifter användas."),
    list::<retention::DisposalClass>("DisposalClass", "A class of data that is kept for a period of its own.", "Ett slags uppgifter som har en egen gallringsfrist."),
    list::<retention::RetentionAnchor>("RetentionAnchor", "What a period counts from.", "Vad en frist räknas från."),
    list::<retention::DisposalStatus>("DisposalStatus", "How far a disposal has come.", "Hur långt en gallring har kommit."),
    list::<retention::DisposalHoldGround>("DisposalHoldGround", "Why a youth's data are held back from disposal.", "Varför en ungdoms uppgifter inte gallras för tillfället."),
    list::<codes::GrantPurpose>("GrantPurpose", "What a break-glass opens.", "Vad ett nödöppnande öppnar."),
    list::<codes::ImportRowOutcome>("ImportRowOutcome", "What has become of one row of a roster.", "Vad som har hänt med en rad i en befolkningslista."),
    list::<codes::DecisionStatus>("DecisionStatus", "The answer to a row that the law leaves open.", "Svaret på en rad som lagen lämnar öppen."),
    list::<codes::DecisionCause>("DecisionCause", "Why a row of a roster is for a person to decide.", "Varför en rad i en befolkningslista är för en person att ta ställning till."),
    list::<target_group::ResidenceKind>("ResidenceKind", "How a youth lives in relation to the municipality (skollagen 29:6).", "Hur en ungdom bor i förhållande till kommunen (skollagen 29 kap. 6 §)."),
    list::<target_group::FactSource>("FactSource", "Where a fact comes from.", "Var en uppgift kommer ifrån."),
    list::<target_group::SchoolType>("SchoolType", "The school form, by its code in SS 12000.", "Skolformen, med sin kod i SS 12000."),
    list::<target_group::ProgrammeKind>("ProgrammeKind", "What sort of programme an enrolment is in.", "Vilket slag av program en inskrivning gäller."),
    list::<target_group::ExamDocumentKind>("ExamDocumentKind", "Exam and grade documents.", "Examens- och betygsdokument."),
    list::<target_group::CompulsorySchoolBasis>("CompulsorySchoolBasis", "How the skolplikt ended (skollagen 7).", "Hur skolplikten upphörde (skollagen 7 kap.)."),
    list::<target_group::TargetGroupPoint>("TargetGroupPoint", "What of skollagen 29:9 does not hold.", "Vad i skollagen 29 kap. 9 § som inte är uppfyllt."),
    list::<target_group::TargetGroupCause>("TargetGroupCause", "Why a person must decide.", "Varför en person måste ta ställning."),
    list::<target_group::TargetGroupVerdict>("TargetGroupVerdict", "What the rules say of a youth on a day.", "Vad reglerna säger om en ungdom en viss dag."),
    list::<target_group::RuleVersionCode>("RuleVersionCode", "The version of the rule that applies on a day.", "Den version av regeln som gäller en viss dag."),
    list::<target_group::CandidateKind>("CandidateKind", "What a candidate proposes.", "Vad en kandidat föreslår."),
    list::<target_group::CandidateStatus>("CandidateStatus", "What has become of a candidate.", "Vad som har hänt med en kandidat."),
    list::<target_group::OutreachBasis>("OutreachBasis", "What an outreach episode rests on.", "Vad en uppsökande period vilar på."),
    list::<PeriodPart>("PeriodPart", "Which part of a year.", "Vilken del av ett år."),
    list::<school_notification::NotificationKind>("NotificationKind", "What a school has told.", "Vad en skola har meddelat."),
    list::<school_notification::NotificationStatus>("NotificationStatus", "Whether a notification has been handled.", "Om ett meddelande har hanterats."),
    list::<school_notification::NotificationOutcome>("NotificationOutcome", "What came of a notification.", "Vad ett meddelande ledde till."),
    list::<task::TaskKind>("TaskKind", "What a line of the work list asks for.", "Vad en rad i arbetslistan ber om."),
    list::<timeline::TimelineEvent>("TimelineEvent", "What happened in a youth's story.", "Vad som hände i en ungdoms historia."),
    list::<task::TaskClosing>("TaskClosing", "Why a task is no longer open.", "Varför en uppgift inte längre är öppen."),
    list::<codes::AuditOutcome>("AuditOutcome", "How an operation ended, as the audit has it.", "Hur en operation slutade, enligt loggen."),
];

impl CodeList {
    /// Its schema: the codes, and their labels in both languages.
    pub fn schema(&self) -> Value {
        let words = (self.words)();
        let codes: Vec<&str> = words.iter().map(|(code, _, _)| *code).collect();
        let lines = |label: fn(&Word) -> &'static str| {
            let lines: Vec<String> = words
                .iter()
                .map(|word| format!("- `{}`: {}", word.0, label(word)))
                .collect();
            lines.join("\n")
        };
        let labels: Map<String, Value> = words
            .iter()
            .map(|(code, sv, en)| ((*code).to_owned(), json!({"sv": sv, "en": en})))
            .collect();
        json!({
            "type": "string",
            "description": format!("{}\n\n{}", self.text.0, lines(|word| word.2)),
            "x-description-sv": format!("{}\n\n{}", self.text.1, lines(|word| word.1)),
            "enum": codes,
            "x-kaa-labels": labels,
        })
    }
}
