//! Two ways to the same figures: every measure of the catalogue is counted a second, naive time, straight from all rows of the
//! register and day by day where the rule speaks of days, and compared with what a counting gives. Besides: the catalogue and
//! the costs over HTTP.

use crate::on_both;
use crate::support::Persona::{
    self, Administrator, Ambassador, Enhetschef, Loggranskare, Socionom, Syv, Ungdomskonsulent,
};
use crate::support::{TestDatabase, hidden, vault};
use crate::with_app;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use diesel::prelude::*;
use kaa::clock::day_of;
use kaa::db::Conn;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::schema::{
    contacts, episodes, exam_documents, interventions, occupations, outcome_checks,
    outreach_contacts, outreach_participants, outreach_sessions, units, users, work_hours, youths,
};
use kaa::db::statistics::count_next;
use kaa::db::store::{Store, Threads};
use kaa::db::types::{Json, Timestamp};
use kaa::domain::age::age_on;
use kaa::domain::codes::{
    Channel, Code, ContactResult, DeregistrationReason, Destination, Direction, EndReason,
    LegalSex, Measure as Kind, MetWho, Occupation, OfferAnswer, ProtectionLevel, Reason,
    ResponsibleParty, Track,
};
use kaa::domain::id::{
    Contact, Episode, ExamDocument, Id, Intervention, OccupationObservation, OutcomeCheck,
    OutreachContact, OutreachSession, Unit, User, WorkHours, Youth,
};
use kaa::domain::occupation::OccupationSource;
use kaa::domain::operation::{Operation, Resource};
use kaa::domain::outcome::OutcomeResult;
use kaa::domain::outreach::{MetAge, OutreachKind, OutreachOutcome};
use kaa::domain::target_group::codes::{ExamDocumentKind, FactSource};
use kaa::domain::user::Role;
use kaa::domain::work_week::WorkKind;
use kaa::policy::decide::Relation;
use kaa::statistics::counting::Counting;
use kaa::statistics::measures::{Figure, LeftFigure, MEASURES};
use kaa::statistics::period::{Period, PeriodPart};
use kaa::statistics::tally::{Division, OutcomeTally, Tally};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const NOW: &str = "2027-02-10T08:00:00Z";

fn at(text: &str) -> Timestamp {
    Timestamp::of(text.parse::<DateTime<Utc>>().unwrap())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap()
}

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    fn one_of<C: Code>(&mut self) -> C {
        C::ALL[usize::try_from(self.below(C::ALL.len() as u64)).unwrap()]
    }
    /// A day of 2025 or 2026, now and then one on which periods begin or end.
    fn day(&mut self) -> NaiveDate {
        const EDGES: [&str; 8] = [
            "2025-12-31",
            "2026-01-01",
            "2026-04-30",
            "2026-05-01",
            "2026-06-30",
            "2026-07-01",
            "2026-08-31",
            "2026-12-31",
        ];
        if self.chance(25) {
            return day(EDGES[usize::try_from(self.below(8)).unwrap()]);
        }
        day("2025-01-01") + Days::new(self.below(730))
    }
}

/// A register filled with what the numbers say.
struct Register {
    conn: Conn,
    chief: Id<User>,
    staff: Vec<Id<User>>,
    units: Vec<Id<Unit>>,
    numbers: Numbers,
}

impl Register {
    fn filled(database: &TestDatabase, seed: u64, youths: u64) -> Self {
        let mut register = Self {
            conn: database.migrated(),
            chief: Id::fresh(),
            staff: Vec::new(),
            units: Vec::new(),
            numbers: Numbers(seed),
        };
        for name in ["Norr", "Söder"] {
            register.insert_unit(name);
        }
        register.chief = register.insert_user("chef", Role::Enhetschef);
        for name in ["amb1", "amb2", "amb3"] {
            let user = register.insert_user(name, Role::Ambassador);
            register.staff.push(user);
        }
        for _ in 0..youths {
            register.add_youth();
        }
        register.add_outings();
        register
    }

    fn insert_unit(&mut self, name: &str) {
        let id = Id::fresh();
        diesel::insert_into(units::table)
            .values((
                units::id.eq(id),
                units::name.eq(name),
                units::created_at.eq(at(NOW)),
                units::updated_at.eq(at(NOW)),
                units::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
        self.units.push(id);
    }

    fn insert_user(&mut self, name: &str, role: Role) -> Id<User> {
        let id = Id::fresh();
        diesel::insert_into(users::table)
            .values((
                users::id.eq(id),
                users::unit_id.eq(Some(self.units[0])),
                users::username.eq(name),
                users::display_name.eq(name),
                users::role.eq(role),
                users::password_hash.eq("-"),
                users::is_active.eq(true),
                users::created_at.eq(at(NOW)),
                users::updated_at.eq(at(NOW)),
                users::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
        id
    }

    fn add_youth(&mut self) {
        let id: Id<Youth> = Id::fresh();
        let nothing = |column| hidden("youths", column, id.uuid(), "[]");
        let born = if self.numbers.chance(50) {
            "2000-06-01"
        } else {
            "2006-03-01"
        };
        let birth_date = day(born) + Days::new(self.numbers.below(1100));
        let area = match self.numbers.below(5) {
            0 => None,
            1 => Some("Rissne"),
            2 => Some(" rissne"),
            3 => Some("Ör"),
            _ => Some("Lilla  byn"),
        };
        let level = if self.numbers.chance(8) {
            ProtectionLevel::ConfidentialityMarking
        } else {
            ProtectionLevel::None
        };
        let sex: LegalSex = self.numbers.one_of();
        diesel::insert_into(youths::table)
            .values((
                youths::id.eq(id),
                youths::unit_id.eq(self.units[0]),
                youths::given_name.eq("Åsa"),
                youths::family_name.eq("Öberg"),
                youths::birth_date.eq(birth_date),
                youths::legal_sex.eq(sex),
                youths::area.eq(area),
                youths::addresses.eq(nothing("addresses")),
                youths::phones.eq(nothing("phones")),
                youths::needs_interpreter.eq(false),
                youths::guardians.eq(nothing("guardians")),
                youths::protection_level.eq(level),
                youths::sort_name.eq("oberg asa"),
                youths::contact_sort_on.eq(day("1900-01-01")),
                youths::created_at.eq(at(NOW)),
                youths::updated_at.eq(at(NOW)),
                youths::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
        let mut own = Vec::new();
        for number in 0..self.numbers.below(4) {
            let episode = self.add_episode(id, number == 0);
            own.push(episode);
        }
        for _ in 0..self.numbers.below(3) {
            self.add_observation(id);
        }
        if self.numbers.chance(20) {
            self.add_exam(id);
        }
        for episode in own {
            for _ in 0..self.numbers.below(4) {
                self.add_contact(id, episode);
            }
            for _ in 0..self.numbers.below(3) {
                self.add_intervention(id, episode);
            }
            if self.numbers.chance(40) {
                self.add_check(id, episode);
            }
        }
    }

    fn add_episode(&mut self, youth: Id<Youth>, may_be_open: bool) -> Id<Episode> {
        let id = Id::fresh();
        let entered_on = self.numbers.day();
        let is_open = may_be_open && self.numbers.chance(60);
        let exited_on = if is_open {
            None
        } else if self.numbers.chance(20) {
            // On the day of the entry, or on a day that matters.
            Some(entered_on.max(self.numbers.day()))
        } else {
            Some(entered_on + Days::new(self.numbers.below(500)))
        };
        let reason = if self.numbers.chance(45) {
            Reason::DropoutNationalProgramme
        } else {
            self.numbers.one_of()
        };
        let unit = self.units[usize::try_from(self.numbers.below(2)).unwrap()];
        let track: Track = self.numbers.one_of();
        let left = exited_on.filter(|_| self.numbers.chance(90));
        let why: DeregistrationReason = self.numbers.one_of();
        let to: Destination = self.numbers.one_of();
        let destination = left.filter(|_| self.numbers.chance(85)).map(|_| to);
        let elsewhere = left
            .filter(|_| self.numbers.chance(60))
            .map(|_| self.numbers.chance(50));
        diesel::insert_into(episodes::table)
            .values((
                episodes::id.eq(id),
                episodes::youth_id.eq(youth),
                episodes::unit_id.eq(unit),
                episodes::track.eq(track),
                episodes::reason.eq(reason),
                episodes::entered_on.eq(entered_on),
                episodes::exited_on.eq(exited_on),
                episodes::deregistration_reason.eq(left.map(|_| why)),
                episodes::destination.eq(destination),
                episodes::destination_elsewhere.eq(elsewhere),
                episodes::created_at.eq(at(NOW)),
                episodes::updated_at.eq(at(NOW)),
                episodes::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
        id
    }

    fn add_contact(&mut self, youth: Id<Youth>, episode: Id<Episode>) {
        // Midnight in Sweden is not midnight: hours around it decide the day.
        let hour = self.numbers.below(24);
        let occurred_at = self
            .numbers
            .day()
            .and_hms_opt(u32::try_from(hour).unwrap(), 30, 0);
        let result = if self.numbers.chance(50) {
            ContactResult::Reached
        } else {
            self.numbers.one_of()
        };
        let met = if self.numbers.chance(70) {
            MetWho::Youth
        } else {
            self.numbers.one_of()
        };
        diesel::insert_into(contacts::table)
            .values((
                contacts::id.eq(Id::<Contact>::fresh()),
                contacts::youth_id.eq(youth),
                contacts::episode_id.eq(episode),
                contacts::author_id.eq(self.chief),
                contacts::occurred_at.eq(Timestamp::of(occurred_at.unwrap().and_utc())),
                contacts::channel.eq(Channel::Phone),
                contacts::direction.eq(Direction::Outbound),
                contacts::met_who.eq(met),
                contacts::result.eq(result),
                contacts::created_at.eq(at(NOW)),
                contacts::updated_at.eq(at(NOW)),
                contacts::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
    }

    fn add_intervention(&mut self, youth: Id<Youth>, episode: Id<Episode>) {
        let offered_on = self.numbers.day();
        let answer: OfferAnswer = self.numbers.one_of();
        let answered_on = self
            .numbers
            .chance(60)
            .then(|| offered_on + Days::new(self.numbers.below(60)));
        let started_on = self
            .numbers
            .chance(60)
            .then(|| offered_on + Days::new(self.numbers.below(90)));
        let ended_on = started_on
            .filter(|_| self.numbers.chance(60))
            .map(|day| day + Days::new(self.numbers.below(300)));
        let why: EndReason = self.numbers.one_of();
        let kind: Kind = self.numbers.one_of();
        diesel::insert_into(interventions::table)
            .values((
                interventions::id.eq(Id::<Intervention>::fresh()),
                interventions::youth_id.eq(youth),
                interventions::episode_id.eq(episode),
                interventions::kind.eq(kind),
                interventions::answer.eq(answer),
                interventions::offered_on.eq(offered_on),
                interventions::answered_on.eq(answered_on),
                interventions::started_on.eq(started_on),
                interventions::ended_on.eq(ended_on),
                interventions::end_reason
                    .eq(ended_on.filter(|_| self.numbers.chance(90)).map(|_| why)),
                interventions::responsible_party.eq(ResponsibleParty::Municipality),
                interventions::created_at.eq(at(NOW)),
                interventions::updated_at.eq(at(NOW)),
                interventions::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
    }

    fn add_observation(&mut self, youth: Id<Youth>) {
        let as_of_on = self.numbers.day();
        let starts_on = self
            .numbers
            .chance(40)
            .then(|| as_of_on - Days::new(self.numbers.below(200)));
        let kind = if self.numbers.chance(30) {
            Occupation::Studies
        } else {
            self.numbers.one_of()
        };
        let is_known = !matches!(
            kind,
            Occupation::NotKnown | Occupation::NotReached | Occupation::DeclinedToSay
        );
        let valid_until = is_known.then(|| as_of_on + Days::new(1 + self.numbers.below(200)));
        diesel::insert_into(occupations::table)
            .values((
                occupations::id.eq(Id::<OccupationObservation>::fresh()),
                occupations::youth_id.eq(youth),
                occupations::kind.eq(kind),
                occupations::starts_on.eq(starts_on),
                occupations::as_of_on.eq(as_of_on),
                occupations::source.eq(OccupationSource::Youth),
                occupations::valid_until.eq(valid_until),
                occupations::is_void.eq(self.numbers.chance(15)),
                occupations::created_at.eq(at(NOW)),
                occupations::updated_at.eq(at(NOW)),
                occupations::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
    }

    fn add_exam(&mut self, youth: Id<Youth>) {
        let id: Id<ExamDocument> = Id::fresh();
        let kind: ExamDocumentKind = self.numbers.one_of();
        let is_void = self.numbers.chance(20);
        diesel::insert_into(exam_documents::table)
            .values((
                exam_documents::id.eq(id),
                exam_documents::youth_id.eq(youth),
                exam_documents::kind.eq(kind),
                exam_documents::issued_on.eq(self.numbers.day()),
                exam_documents::source.eq(FactSource::School),
                exam_documents::void_reason.eq(is_void
                    .then(|| hidden("exam_documents", "void_reason", id.uuid(), "Fel elev."))),
                exam_documents::created_at.eq(at(NOW)),
                exam_documents::updated_at.eq(at(NOW)),
                exam_documents::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
    }

    fn add_check(&mut self, youth: Id<Youth>, episode: Id<Episode>) {
        for months in [3, 6] {
            let result: OutcomeResult = self.numbers.one_of();
            let answered = self.numbers.chance(75).then_some(result);
            let checked_on = answered.map(|_| self.numbers.day());
            diesel::insert_into(outcome_checks::table)
                .values((
                    outcome_checks::id.eq(Id::<OutcomeCheck>::fresh()),
                    outcome_checks::youth_id.eq(youth),
                    outcome_checks::episode_id.eq(episode),
                    outcome_checks::months.eq(months),
                    outcome_checks::due_on.eq(day("2026-05-01")),
                    outcome_checks::result.eq(answered),
                    outcome_checks::checked_on.eq(checked_on),
                    outcome_checks::created_at.eq(at(NOW)),
                    outcome_checks::updated_at.eq(at(NOW)),
                    outcome_checks::version.eq(1_i64),
                ))
                .execute(&mut self.conn)
                .unwrap();
        }
    }

    fn add_outings(&mut self) {
        let mut tied: Vec<(Id<Youth>, Id<Contact>)> = contacts::table
            .select((contacts::youth_id, contacts::id))
            .order(contacts::id)
            .limit(12)
            .load(&mut self.conn)
            .unwrap();
        for _ in 0..12 {
            let id: Id<OutreachSession> = Id::fresh();
            let starts_at = self.numbers.day().and_hms_opt(22, 30, 0).unwrap().and_utc();
            let ends_at = starts_at + chrono::Duration::minutes(90);
            let met = json!([{"ageGroup": "16_19", "legalSex": "male", "count": self.numbers.below(9)},
                {"ageGroup": "unknown", "legalSex": "female", "count": self.numbers.below(4)}]);
            diesel::insert_into(outreach_sessions::table)
                .values((
                    outreach_sessions::id.eq(id),
                    outreach_sessions::unit_id.eq(self.units[0]),
                    outreach_sessions::kind.eq(OutreachKind::Street),
                    outreach_sessions::starts_at.eq(Timestamp::of(starts_at)),
                    outreach_sessions::ends_at.eq(Timestamp::of(ends_at)),
                    outreach_sessions::met.eq(Json(met)),
                    outreach_sessions::outcomes.eq(Json(json!(["talked"]))),
                    outreach_sessions::created_by.eq(self.chief),
                    outreach_sessions::created_at.eq(at(NOW)),
                    outreach_sessions::updated_at.eq(at(NOW)),
                    outreach_sessions::version.eq(1_i64),
                ))
                .execute(&mut self.conn)
                .unwrap();
            for number in 0..=self.numbers.below(2) {
                let user = self.staff[usize::try_from(number).unwrap()];
                let minutes = self.numbers.chance(50).then_some(200);
                diesel::insert_into(outreach_participants::table)
                    .values((
                        outreach_participants::session_id.eq(id),
                        outreach_participants::user_id.eq(user),
                        outreach_participants::minutes.eq(minutes),
                    ))
                    .execute(&mut self.conn)
                    .unwrap();
            }
            // Somebody of whom it turned out who it was: then it is a contact of theirs.
            let tied = tied.pop().filter(|_| self.numbers.chance(40));
            diesel::insert_into(outreach_contacts::table)
                .values((
                    outreach_contacts::id.eq(Id::<OutreachContact>::fresh()),
                    outreach_contacts::session_id.eq(id),
                    outreach_contacts::met_by.eq(self.staff[0]),
                    outreach_contacts::age_group.eq(MetAge::From16To19),
                    outreach_contacts::legal_sex.eq(LegalSex::Male),
                    outreach_contacts::outcome.eq(OutreachOutcome::Talked),
                    outreach_contacts::wants_contact.eq(false),
                    outreach_contacts::youth_id.eq(tied.map(|(youth, _)| youth)),
                    outreach_contacts::contact_id.eq(tied.map(|(_, contact)| contact)),
                    outreach_contacts::tied_by.eq(tied.map(|_| self.chief)),
                    outreach_contacts::tied_at.eq(tied.map(|_| at(NOW))),
                    outreach_contacts::created_at.eq(at(NOW)),
                    outreach_contacts::updated_at.eq(at(NOW)),
                    outreach_contacts::version.eq(1_i64),
                ))
                .execute(&mut self.conn)
                .unwrap();
        }
        for number in 0..6_usize {
            diesel::insert_into(work_hours::table)
                .values((
                    work_hours::id.eq(Id::<WorkHours>::fresh()),
                    work_hours::unit_id.eq(self.units[0]),
                    work_hours::user_id.eq(self.staff[number % 3]),
                    work_hours::worked_on.eq(self.numbers.day()),
                    work_hours::minutes.eq(45),
                    work_hours::kind.eq(WorkKind::Meeting),
                    work_hours::created_at.eq(at(NOW)),
                    work_hours::updated_at.eq(at(NOW)),
                    work_hours::version.eq(1_i64),
                ))
                .execute(&mut self.conn)
                .unwrap();
        }
    }
}

fn counted(database: &TestDatabase, chief: Id<User>, period: Period, batch: i64) -> Counting {
    let threads = Threads {
        readers: 1,
        writers: 1,
    };
    let door = Door::new(Store::open(&database.location, threads).unwrap(), vault());
    let call = Call {
        operation: Operation::ReadCompartmentCounts,
        identity: Identity::OnBehalf(chief),
        at: NOW.parse().unwrap(),
        request_id: "r".to_owned(),
    };
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(door.run(call, move |tx| {
            let permit = tx.permit(Resource::Statistics, &Relation::unit_record(true))?;
            let mut counting = Counting::begin(period);
            while !count_next(tx, &permit, &mut counting, batch)? {}
            Ok(counting)
        }))
        .unwrap()
}

type EpisodeRow = (
    Id<Episode>,
    Id<Youth>,
    Id<Unit>,
    Track,
    Reason,
    NaiveDate,
    Option<NaiveDate>,
    Option<DeregistrationReason>,
    Option<Destination>,
    Option<bool>,
);
type InterventionRow = (
    Id<Intervention>,
    Id<Youth>,
    Id<Episode>,
    Kind,
    OfferAnswer,
    NaiveDate,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<EndReason>,
);
type ObservationRow = (
    Id<OccupationObservation>,
    Id<Youth>,
    Occupation,
    Option<NaiveDate>,
    NaiveDate,
    Option<NaiveDate>,
    bool,
);

type YouthRow = (
    Id<Youth>,
    NaiveDate,
    LegalSex,
    Option<String>,
    ProtectionLevel,
);
type ContactRow = (Id<Youth>, Id<Episode>, Timestamp, ContactResult, MetWho);
type CheckRow = (
    Id<OutcomeCheck>,
    Id<Youth>,
    Id<Episode>,
    i32,
    Option<OutcomeResult>,
    Option<NaiveDate>,
);

/// The groups of a youth by an episode, as of a day.
type GroupsOf<'a> = dyn Fn(&EpisodeRow, NaiveDate) -> Vec<(&'static str, String)> + 'a;

/// All rows of the register, in memory.
struct Rows {
    youths: Vec<YouthRow>,
    episodes: Vec<EpisodeRow>,
    contacts: Vec<ContactRow>,
    interventions: Vec<InterventionRow>,
    observations: Vec<ObservationRow>,
    exams: Vec<(Id<Youth>, ExamDocumentKind, NaiveDate, bool)>,
    checks: Vec<CheckRow>,
}

impl Rows {
    fn all(conn: &mut Conn) -> Self {
        Self {
            youths: youths::table
                .select((
                    youths::id,
                    youths::birth_date,
                    youths::legal_sex,
                    youths::area,
                    youths::protection_level,
                ))
                .load(conn)
                .unwrap(),
            episodes: episodes::table
                .select((
                    episodes::id,
                    episodes::youth_id,
                    episodes::unit_id,
                    episodes::track,
                    episodes::reason,
                    episodes::entered_on,
                    episodes::exited_on,
                    episodes::deregistration_reason,
                    episodes::destination,
                    episodes::destination_elsewhere,
                ))
                .load(conn)
                .unwrap(),
            contacts: contacts::table
                .select((
                    contacts::youth_id,
                    contacts::episode_id,
                    contacts::occurred_at,
                    contacts::result,
                    contacts::met_who,
                ))
                .load(conn)
                .unwrap(),
            interventions: interventions::table
                .select((
                    interventions::id,
                    interventions::youth_id,
                    interventions::episode_id,
                    interventions::kind,
                    interventions::answer,
                    interventions::offered_on,
                    interventions::answered_on,
                    interventions::started_on,
                    interventions::ended_on,
                    interventions::end_reason,
                ))
                .load(conn)
                .unwrap(),
            observations: occupations::table
                .select((
                    occupations::id,
                    occupations::youth_id,
                    occupations::kind,
                    occupations::starts_on,
                    occupations::as_of_on,
                    occupations::valid_until,
                    occupations::is_void,
                ))
                .load(conn)
                .unwrap(),
            exams: exam_documents::table
                .select((
                    exam_documents::youth_id,
                    exam_documents::kind,
                    exam_documents::issued_on,
                    exam_documents::void_reason.is_not_null(),
                ))
                .load(conn)
                .unwrap(),
            checks: outcome_checks::table
                .select((
                    outcome_checks::id,
                    outcome_checks::youth_id,
                    outcome_checks::episode_id,
                    outcome_checks::months,
                    outcome_checks::result,
                    outcome_checks::checked_on,
                ))
                .load(conn)
                .unwrap(),
        }
    }
}

/// Measure or outcome with its word, division, group.
type Key = (String, &'static str, String);

/// The naive counts.
#[derive(Default)]
struct Naive(BTreeMap<Key, u64>);

impl Naive {
    fn add(&mut self, name: &str, groups: &[(&'static str, String)], number: u64) {
        if number > 0 {
            for (division, group) in groups {
                *self
                    .0
                    .entry((name.to_owned(), *division, group.clone()))
                    .or_default() += number;
            }
        }
    }

    fn count(rows: &Rows, period: Period) -> Self {
        let mut naive = Self::default();
        for youth in rows
            .youths
            .iter()
            .filter(|one| one.4 == ProtectionLevel::None)
        {
            naive.count_youth(rows, period, youth);
        }
        naive
    }

    fn count_youth(
        &mut self,
        rows: &Rows,
        period: Period,
        (id, born, sex, area, _): &(
            Id<Youth>,
            NaiveDate,
            LegalSex,
            Option<String>,
            ProtectionLevel,
        ),
    ) {
        let (first, last) = (period.first_day(), period.last_day());
        let inside = |day: NaiveDate| first <= day && day <= last;
        let area = area.clone().unwrap_or_default().to_lowercase();
        let area = area.split_whitespace().collect::<Vec<_>>().join(" ");
        let groups_of = |episode: &EpisodeRow, on: NaiveDate| {
            let age = if age_on(*born, on).unwrap_or(0) < 20 {
                "16_19"
            } else {
                "20_25"
            };
            vec![
                ("total", String::new()),
                ("sex", sex.code().to_owned()),
                ("ageGroup", age.to_owned()),
                ("area", area.clone()),
                ("reason", episode.4.code().to_owned()),
                ("track", episode.3.code().to_owned()),
                ("unit", episode.2.to_string()),
            ]
        };
        let mut own: Vec<&EpisodeRow> = rows.episodes.iter().filter(|one| one.1 == *id).collect();
        own.sort_by_key(|one| (one.5, one.6.unwrap_or(NaiveDate::MAX), one.0));
        self.count_cohort(&own, period, &groups_of);
        self.count_checks(rows, *id, &own, period, &groups_of);

        // Day by day: who stands in the register, the day of exit included.
        let mut touched: Vec<&EpisodeRow> = Vec::new();
        let mut first_day = None;
        let mut date = first;
        while date <= last {
            for episode in &own {
                let is_there = episode.5 <= date && episode.6.is_none_or(|exit| date <= exit);
                if is_there && !touched.iter().any(|one| one.0 == episode.0) {
                    touched.push(*episode);
                }
                if is_there && first_day.is_none() {
                    first_day = Some(date);
                }
            }
            date = next(date);
        }
        let Some(first_day) = first_day else {
            return;
        };
        touched.sort_by_key(|one| (one.5, one.6.unwrap_or(NaiveDate::MAX), one.0));
        let groups = groups_of(touched[0], first_day);
        let mut add = |name: &str, number: usize| self.add(name, &groups, number as u64);
        add("youths", 1);

        let contacts: Vec<_> = rows.contacts.iter().filter(|one| one.0 == *id).collect();
        let is_reached = |one: &&&(Id<Youth>, Id<Episode>, Timestamp, ContactResult, MetWho)| {
            one.3 == ContactResult::Reached && one.4 == MetWho::Youth
        };
        let now: Vec<_> = contacts
            .iter()
            .filter(|one| inside(day_of(one.2.utc())))
            .collect();
        let reached_now = now.iter().filter(|one| is_reached(one)).count();
        add("contactAttempts", now.len());
        add("contactsReached", reached_now);
        add("personsAttempted", usize::from(!now.is_empty()));
        add("personsReached", usize::from(reached_now > 0));
        let reached_before = contacts.iter().filter(is_reached).any(|one| {
            day_of(one.2.utc()) <= last && touched.iter().any(|episode| episode.0 == one.1)
        });
        add(
            "personsNeverReached",
            usize::from(reached_now == 0 && !reached_before),
        );

        let offers: Vec<&InterventionRow> = rows
            .interventions
            .iter()
            .filter(|one| one.1 == *id)
            .collect();
        let offered = offers.iter().filter(|one| inside(one.5)).count();
        let accepted = offers
            .iter()
            .filter(|one| one.4 == OfferAnswer::Accepted && one.5 <= last)
            .filter(|one| inside(one.6.unwrap_or(one.5)))
            .count();
        let started = offers
            .iter()
            .filter(|one| one.7.is_some_and(inside))
            .count();
        for (events, persons, number) in [
            ("interventionsOffered", "personsOffered", offered),
            ("interventionsAccepted", "personsAccepted", accepted),
            ("interventionsStarted", "personsStarted", started),
        ] {
            add(events, number);
            add(persons, usize::from(number > 0));
        }
        // Day by day again: what runs.
        let mut kinds = BTreeSet::new();
        let mut date = first;
        while date <= last {
            for one in &offers {
                let runs =
                    one.7.is_some_and(|start| start <= date) && one.8.is_none_or(|end| date <= end);
                if runs {
                    kinds.insert(one.3.code());
                }
            }
            date = next(date);
        }
        add("participants", usize::from(!kinds.is_empty()));
        for kind in kinds {
            add(&format!("interventionKinds/{kind}"), 1);
        }
        let mut ended: Vec<&&InterventionRow> = offers
            .iter()
            .filter(|one| one.8.is_some_and(inside))
            .collect();
        ended.sort_by_key(|one| (one.8, one.0));
        add("interventionsEnded", ended.len());
        add(
            "personsWithEndedIntervention",
            usize::from(!ended.is_empty()),
        );
        if let Some(one) = ended.last() {
            add(
                &format!(
                    "interventionEndReasons/{}",
                    one.9.map_or("not_stated", Code::code)
                ),
                1,
            );
            let class = match (one.8.unwrap() - one.7.unwrap()).num_days() {
                ..28 => "under_4_weeks",
                28..91 => "under_3_months",
                91..182 => "under_6_months",
                _ => "longer",
            };
            add(&format!("interventionDurations/{class}"), 1);
        }

        let is_open = touched
            .iter()
            .any(|one| one.6.is_none_or(|exit| exit > last));
        let exit = touched.iter().filter(|one| one.6.is_some_and(inside)).fold(
            None::<&EpisodeRow>,
            |best, one| match best {
                Some(best) if best.6 > one.6 => Some(best),
                _ => Some(one),
            },
        );
        if is_open {
            add("personsOnLastDay", 1);
            add(
                &format!("occupations/{}", occupation_on(rows, *id, last)),
                1,
            );
        } else {
            let exit = exit.unwrap();
            add("personsExited", 1);
            add(
                &format!(
                    "deregistrationReasons/{}",
                    exit.7.map_or("not_stated", Code::code)
                ),
                1,
            );
            let went_to = exit
                .8
                .filter(|to| !matches!(to, Destination::Other | Destination::None));
            if let Some(to) = went_to {
                add("exitedToWorkOrEducation", 1);
                add(&format!("destinations/{}", to.code()), 1);
                let place = if exit.9 == Some(true) {
                    "elsewhere"
                } else {
                    "not_elsewhere"
                };
                add(&format!("mobility/{place}"), 1);
            }
        }

        let is_dropout = |reason| {
            matches!(
                reason,
                Reason::DropoutNationalProgramme | Reason::DropoutAdapted
            )
        };
        add(
            "dropouts",
            usize::from(touched.iter().any(|one| is_dropout(one.4) && inside(one.5))),
        );

        let age = age_on(*born, first_day).unwrap_or(0);
        let duty: Vec<&&EpisodeRow> = touched
            .iter()
            .filter(|one| one.3 == Track::Kaa && age < 20)
            .collect();
        if !duty.is_empty() {
            let mut first_offers: Vec<(NaiveDate, NaiveDate)> = offers
                .iter()
                .filter(|one| one.5 <= last)
                .flat_map(|one| {
                    duty.iter()
                        .filter(|episode| episode.0 == one.2)
                        .map(|episode| (one.5, episode.5))
                })
                .collect();
            first_offers.sort_unstable();
            add("kaaYouths", 1);
            add("kaaYouthsOffered", usize::from(!first_offers.is_empty()));
            add("kaaYouthsLeft", usize::from(!is_open));
            add(
                "kaaYouthsOfferedBeforeLeaving",
                usize::from(!is_open && !first_offers.is_empty()),
            );
            if let Some((offered, entered)) = first_offers.first() {
                add(
                    &format!(
                        "daysToFirstOffer/{}",
                        (*offered - *entered).num_days().max(0)
                    ),
                    1,
                );
            }
        }
        let completed = |kind: ExamDocumentKind| {
            let code = kind.code();
            (code.contains("EXAMENSBEVIS") && !code.contains("INGENJOR"))
                || [
                    "GYMNASIEBEVIS_ANPASSAD",
                    "IB_DIPLOMA",
                    "FOREIGN_EXAM",
                    "FHS_BEHORIGHET",
                ]
                .contains(&code)
        };
        let has_exam = rows
            .exams
            .iter()
            .any(|one| one.0 == *id && !one.3 && completed(one.1) && one.2 <= first_day)
            || own.iter().any(|one| {
                one.7 == Some(DeregistrationReason::CompletedUpperSecondary)
                    && one.6.unwrap() <= first_day
            });
        if (20..25).contains(&age)
            && !has_exam
            && touched.iter().any(|one| one.3 == Track::Outreach)
        {
            let studies = rows
                .observations
                .iter()
                .any(|one| one.1 == *id && !one.6 && one.2 == Occupation::Studies && inside(one.4));
            let left = touched.iter().any(|one| {
                one.6.is_some_and(inside)
                    && one.8.is_some_and(|to| {
                        !matches!(
                            to,
                            Destination::Work | Destination::Other | Destination::None
                        )
                    })
            });
            let began = offers.iter().any(|one| {
                matches!(one.3, Kind::KomvuxStudies | Kind::FolkHighSchoolStudies)
                    && one.7.is_some_and(inside)
            });
            add("adultsWithoutExam", 1);
            add(
                "adultsResumedStudies",
                usize::from(studies || left || began),
            );
        }
    }

    fn count_cohort(&mut self, own: &[&EpisodeRow], period: Period, groups_of: &GroupsOf<'_>) {
        for episode in own {
            let due = episode.5 + Months::new(12);
            let is_dropout = matches!(
                episode.4,
                Reason::DropoutNationalProgramme | Reason::DropoutAdapted
            );
            if !is_dropout || due < period.first_day() || period.last_day() < due {
                continue;
            }
            let groups = groups_of(episode, episode.5);
            let mut exits: Vec<(NaiveDate, DeregistrationReason)> = Vec::new();
            for other in own {
                if let (Some(exit), Some(reason)) = (other.6, other.7)
                    && episode.5 <= exit
                    && exit <= due
                {
                    exits.push((exit, reason));
                }
            }
            exits.sort_by_key(|(exit, _)| *exit);
            let mut outcome = "";
            for (_, reason) in exits {
                outcome = match reason.code() {
                    "national_programme_or_equiv" | "completed_upper_secondary" => {
                        "dropoutsResumedNational"
                    }
                    "introductory_programme" => "dropoutsResumedIntroductory",
                    "turned_20" | "not_registered_here" | "deceased" | "registered_in_error" => {
                        "dropoutsCensored"
                    }
                    _ => continue,
                };
                break;
            }
            self.add("dropoutCohort", &groups, 1);
            self.add(
                "dropoutsFollowed",
                &groups,
                u64::from(outcome != "dropoutsCensored"),
            );
            if !outcome.is_empty() {
                self.add(outcome, &groups, 1);
            }
            return;
        }
    }

    fn count_checks(
        &mut self,
        rows: &Rows,
        id: Id<Youth>,
        own: &[&EpisodeRow],
        period: Period,
        groups_of: &GroupsOf<'_>,
    ) {
        let mut answered: Vec<_> = rows
            .checks
            .iter()
            .filter(|one| one.1 == id && one.4.is_some())
            .filter(|one| {
                one.5
                    .is_some_and(|on| period.first_day() <= on && on <= period.last_day())
            })
            .collect();
        answered.sort_by_key(|one| (one.5, one.0));
        let Some(check) = answered.last() else {
            return;
        };
        let Some(episode) = own
            .iter()
            .find(|one| one.0 == check.2 && one.5 <= period.last_day())
        else {
            return;
        };
        let mut groups = groups_of(episode, episode.6.or(check.5).unwrap());
        groups.push(("months", check.3.to_string()));
        self.add("outcomesChecked", &groups, 1);
        self.add(
            "outcomesKnown",
            &groups,
            u64::from(check.4 != Some(OutcomeResult::Unknown)),
        );
        self.add(
            "outcomesSustained",
            &groups,
            u64::from(check.4 == Some(OutcomeResult::Sustained)),
        );
    }
}

/// What is heard of a youth on a day, from what was ascertained until a last day; nothing where nobody knows.
fn heard_on(observations: &[&ObservationRow], date: NaiveDate) -> Option<Occupation> {
    let from = |one: &ObservationRow| one.3.unwrap_or(one.4);
    let mut ranked = observations.to_vec();
    // The ids are as old as the rows, which were all recorded at once.
    ranked.sort_by_key(|one| (one.4, from(one), one.0));
    for place in (0..ranked.len()).rev() {
        let one = ranked[place];
        let speaks = from(one) <= date && one.5.is_none_or(|end| date < end);
        let is_superseded = ranked[place + 1..].iter().any(|later| {
            later.5.is_none_or(|end| end > one.4) && from(later).max(next(one.4)) <= date
        });
        if speaks && !is_superseded {
            return Some(one.2);
        }
    }
    None
}

fn occupation_on(rows: &Rows, id: Id<Youth>, last: NaiveDate) -> &'static str {
    let told: Vec<&ObservationRow> = rows
        .observations
        .iter()
        .filter(|one| one.1 == id && !one.6 && one.4 <= last)
        .collect();
    if let Some(kind) = heard_on(&told, last) {
        return kind.code();
    }
    let Some(mut date) = told.iter().map(|one| one.3.unwrap_or(one.4)).min() else {
        return "not_known";
    };
    while date <= last {
        let heard = heard_on(&told, date).map(Code::code);
        if heard
            .is_some_and(|kind| !["not_known", "not_reached", "declined_to_say"].contains(&kind))
        {
            return "lapsed";
        }
        date = next(date);
    }
    "not_known"
}

/// The same keys from a counting.
fn keys_of(counting: &Counting) -> BTreeMap<Key, u64> {
    let tallies = counting.tallies();
    let mut keys = BTreeMap::new();
    let mut put = |name: &str, division: &'static str, group: &str, count: u64| {
        if count > 0 {
            keys.insert((name.to_owned(), division, group.to_owned()), count);
        }
    };
    for tally in Tally::ALL {
        put(tally.name(), "total", "", tallies.total(*tally));
        for division in Division::ALL {
            for (group, count) in tallies.by(*tally, *division).into_iter().flatten() {
                put(tally.name(), division.name(), group, *count);
            }
        }
    }
    for tally in OutcomeTally::ALL {
        for (word, count) in tallies.outcome_total(*tally).into_iter().flatten() {
            put(&format!("{}/{word}", tally.name()), "total", "", *count);
        }
        for division in Division::ALL {
            for (group, by) in tallies.outcome_by(*tally, *division).into_iter().flatten() {
                for (word, count) in by {
                    put(
                        &format!("{}/{word}", tally.name()),
                        division.name(),
                        group,
                        *count,
                    );
                }
            }
        }
    }
    keys
}

fn compare(database: &TestDatabase, seed: u64) -> BTreeSet<String> {
    let mut register = Register::filled(database, seed, 90);
    let rows = Rows::all(&mut register.conn);
    let mut compared = BTreeSet::new();
    for part in [
        PeriodPart::Tertial1,
        PeriodPart::FullYear,
        PeriodPart::HalfYear2,
    ] {
        let period = Period::new(2026, part).unwrap();
        let counting = counted(database, register.chief, period, 7);
        let naive = Naive::count(&rows, period).0;
        let keys = keys_of(&counting);
        let differ: Vec<_> = naive
            .keys()
            .chain(keys.keys())
            .filter(|key| naive.get(*key) != keys.get(*key))
            .map(|key| (key, naive.get(key), keys.get(key)))
            .collect();
        assert!(
            differ.is_empty(),
            "{part:?} of {seed}: {:?}",
            &differ[..differ.len().min(8)]
        );
        let unprotected = rows
            .youths
            .iter()
            .filter(|one| one.4 == ProtectionLevel::None);
        assert_eq!(counting.counted(), unprotected.count() as u64);
        compared.extend(
            keys.into_keys()
                .map(|(name, ..)| name.split('/').next().unwrap().to_owned()),
        );
        compare_outreach(&mut register.conn, &counting, period);
        // In one page or in many, it is the same.
        let at_once = counted(database, register.chief, period, 1000);
        assert_eq!(at_once, counting);
    }
    compared
}

fn compare_outreach(conn: &mut Conn, counting: &Counting, period: Period) {
    let sessions: Vec<(Id<OutreachSession>, Timestamp, Timestamp, Json)> = outreach_sessions::table
        .select((
            outreach_sessions::id,
            outreach_sessions::starts_at,
            outreach_sessions::ends_at,
            outreach_sessions::met,
        ))
        .load(conn)
        .unwrap();
    let parts: Vec<(Id<OutreachSession>, Id<User>, Option<i32>)> =
        outreach_participants::table.load(conn).unwrap();
    let hours: Vec<(Id<User>, NaiveDate, i32)> = work_hours::table
        .select((
            work_hours::user_id,
            work_hours::worked_on,
            work_hours::minutes,
        ))
        .load(conn)
        .unwrap();
    let met_alone: Vec<(Id<OutreachSession>, Option<Id<Youth>>)> = outreach_contacts::table
        .select((outreach_contacts::session_id, outreach_contacts::youth_id))
        .load(conn)
        .unwrap();
    let (mut number, mut people, mut anonymous, mut minutes) = (0, 0, 0, 0);
    let mut staff = BTreeSet::new();
    for (id, starts_at, ends_at, met) in &sessions {
        let begins = day_of(starts_at.utc());
        if begins < period.first_day() || begins > period.last_day() {
            continue;
        }
        number += 1;
        people += met
            .0
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["count"].as_i64().unwrap())
            .sum::<i64>();
        anonymous += met_alone
            .iter()
            .filter(|one| one.0 == *id && one.1.is_none())
            .count();
        for part in parts.iter().filter(|part| part.0 == *id) {
            let whole = (ends_at.utc() - starts_at.utc()).num_minutes();
            minutes += whole.min(part.2.map_or(whole, i64::from));
            staff.insert(part.1);
        }
    }
    for (user, on, told) in hours {
        if period.first_day() <= on && on <= period.last_day() {
            minutes += i64::from(told);
            staff.insert(user);
        }
    }
    let outreach = counting.outreach();
    assert_eq!(outreach.sessions, number);
    assert_eq!(
        outreach.met.iter().map(|one| one.count).sum::<i64>(),
        people
    );
    assert_eq!(outreach.anonymous_contacts, anonymous as u64);
    assert_eq!(outreach.minutes, minutes as u64);
    assert_eq!(outreach.staff, staff.len() as u64);
}

on_both!(
    every_measure_agrees_with_a_second_way_of_counting,
    |database| {
        let compared = compare(&database, 20_260_501);
        // Of every measure something was there to compare: absence fails.
        for measure in MEASURES {
            let names: Vec<&str> = match measure.figure {
                Figure::Count(tally) => vec![tally.name()],
                Figure::Share { part, of } => vec![part.name(), of.name()],
                Figure::Outcome(tally) => vec![tally.name()],
                Figure::Events { events, persons } => vec![events.name(), persons.name()],
                Figure::OutcomeShare { outcome, of, .. } => vec![outcome.name(), of.name()],
                Figure::KaaLeft(LeftFigure::All) => vec![Tally::KaaLeft.name()],
                Figure::KaaLeft(_) => vec![Tally::KaaLeftOffered.name()],
                Figure::DaysToOffer => vec![OutcomeTally::DaysToOffer.name()],
                Figure::CostPerParticipant => vec![Tally::Participants.name()],
                // Compared in `compare_outreach`, or entered by hand.
                Figure::Sessions
                | Figure::Hours
                | Figure::PeopleMet
                | Figure::AnonymousContacts
                | Figure::Cost => Vec::new(),
            };
            for name in names {
                assert!(
                    compared.contains(name),
                    "nothing was compared of {}: {name}",
                    measure.code
                );
            }
        }
    }
);

on_both!(other_registers_agree_too, |database| {
    compare(&database, 7);
});

with_app!(everybody_reads_the_catalogue_and_only_it, |app| {
    for persona in [
        Ambassador,
        Syv,
        Ungdomskonsulent,
        Socionom,
        Enhetschef,
        Administrator,
        Loggranskare,
    ] {
        let told = app.get(persona, "/statistics/measures").expect(200);
        let measures = told.body["measures"].as_array().unwrap();
        assert_eq!(measures.len(), MEASURES.len());
        let first = &measures[0];
        assert_eq!(first["code"], "youths");
        assert_eq!(
            first["breakdowns"],
            json!(["sex", "ageGroup", "area", "reason", "track", "unit"])
        );
    }
    let event = app.db_last_event("listStatisticsMeasures");
    assert_eq!(event.subjects[0].1, "statisticsMeasures");
    app.get(Enhetschef, "/statistics/measures?sex=female")
        .problem(400, "invalid-parameter");
    app.get(Persona::Nobody, "/statistics/measures").expect(401);
});

with_app!(the_chief_enters_what_a_period_cost, |app| {
    let body = json!({"year": 2026, "period": "tertial_1", "amount": 1_250_000, "covers": "Lön och lokaler"});
    let made = app
        .post(Enhetschef, "/statistics/costs", body.clone())
        .expect(201);
    assert_eq!(made.body["amount"], 1_250_000);
    let path = format!("/statistics/costs/{}", made.id());
    let taken = app
        .post(Enhetschef, "/statistics/costs", body.clone())
        .problem(422, "validation-failed");
    assert_eq!(taken, [("/period".to_owned(), "taken".to_owned())]);
    let wrong = json!({"year": 1999, "period": "week", "amount": -1});
    assert_eq!(
        app.post(Enhetschef, "/statistics/costs", wrong)
            .problem(422, "validation-failed"),
        [
            ("/year", "out-of-range"),
            ("/period", "not-in-list"),
            ("/amount", "out-of-range"),
            ("/covers", "required"),
        ]
        .map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
    app.send(Enhetschef, "PATCH", &path, &[], Some(json!({})))
        .problem(428, "version-required");
    let changed = app
        .patch(Enhetschef, &path, 1, json!({"amount": 1_300_000}))
        .expect(200);
    assert_eq!(changed.version(), 2);
    let event = app.db_last_event("updatePeriodCost");
    assert_eq!(event.subjects[0].1, "periodCosts");
    app.patch(Enhetschef, &path, 1, json!({"amount": 1}))
        .problem(412, "stale-version");
    assert_eq!(app.get(Enhetschef, &path).expect(200).body, changed.body);
    // It is the municipality's: the chief of another unit sees it too.
    let list = app
        .get(Persona::EnhetschefElsewhere, "/statistics/costs?year=2026")
        .expect(200);
    assert_eq!(list.column("costs", "amount"), [json!(1_300_000)]);
    assert_eq!(
        app.get(Enhetschef, "/statistics/costs?year=2025")
            .expect(200)
            .body["costs"],
        json!([])
    );
    for persona in [
        Ambassador,
        Syv,
        Ungdomskonsulent,
        Socionom,
        Administrator,
        Loggranskare,
    ] {
        app.get(persona, "/statistics/costs")
            .problem(403, "forbidden");
        app.post(persona, "/statistics/costs", body.clone())
            .problem(403, "forbidden");
    }
});

with_app!(how_long_dropouts_are_followed_is_a_setting, |app| {
    let settings = app.get(Administrator, "/settings").expect(200);
    assert_eq!(settings.body["resumptionMonths"], Value::from(12));
    let changed = app
        .patch(
            Administrator,
            "/settings",
            settings.version(),
            json!({"resumptionMonths": 24}),
        )
        .expect(200);
    assert_eq!(changed.body["resumptionMonths"], Value::from(24));
    let wrong = app.patch(
        Administrator,
        "/settings",
        changed.version(),
        json!({"resumptionMonths": 0}),
    );
    let problems = wrong.problem(422, "validation-failed");
    assert_eq!(
        problems,
        [("/resumptionMonths".to_owned(), "out-of-range".to_owned())]
    );
});
