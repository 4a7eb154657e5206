//! What is to become of a row of a roster, given what the register knows of its person?
//! Pure: created, changed, left, outside, asked about or refused, with every reason by column.
//! The register holds only those whom the duty concerns (förordning 2006:39 3 §): a row outside
//! the target group is counted and not stored, unless the youth has an episode already.
//! Looking up, storing, and who may see which outcome do not belong here.

use std::fmt;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::columns::Column;
use super::mapping::UNTIL_AGE;
use super::problems::RowProblem;
use super::{Placement, RosterFile, RosterRow};
use crate::domain::age::birthday_on;
use crate::domain::codes::{
    Code, DecisionCause, DecisionStatus, DeregistrationReason, ImportRowOutcome, LegalSex,
    ProtectionLevel, Reason, Track,
};

/// Phones kept for a youth at most; the form of the register has the same bound.
const MOST_PHONES: usize = 10;
/// Characters of a school status at most; the form of the register has the same bound.
const LONGEST_SCHOOL_STATUS: usize = 200;

/// The facts of a youth that a roster can tell; personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisterFacts {
    pub given_name: String,
    pub family_name: String,
    pub legal_sex: LegalSex,
    pub area: Option<String>,
    /// A JSON list of objects, as the register keeps it.
    pub addresses: Value,
    /// A JSON list of objects, as the register keeps it.
    pub phones: Value,
    pub email: Option<String>,
    pub school_status: Option<String>,
    pub protection_level: ProtectionLevel,
}

impl RegisterFacts {
    /// Nothing is known.
    pub fn nothing() -> Self {
        Self {
            given_name: String::new(),
            family_name: String::new(),
            legal_sex: LegalSex::Unknown,
            area: None,
            addresses: Value::Array(Vec::new()),
            phones: Value::Array(Vec::new()),
            email: None,
            school_status: None,
            protection_level: ProtectionLevel::None,
        }
    }
}

impl fmt::Debug for RegisterFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegisterFacts(redacted)")
    }
}

/// The facts that a row tells; personal data. A row that waits for a decision is kept as this.
#[derive(Clone, PartialEq, Eq)]
pub struct RowFacts {
    pub given_name: String,
    pub family_name: String,
    pub is_name_damaged: bool,
    pub birth_date: NaiveDate,
    pub legal_sex: LegalSex,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub area: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub school_status: Option<String>,
    pub protection_level: ProtectionLevel,
}

impl fmt::Debug for RowFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowFacts(redacted)")
    }
}

impl From<&RosterRow> for RowFacts {
    fn from(row: &RosterRow) -> Self {
        let status = match &row.programme {
            Some(programme) => format!("{} ({programme})", row.status_word),
            None => row.status_word.clone(),
        };
        let fits = status.chars().count() <= LONGEST_SCHOOL_STATUS
            && !status.chars().any(char::is_control);
        Self {
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            is_name_damaged: row.is_name_damaged,
            birth_date: row.birth_date,
            legal_sex: row.legal_sex,
            street: row.street.clone(),
            postal_code: row.postal_code.clone(),
            city: row.city.clone(),
            area: row.area.clone(),
            phone: row.phone.as_deref().map(plain_phone),
            email: row.email.clone(),
            school_status: fits.then_some(status),
            protection_level: row.protection,
        }
    }
}

impl RowFacts {
    /// The facts as a document to be stored until somebody has decided.
    pub fn to_document(&self) -> Value {
        json!({
            "givenName": self.given_name,
            "familyName": self.family_name,
            "isNameDamaged": self.is_name_damaged,
            "birthDate": self.birth_date.to_string(),
            "legalSex": self.legal_sex.code(),
            "street": self.street,
            "postalCode": self.postal_code,
            "city": self.city,
            "area": self.area,
            "phone": self.phone,
            "email": self.email,
            "schoolStatus": self.school_status,
            "protectionLevel": self.protection_level.code(),
        })
    }

    /// The facts of a stored document; `None` when it has been emptied.
    pub fn from_document(document: &Value) -> Option<Self> {
        let text = |name: &str| {
            let value = document.get(name)?.as_str()?;
            Some(value.to_owned())
        };
        Some(Self {
            given_name: text("givenName")?,
            family_name: text("familyName")?,
            is_name_damaged: document.get("isNameDamaged")?.as_bool()?,
            birth_date: text("birthDate")?.parse().ok()?,
            legal_sex: LegalSex::from_code(&text("legalSex")?)?,
            street: text("street"),
            postal_code: text("postalCode"),
            city: text("city"),
            area: text("area"),
            phone: text("phone"),
            email: text("email"),
            school_status: text("schoolStatus"),
            protection_level: ProtectionLevel::from_code(&text("protectionLevel")?)?,
        })
    }
}

/// An episode as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KnownEpisode {
    pub track: Track,
    pub exited_on: Option<NaiveDate>,
    pub deregistration_reason: Option<DeregistrationReason>,
}

/// What the register knows of the person of a row.
#[derive(Clone, Copy, Debug)]
pub enum Standing<'k> {
    /// Nobody has the number.
    Unknown,
    /// A youth of another unit has it.
    HandledElsewhere,
    /// Another row of the file, on this line, is about the same youth.
    SameAsLine(u64),
    /// Another row is about the same youth, which is not for the sender of the file to know.
    Covered,
    /// A youth of the unit.
    Known {
        facts: &'k RegisterFacts,
        episodes: &'k [KnownEpisode],
        /// Whether the number is the one in force.
        is_number_current: bool,
    },
}

/// A question that an earlier roster has raised about the number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KnownDecision {
    pub status: DecisionStatus,
    /// The protection that the waiting document carries.
    pub protection_level: ProtectionLevel,
}

/// The days that count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Days {
    /// The day the roster describes.
    pub as_of: NaiveDate,
    /// The day of the import.
    pub today: NaiveDate,
}

/// How much a note weighs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    /// The row cannot stand.
    Refusal,
    /// Somebody should look.
    Warning,
    /// What happens, and why.
    Note,
}

impl Weight {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Something said about a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowNote {
    pub weight: Weight,
    /// Whether the file alone says so. What the register says is not for everybody.
    pub is_of_file: bool,
    pub problem: RowProblem,
}

/// What is to become of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowPlan {
    pub line: u64,
    pub outcome: ImportRowOutcome,
    /// What the outcome is called towards somebody who may not know of the youth.
    pub outward_outcome: ImportRowOutcome,
    /// The facts as they are to be stored, if anything is.
    pub facts: Option<RegisterFacts>,
    /// The reason of the `kaa` episode to open, if one is.
    pub opens: Option<Reason>,
    /// The question to ask, if one is new.
    pub asks: Option<DecisionCause>,
    /// A question that waits already must take over a protection mark.
    pub marks_decision: bool,
    pub notes: Vec<RowNote>,
}

/// Plans one row.
pub fn plan_row(
    file: &RosterFile,
    row: &RosterRow,
    warnings: &[RowProblem],
    standing: Standing<'_>,
    decision: Option<KnownDecision>,
    days: Days,
) -> RowPlan {
    let mut planner = Planner {
        file,
        row,
        days,
        decision,
        plan: RowPlan {
            line: row.line,
            outcome: ImportRowOutcome::Outside,
            outward_outcome: ImportRowOutcome::Outside,
            facts: None,
            opens: None,
            asks: None,
            marks_decision: false,
            notes: warnings
                .iter()
                .map(|problem| RowNote {
                    weight: Weight::Warning,
                    is_of_file: true,
                    problem: problem.clone(),
                })
                .collect(),
        },
    };
    let placement = planner.placement_today();
    match standing {
        Standing::Unknown => planner.plan_unknown(placement),
        Standing::Known {
            facts,
            episodes,
            is_number_current,
        } => {
            if !is_number_current {
                planner.note(
                    Weight::Warning,
                    Column::IdentityNumber,
                    Saying::EarlierNumber,
                );
            }
            planner.plan_known(placement, facts, episodes);
        }
        // Of a row that would not be stored it is not told that another unit has the youth.
        Standing::HandledElsewhere if placement == Placement::Outside => {}
        Standing::HandledElsewhere => planner.refuse(Saying::HandledElsewhere),
        Standing::Covered => planner.plan.outcome = ImportRowOutcome::Left,
        Standing::SameAsLine(line) => planner.refuse(Saying::SameYouthOnLine(line)),
    }
    planner.plan.outward_outcome = planner.outward_outcome(placement);
    planner.plan
}

/// The plan of a row that the reader refused.
pub fn plan_refused(line: u64, problems: &[RowProblem], warnings: &[RowProblem]) -> RowPlan {
    let noted = |weight, problem: &RowProblem| RowNote {
        weight,
        is_of_file: true,
        problem: problem.clone(),
    };
    RowPlan {
        line,
        outcome: ImportRowOutcome::Refused,
        outward_outcome: ImportRowOutcome::Refused,
        facts: None,
        opens: None,
        asks: None,
        marks_decision: false,
        notes: problems
            .iter()
            .map(|problem| noted(Weight::Refusal, problem))
            .chain(warnings.iter().map(|w| noted(Weight::Warning, w)))
            .collect(),
    }
}

struct Planner<'p> {
    file: &'p RosterFile,
    row: &'p RosterRow,
    days: Days,
    decision: Option<KnownDecision>,
    plan: RowPlan,
}

impl Planner<'_> {
    /// Where the roster places the person, unless the person has turned 20 since its day.
    fn placement_today(&mut self) -> Placement {
        let has_turned = has_turned_20(self.row.birth_date, self.days.today);
        if self.row.placement != Placement::Outside && has_turned {
            self.file_note(Weight::Note, Column::IdentityNumber, Saying::Turned20Since);
            return Placement::Outside;
        }
        self.row.placement
    }

    fn plan_unknown(&mut self, placement: Placement) {
        match placement {
            Placement::Outside => {}
            Placement::NeedsDecision => self.ask(DecisionCause::StatusNeedsDecision),
            Placement::TargetGroup(reason) => {
                let (facts, _) = merged(&RegisterFacts::nothing(), &RowFacts::from(self.row));
                self.open(reason);
                self.plan.outcome = ImportRowOutcome::Created;
                if facts.protection_level.is_protected() {
                    self.file_note(
                        Weight::Warning,
                        Column::Protection,
                        Saying::ProtectedNeedsHandler,
                    );
                }
                self.plan.facts = Some(facts);
            }
        }
    }

    fn plan_known(
        &mut self,
        placement: Placement,
        known: &RegisterFacts,
        episodes: &[KnownEpisode],
    ) {
        let kaa = || episodes.iter().filter(|e| e.track == Track::Kaa);
        let has_open = kaa().any(|episode| episode.exited_on.is_none());
        self.plan.outcome = ImportRowOutcome::Left;
        if placement == Placement::Outside && episodes.is_empty() {
            // The duty has never concerned this youth: nothing but a mark is taken over.
            self.plan.outcome = ImportRowOutcome::Outside;
            let mut facts = known.clone();
            if self.row.protection > known.protection_level {
                facts.protection_level = self.row.protection;
                without_forbidden_address(&mut facts);
            }
            self.store(known, facts);
            return;
        }
        self.take_over(known);
        let last_closed = kaa()
            .filter(|_| !has_open)
            .max_by_key(|episode| episode.exited_on);
        match placement {
            Placement::Outside if has_open => {
                let saying = if has_turned_20(self.row.birth_date, self.days.as_of) {
                    Saying::OpenButTurned20
                } else {
                    Saying::OpenButOutside
                };
                self.note(Weight::Warning, Column::Status, saying);
            }
            Placement::Outside => {}
            _ if has_open => {}
            _ if last_closed
                .and_then(|episode| episode.exited_on)
                .is_some_and(|day| day >= self.days.as_of) =>
            {
                self.note(Weight::Note, Column::Status, Saying::ClosedSince);
            }
            Placement::TargetGroup(_) if last_closed.is_some_and(is_closed_for_good) => {
                self.ask(DecisionCause::ClosedForGood);
            }
            Placement::TargetGroup(reason) => {
                self.open(reason);
                self.plan.outcome = ImportRowOutcome::Changed;
            }
            Placement::NeedsDecision => self.ask(DecisionCause::StatusNeedsDecision),
        }
    }

    fn take_over(&mut self, known: &RegisterFacts) {
        let row = RowFacts::from(self.row);
        let (facts, kept) = merged(known, &row);
        if kept.name {
            self.note(Weight::Note, Column::GivenName, Saying::NameKept);
        }
        if kept.protection {
            self.note(Weight::Warning, Column::Protection, Saying::ProtectionKept);
        }
        if kept.without_address {
            self.note(Weight::Warning, Column::Street, Saying::AddressWithheld);
        }
        self.store(known, facts);
    }

    fn store(&mut self, known: &RegisterFacts, facts: RegisterFacts) {
        if &facts == known {
            return;
        }
        for (column, _) in differing(known, &facts) {
            self.note(Weight::Note, column, Saying::FactChanged);
        }
        self.plan.outcome = ImportRowOutcome::Changed;
        self.plan.facts = Some(facts);
    }

    fn open(&mut self, reason: Reason) {
        self.plan.opens = Some(reason);
        self.note(Weight::Note, Column::Status, Saying::EpisodeOpens(reason));
    }

    /// Asks once: a question that waits is not asked again, nor one that was answered with no.
    /// An answer of yes is past when the episode that followed from it has been closed.
    fn ask(&mut self, cause: DecisionCause) {
        let unless_changed = |plan: &mut RowPlan| {
            if plan.outcome != ImportRowOutcome::Changed {
                plan.outcome = ImportRowOutcome::Left;
            }
        };
        match self.decision.map(|decision| decision.status) {
            Some(DecisionStatus::Pending) => {
                unless_changed(&mut self.plan);
                self.note(Weight::Note, Column::Status, Saying::DecisionPending);
                let marked = self.decision.map(|d| d.protection_level);
                if marked.is_some_and(|level| self.row.protection > level) {
                    self.plan.marks_decision = true;
                    self.plan.outcome = ImportRowOutcome::Changed;
                    self.note(Weight::Note, Column::Protection, Saying::FactChanged);
                }
            }
            Some(DecisionStatus::Rejected) => {
                unless_changed(&mut self.plan);
                self.note(Weight::Note, Column::Status, Saying::DecisionRejected);
            }
            Some(DecisionStatus::Confirmed) | None => {
                self.plan.asks = Some(cause);
                self.plan.outcome = ImportRowOutcome::NeedsDecision;
                self.note(Weight::Note, Column::Status, Saying::Asks(cause));
            }
        }
    }

    fn refuse(&mut self, saying: Saying) {
        self.plan.outcome = ImportRowOutcome::Refused;
        self.note(Weight::Refusal, Column::IdentityNumber, saying);
    }

    /// As if nothing but the file were known, and the file had been taken in before.
    fn outward_outcome(&self, placement: Placement) -> ImportRowOutcome {
        match (self.plan.outcome, placement) {
            (outcome @ (ImportRowOutcome::Created | ImportRowOutcome::Refused), _) => outcome,
            (_, Placement::Outside) => ImportRowOutcome::Outside,
            _ => ImportRowOutcome::Left,
        }
    }

    fn note(&mut self, weight: Weight, column: Column, saying: Saying) {
        self.push(weight, false, column, saying);
    }

    fn file_note(&mut self, weight: Weight, column: Column, saying: Saying) {
        self.push(weight, true, column, saying);
    }

    fn push(&mut self, weight: Weight, is_of_file: bool, column: Column, saying: Saying) {
        let (code, sv, en) = saying.texts();
        let problem = RowProblem::worded(self.file.heading(column), code, sv, en);
        self.plan.notes.push(RowNote {
            weight,
            is_of_file,
            problem,
        });
    }
}

/// Whether the person has turned 20 on a day, and so left the target group (skollagen 29 kap. 9 §).
pub fn has_turned_20(birth: NaiveDate, day: NaiveDate) -> bool {
    birthday_on(birth, UNTIL_AGE).is_some_and(|birthday| birthday <= day)
}

/// Closed with a reason that a roster alone does not undo.
fn is_closed_for_good(episode: &KnownEpisode) -> bool {
    matches!(
        episode.deregistration_reason,
        Some(
            DeregistrationReason::CompletedUpperSecondary
                | DeregistrationReason::Deceased
                | DeregistrationReason::RegisteredInError
        )
    )
}

/// What of the register was kept against the file.
#[derive(Default)]
pub struct Kept {
    name: bool,
    protection: bool,
    without_address: bool,
}

/// The facts of the register with what a row says laid over them. What the row does not say is
/// kept, a damaged name does not replace a whole one, and protection is raised, never lowered.
pub fn merged(known: &RegisterFacts, row: &RowFacts) -> (RegisterFacts, Kept) {
    let mut kept = Kept::default();
    let mut facts = known.clone();
    if row.is_name_damaged && !known.given_name.is_empty() {
        kept.name = (&row.given_name, &row.family_name) != (&known.given_name, &known.family_name);
    } else {
        facts.given_name.clone_from(&row.given_name);
        facts.family_name.clone_from(&row.family_name);
    }
    if known.legal_sex == LegalSex::Unknown {
        facts.legal_sex = row.legal_sex;
    }
    facts.protection_level = known.protection_level.max(row.protection_level);
    kept.protection = row.protection_level < known.protection_level;
    let over = |known: &Option<String>, said: &Option<String>| said.clone().or(known.clone());
    facts.area = over(&known.area, &row.area);
    facts.email = over(&known.email, &row.email);
    facts.school_status = over(&known.school_status, &row.school_status);
    facts.addresses = with_address(&known.addresses, row);
    if let Some(phone) = &row.phone {
        facts.phones = with_phone(&known.phones, phone);
    }
    if facts.protection_level.holds_no_address() {
        kept.without_address = [&row.street, &row.postal_code, &row.city, &row.area]
            .into_iter()
            .any(Option::is_some);
        without_forbidden_address(&mut facts);
    }
    (facts, kept)
}

/// Under protected registration no real address stands in an ordinary field, nor the area
/// (folkbokföringslagen 16 §).
fn without_forbidden_address(facts: &mut RegisterFacts) {
    if facts.protection_level.holds_no_address() {
        facts.addresses = Value::Array(Vec::new());
        facts.area = None;
    }
}

/// The registered address replaced by that of the row. In the same street an empty cell keeps what
/// is known; a new street does not get the postal code of the old one.
fn with_address(known: &Value, row: &RowFacts) -> Value {
    let mut list: Vec<Value> = known.as_array().cloned().unwrap_or_default();
    let is_registered = |address: &Value| text_of(address, "kind") == Some("registered");
    let place = list.iter().position(is_registered);
    let said = [
        ("street", &row.street),
        ("postalCode", &row.postal_code),
        ("city", &row.city),
    ];
    if said.iter().all(|(_, part)| part.is_none()) || (place.is_some() && row.street.is_none()) {
        return known.clone();
    }
    let before = place.and_then(|place| list.get(place));
    let mut address = match before.and_then(Value::as_object) {
        Some(before) if before.get("street").and_then(Value::as_str) == row.street.as_deref() => {
            before.clone()
        }
        _ => Map::from_iter([("kind".to_owned(), json!("registered"))]),
    };
    for (name, part) in said {
        if let Some(part) = part {
            address.insert(name.to_owned(), json!(part));
        }
    }
    let address = Value::Object(address);
    match place.and_then(|place| list.get_mut(place)) {
        Some(before) => *before = address,
        None => list.push(address),
    }
    Value::Array(list)
}

/// The list with a phone that is not in it yet, however it is written.
fn with_phone(known: &Value, phone: &str) -> Value {
    let mut list: Vec<Value> = known.as_array().cloned().unwrap_or_default();
    let is_known = list
        .iter()
        .filter_map(|entry| text_of(entry, "number"))
        .any(|number| national_digits(number) == national_digits(phone));
    if !is_known && list.len() < MOST_PHONES {
        let is_mobile = national_digits(phone).starts_with("07");
        let kind = if is_mobile { "mobile" } else { "other" };
        list.push(json!({"kind": kind, "number": phone}));
    }
    Value::Array(list)
}

/// The digits, with the country code of Sweden as the 0 it stands for.
fn national_digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let abroad = if number.trim_start().starts_with('+') {
        Some(digits.as_str())
    } else {
        digits.strip_prefix("00")
    };
    match abroad.and_then(|number| number.strip_prefix("46")) {
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => digits,
    }
}

/// The number in the characters that the register keeps: as written where that is so, otherwise
/// its digits.
fn plain_phone(written: &str) -> String {
    let spelled: String = written
        .chars()
        .map(|c| match c {
            '\u{2010}'..='\u{2013}' => '-',
            '/' | '.' => ' ',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    let begins = spelled.starts_with(|c: char| c == '+' || c == '(' || c.is_ascii_digit());
    let plus_within = spelled.chars().skip(1).any(|c| c == '+');
    if begins && !plus_within && spelled.chars().count() <= 30 {
        return spelled;
    }
    let digits: String = spelled.chars().filter(char::is_ascii_digit).collect();
    if spelled.contains('+') {
        format!("+{digits}")
    } else {
        digits
    }
}

fn text_of<'v>(object: &'v Value, name: &str) -> Option<&'v str> {
    object.get(name)?.as_str()
}

/// The facts that differ: their column, and their field in the register.
pub fn differing(before: &RegisterFacts, after: &RegisterFacts) -> Vec<(Column, &'static str)> {
    let mut found = Vec::new();
    let mut differs = |column, field, is_so| {
        if is_so {
            found.push((column, field));
        }
    };
    differs(
        Column::GivenName,
        "givenName",
        before.given_name != after.given_name,
    );
    differs(
        Column::FamilyName,
        "familyName",
        before.family_name != after.family_name,
    );
    differs(
        Column::LegalSex,
        "legalSex",
        before.legal_sex != after.legal_sex,
    );
    differs(
        Column::Street,
        "addresses",
        before.addresses != after.addresses,
    );
    differs(Column::Area, "area", before.area != after.area);
    differs(Column::Phone, "phones", before.phones != after.phones);
    differs(Column::Email, "email", before.email != after.email);
    differs(
        Column::Protection,
        "protectionLevel",
        before.protection_level != after.protection_level,
    );
    differs(
        Column::Status,
        "schoolStatus",
        before.school_status != after.school_status,
    );
    found
}

/// What can be said about a row.
enum Saying {
    EpisodeOpens(Reason),
    FactChanged,
    NameKept,
    ProtectionKept,
    AddressWithheld,
    ProtectedNeedsHandler,
    OpenButOutside,
    OpenButTurned20,
    ClosedSince,
    Turned20Since,
    EarlierNumber,
    Asks(DecisionCause),
    DecisionPending,
    DecisionRejected,
    HandledElsewhere,
    SameYouthOnLine(u64),
}

impl Saying {
    fn texts(&self) -> (&'static str, String, String) {
        let (code, sv, en) = match self {
            Self::EpisodeOpens(reason) => {
                return (
                    "episode_opens",
                    format!("En kaa-period öppnas. Orsak: {}.", reason.sv()),
                    format!("A kaa episode is opened. Reason: {}.", reason.en()),
                );
            }
            Self::SameYouthOnLine(line) => {
                return (
                    "same_youth_on_line",
                    format!(
                        "Samma ungdom står på rad {line} med ett annat nummer. Ta bort den rad \
                         vars nummer inte längre gäller."
                    ),
                    format!(
                        "The same youth stands on line {line} with another number. Remove the line \
                         whose number is no longer in force."
                    ),
                );
            }
            Self::Asks(cause) => {
                return (
                    "needs_decision",
                    format!("{}. Läggs bland besluten.", cause.sv()),
                    format!("{}. Put among the decisions.", cause.en()),
                );
            }
            Self::FactChanged => (
                "fact_changed",
                "Registrets uppgift ändras till filens.",
                "What the register holds is changed to what the file says.",
            ),
            Self::NameKept => (
                "name_kept",
                "Registrets namn behålls, eftersom en bokstav har gått förlorad i filen.",
                "The name of the register is kept, because a letter was lost in the file.",
            ),
            Self::ProtectionKept => (
                "protection_kept",
                "Registrets skyddsmarkering behålls, fast filen har en lägre eller ingen. En \
                 person måste avgöra om den ska sänkas.",
                "The protection mark of the register is kept, although the file has a lower one \
                 or none. A person must decide whether to lower it.",
            ),
            Self::AddressWithheld => (
                "address_withheld",
                "Personen har skyddad folkbokföring. Adressen har utelämnats.",
                "The person has protected registration. The address has been left out.",
            ),
            Self::ProtectedNeedsHandler => (
                "protected_needs_handler",
                "Ungdomen får skyddsmarkeringen och syns då bara för enhetschefen och den som \
                 enhetschefen utser.",
                "The youth gets the protection mark and is then seen only by the unit chief and \
                 those the chief assigns.",
            ),
            Self::OpenButOutside => (
                "open_episode_but_outside",
                "Ungdomen har en öppen kaa-period, men enligt filens status ingår ungdomen inte i \
                 målgruppen. Perioden är inte avslutad: en person måste avgöra det.",
                "The youth has an open kaa episode, but by the status of the file is not in the \
                 target group. The episode has not been closed: a person must decide.",
            ),
            Self::OpenButTurned20 => (
                "open_episode_but_turned_20",
                "Ungdomen har en öppen kaa-period men har fyllt 20 år. Perioden är inte \
                 avslutad: en person måste avsluta den.",
                "The youth has an open kaa episode but has turned 20. The episode has not been \
                 closed: a person must close it.",
            ),
            Self::ClosedSince => (
                "closed_since",
                "Den senaste kaa-perioden avslutades den dag filen gäller eller senare. Ingen ny \
                 öppnas.",
                "The last kaa episode was closed on the day of the file or later. No new one is \
                 opened.",
            ),
            Self::Turned20Since => (
                "turned_20_since",
                "Personen har fyllt 20 år efter den dag filen gäller.",
                "The person has turned 20 since the day of the file.",
            ),
            Self::EarlierNumber => (
                "earlier_number",
                "Ungdomen har ett annat nummer i registret nu; detta är ett tidigare.",
                "The youth has another number in the register now; this is an earlier one.",
            ),
            Self::DecisionPending => (
                "decision_pending",
                "Ett beslut väntar redan.",
                "A decision is already awaited.",
            ),
            Self::DecisionRejected => (
                "decision_rejected",
                "Det är redan beslutat att personen inte ingår i målgruppen.",
                "It has already been decided that the person is not in the target group.",
            ),
            Self::HandledElsewhere => (
                "handled_elsewhere",
                "Personen handläggs någon annanstans. Kontakta enhetschefen.",
                "The person is handled elsewhere. Contact the unit chief.",
            ),
        };
        (code, sv.to_owned(), en.to_owned())
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
