//! The statistics of a unit, from the rows of the register to the published document: who is counted, when, and what
//! is left out. How cells are hidden is tested beside the code.

use crate::on_both;
use crate::support::TestDatabase;
use crate::support::hidden;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use kaa::db::Conn;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::schema::{
    audit_events, audit_subjects, contacts, episodes, interventions, units, users, youths,
};
use kaa::db::store::{Store, Threads};
use kaa::db::types::Timestamp;
use kaa::domain::codes::{
    Channel, Code, ContactResult, DeregistrationReason, Destination, Direction, LegalSex, Measure,
    MetWho, OfferAnswer, ProtectionLevel, Reason, ResponsibleParty, Track,
};
use kaa::domain::id::{Contact, Episode, Id, Intervention, Unit, User, Youth};
use kaa::domain::operation::Operation;
use kaa::domain::user::Role;
use kaa::error::{ErrorCode, FieldCode, Language, Result};
use kaa::service::form::Form;
use kaa::service::statistics::{load_facts, read_period, tables};
use kaa::statistics::facts::{AgeGroup, Facts, YouthFacts};
use kaa::statistics::period::{Period, PeriodPart};
use kaa::statistics::suppression::Threshold;

const NOW: &str = "2026-05-10T08:00:00Z";

fn at(text: &str) -> Timestamp {
    Timestamp::of(text.parse::<DateTime<Utc>>().unwrap())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A register being filled by hand.
struct Register {
    conn: Conn,
    unit: Id<Unit>,
    chief: Id<User>,
}

impl Register {
    fn new(database: &TestDatabase) -> Self {
        let mut register = Self {
            conn: database.migrated(),
            unit: Id::fresh(),
            chief: Id::fresh(),
        };
        register.unit = register.insert_unit("Unga vuxna, Hallonbergen");
        register.chief = register.insert_user("chef", Role::Enhetschef, Some(register.unit));
        register
    }

    fn insert_unit(&mut self, name: &str) -> Id<Unit> {
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
        id
    }

    fn insert_user(&mut self, name: &str, role: Role, unit: Option<Id<Unit>>) -> Id<User> {
        let id = Id::fresh();
        diesel::insert_into(users::table)
            .values((
                users::id.eq(id),
                users::unit_id.eq(unit),
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

    fn insert_youth(&mut self, born: &str, sex: LegalSex, area: Option<&str>) -> Id<Youth> {
        let id: Id<Youth> = Id::fresh();
        let nothing = |column| hidden("youths", column, id.uuid(), "[]");
        diesel::insert_into(youths::table)
            .values((
                youths::id.eq(id),
                youths::unit_id.eq(self.unit),
                youths::given_name.eq("Åsa"),
                youths::family_name.eq("Öberg"),
                youths::birth_date.eq(day(born)),
                youths::legal_sex.eq(sex),
                youths::area.eq(area),
                youths::addresses.eq(nothing("addresses")),
                youths::phones.eq(nothing("phones")),
                youths::needs_interpreter.eq(false),
                youths::guardians.eq(nothing("guardians")),
                youths::protection_level.eq(ProtectionLevel::None),
                youths::sort_name.eq("oberg asa"),
                youths::contact_sort_on.eq(day("1900-01-01")),
                youths::created_at.eq(at(NOW)),
                youths::updated_at.eq(at(NOW)),
                youths::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
        id
    }

    fn insert_episode(&mut self, youth: Id<Youth>, from: &str, to: Option<&str>) -> Id<Episode> {
        let id = Id::fresh();
        diesel::insert_into(episodes::table)
            .values((
                episodes::id.eq(id),
                episodes::youth_id.eq(youth),
                episodes::unit_id.eq(self.unit),
                episodes::track.eq(Track::Kaa),
                episodes::reason.eq(Reason::Unknown),
                episodes::entered_on.eq(day(from)),
                episodes::exited_on.eq(to.map(day)),
                episodes::created_at.eq(at(NOW)),
                episodes::updated_at.eq(at(NOW)),
                episodes::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
        id
    }

    fn set_exit(
        &mut self,
        episode: Id<Episode>,
        reason: DeregistrationReason,
        to: Option<Destination>,
    ) {
        diesel::update(episodes::table.find(episode))
            .set((
                episodes::deregistration_reason.eq(Some(reason)),
                episodes::destination.eq(to),
            ))
            .execute(&mut self.conn)
            .unwrap();
    }

    fn insert_contact(
        &mut self,
        youth: Id<Youth>,
        episode: Id<Episode>,
        when: &str,
        result: ContactResult,
        met_who: MetWho,
    ) {
        diesel::insert_into(contacts::table)
            .values((
                contacts::id.eq(Id::<Contact>::fresh()),
                contacts::youth_id.eq(youth),
                contacts::episode_id.eq(episode),
                contacts::author_id.eq(self.chief),
                contacts::occurred_at.eq(at(when)),
                contacts::channel.eq(Channel::Phone),
                contacts::direction.eq(Direction::Outbound),
                contacts::met_who.eq(met_who),
                contacts::result.eq(result),
                contacts::created_at.eq(at(NOW)),
                contacts::updated_at.eq(at(NOW)),
                contacts::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
    }

    fn insert_intervention(
        &mut self,
        youth: Id<Youth>,
        episode: Id<Episode>,
        answer: OfferAnswer,
        days: (&str, Option<&str>, Option<&str>),
    ) {
        let (offered_on, answered_on, started_on) = days;
        diesel::insert_into(interventions::table)
            .values((
                interventions::id.eq(Id::<Intervention>::fresh()),
                interventions::youth_id.eq(youth),
                interventions::episode_id.eq(episode),
                interventions::kind.eq(Measure::Talks),
                interventions::answer.eq(answer),
                interventions::offered_on.eq(day(offered_on)),
                interventions::answered_on.eq(answered_on.map(day)),
                interventions::started_on.eq(started_on.map(day)),
                interventions::responsible_party.eq(ResponsibleParty::Municipality),
                interventions::created_at.eq(at(NOW)),
                interventions::updated_at.eq(at(NOW)),
                interventions::version.eq(1_i64),
            ))
            .execute(&mut self.conn)
            .unwrap();
    }
}

fn read(database: &TestDatabase, user: Id<User>, period: Period) -> Result<Facts> {
    let threads = Threads {
        readers: 1,
        writers: 1,
    };
    let door = Door::new(
        Store::open(&database.location, threads).unwrap(),
        crate::support::vault(),
    );
    let call = Call {
        operation: Operation::ReadStatistics,
        identity: Identity::OnBehalf(user),
        at: NOW.parse().unwrap(),
        request_id: "r".to_owned(),
    };
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(door.run(call, move |tx| load_facts(tx, period)))
}

fn tertial_1() -> Period {
    Period::new(2026, PeriodPart::Tertial1).unwrap()
}

fn only(facts: &Facts) -> &YouthFacts {
    assert_eq!(facts.youths.len(), 1);
    &facts.youths[0]
}

on_both!(
    who_was_in_the_register_on_any_day_of_the_period_is_counted,
    |database| {
        let mut register = Register::new(&database);
        for (from, to) in [
            ("2025-01-01", None),               // all the time
            ("2025-01-01", Some("2026-01-01")), // the first day
            ("2026-04-30", None),               // the last day
            ("2025-01-01", Some("2025-12-31")), // before
            ("2026-05-01", None),               // after
        ] {
            let youth = register.insert_youth("2008-01-01", LegalSex::Female, Some(from));
            register.insert_episode(youth, from, to);
        }
        // Twice in the register, one person; the age is that of the first day within the period.
        let twice = register.insert_youth("2006-03-01", LegalSex::Male, None);
        register.insert_episode(twice, "2025-01-01", Some("2026-02-01"));
        register.insert_episode(twice, "2026-03-15", None);
        // Protected identity, and a youth of another unit.
        let hidden = register.insert_youth("2008-01-01", LegalSex::Female, Some("Rissne"));
        register.insert_episode(hidden, "2025-01-01", None);
        diesel::update(youths::table.find(hidden))
            .set(youths::protection_level.eq(ProtectionLevel::ConfidentialityMarking))
            .execute(&mut register.conn)
            .unwrap();
        let own = register.unit;
        register.unit = register.insert_unit("En annan enhet");
        let foreign = register.insert_youth("2008-01-01", LegalSex::Female, Some("Solna"));
        register.insert_episode(foreign, "2025-01-01", None);
        register.unit = own;

        let facts = read(&database, register.chief, tertial_1()).unwrap();
        let mut areas: Vec<Option<&str>> = facts
            .youths
            .iter()
            .map(|youth| youth.area.as_deref())
            .collect();
        areas.sort_unstable();
        assert_eq!(
            areas,
            [
                None,
                Some("2025-01-01"),
                Some("2025-01-01"),
                Some("2026-04-30")
            ]
        );
        let twice = facts.youths.iter().find(|youth| youth.area.is_none());
        assert_eq!(twice.unwrap().age_group, AgeGroup::Teenagers);
        assert_eq!(facts.unit_id, own);
    }
);

on_both!(contacts_are_counted_by_swedish_days, |database| {
    let mut register = Register::new(&database);
    let youth = register.insert_youth("2008-01-01", LegalSex::Female, None);
    let episode = register.insert_episode(youth, "2025-01-01", None);
    use ContactResult::{NoAnswer, Reached};
    for (when, result, met_who) in [
        ("2025-12-31T22:59:59Z", Reached, MetWho::Youth), // still last year
        ("2025-12-31T23:00:00Z", Reached, MetWho::Youth), // midnight in Sweden
        ("2026-04-30T21:59:59Z", NoAnswer, MetWho::Youth), // the last second
        ("2026-04-30T22:00:00Z", Reached, MetWho::Youth), // the first of May
        ("2026-02-02T10:00:00Z", Reached, MetWho::Guardian),
    ] {
        register.insert_contact(youth, episode, when, result, met_who);
    }
    let facts = read(&database, register.chief, tertial_1()).unwrap();
    assert_eq!((only(&facts).attempts, only(&facts).reached), (3, 1));
});

on_both!(interventions_are_counted_by_their_own_dates, |database| {
    let mut register = Register::new(&database);
    let youth = register.insert_youth("2008-01-01", LegalSex::Female, None);
    let episode = register.insert_episode(youth, "2025-01-01", None);
    use OfferAnswer::{Accepted, Declined, Offered};
    for (answer, offered_on, answered_on, started_on) in [
        (
            Accepted,
            "2025-12-01",
            Some("2026-01-07"),
            Some("2026-01-15"),
        ),
        (Accepted, "2026-02-01", None, Some("2026-05-02")),
        (Declined, "2026-03-01", Some("2026-03-02"), None),
        (Offered, "2026-04-30", None, None),
        (Offered, "2026-05-01", None, None),
        (
            Accepted,
            "2025-11-01",
            Some("2025-11-02"),
            Some("2025-12-01"),
        ),
    ] {
        let days = (offered_on, answered_on, started_on);
        register.insert_intervention(youth, episode, answer, days);
    }
    let facts = read(&database, register.chief, tertial_1()).unwrap();
    let youth = only(&facts);
    assert_eq!((youth.offered, youth.accepted, youth.started), (3, 2, 1));
});

on_both!(the_last_exit_of_the_period_is_the_outcome, |database| {
    let mut register = Register::new(&database);
    let youth = register.insert_youth("2008-01-01", LegalSex::Female, None);
    let later = register.insert_episode(youth, "2026-02-10", Some("2026-03-01"));
    let earlier = register.insert_episode(youth, "2025-01-01", Some("2026-02-01"));
    let after = register.insert_episode(youth, "2026-04-01", Some("2026-05-05"));
    register.set_exit(later, DeregistrationReason::NationalProgramme, None);
    register.set_exit(
        earlier,
        DeregistrationReason::NotRegisteredHere,
        Some(Destination::Work),
    );
    register.set_exit(after, DeregistrationReason::OwnWish, None);
    let facts = read(&database, register.chief, tertial_1()).unwrap();
    let exit = only(&facts).exit.unwrap();
    assert_eq!(exit.reason, Some(DeregistrationReason::NationalProgramme));
    assert_eq!(exit.destination, None);
});

on_both!(only_the_chief_sees_them_and_the_audit_tells, |database| {
    let mut register = Register::new(&database);
    for role in [
        Role::Ambassador,
        Role::Syv,
        Role::Ungdomskonsulent,
        Role::Socionom,
        Role::Administrator,
        Role::Loggranskare,
    ] {
        let user = register.insert_user(&format!("{role:?}"), role, Some(register.unit));
        let refused = read(&database, user, tertial_1()).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Forbidden, "{role:?}");
    }
    let homeless = register.insert_user("utan enhet", Role::Enhetschef, None);
    let refused = read(&database, homeless, tertial_1()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden);
    let subjects = |register: &mut Register| -> Vec<(String, String)> {
        audit_subjects::table
            .select((audit_subjects::resource, audit_subjects::fields))
            .load(&mut register.conn)
            .unwrap()
    };
    assert_eq!(subjects(&mut register), []);
    let running = Period::new(2026, PeriodPart::FullYear).unwrap();
    let facts = read(&database, register.chief, running).unwrap();
    assert!(!facts.period.is_complete());
    assert_eq!(facts.period.counted_to(), day("2026-05-10"));
    assert_eq!(
        subjects(&mut register),
        [(
            "statistics".to_owned(),
            "2026 full_year to 2026-05-10".to_owned()
        )]
    );
    let events: i64 = audit_events::table
        .filter(audit_events::operation.eq("readStatistics"))
        .count()
        .get_result(&mut register.conn)
        .unwrap();
    assert_eq!(events, 8);

    let future = Period::new(2026, PeriodPart::HalfYear2).unwrap();
    let refused = read(&database, register.chief, future).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidParameter);
    assert_eq!(refused.fields[0].code, FieldCode::InFuture);
});

on_both!(a_release_shows_no_small_count_and_no_name, |database| {
    let mut register = Register::new(&database);
    for number in 0..60 {
        let sex = LegalSex::ALL[number % 2];
        let area = if number < 40 {
            "Hallonbergen"
        } else {
            "Rissne"
        };
        let youth = register.insert_youth("2008-01-01", sex, Some(area));
        let episode = register.insert_episode(youth, "2025-01-01", None);
        if number < 22 {
            let days = ("2026-02-01", None, None);
            register.insert_intervention(youth, episode, OfferAnswer::Offered, days);
        }
        if number >= 58 {
            let when = "2026-02-01T10:00:00Z";
            register.insert_contact(youth, episode, when, ContactResult::Reached, MetWho::Youth);
        }
    }
    let facts = read(&database, register.chief, tertial_1()).unwrap();
    let release = tables(&facts, Threshold::default()).unwrap();
    let document = release.to_json(Language::Swedish);
    let text = document.to_string();
    assert!(!text.contains("Öberg"));
    let find = |name: &str, dimension: &str, code: &str| {
        let tables = document["tables"].as_array().unwrap();
        let table = tables.iter().find(|table| table["name"] == name).unwrap();
        let cells = table["cells"].as_array().unwrap();
        let cell = cells.iter().find(|cell| cell[dimension] == code).unwrap();
        cell["value"].as_u64()
    };
    assert_eq!(find("youthsByArea", "area", "Hallonbergen"), Some(40));
    assert_eq!(find("youthsBySex", "sex", "total"), Some(60));
    assert_eq!(find("personsOfferedBySex", "sex", "total"), Some(22));
    // Two persons were reached; their two contacts are hidden with them.
    assert_eq!(find("personsReachedBySex", "sex", "total"), None);
    assert_eq!(find("contactsReachedBySex", "sex", "total"), None);
    let file = release.to_csv(Language::Swedish).unwrap();
    assert!(file.starts_with(b"\xef\xbb\xbfPeriod;"));
});

#[test]
fn the_period_is_read_from_the_address() {
    let form = |pairs: &[(&str, &str)]| {
        Form::of_parameters(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    };
    let mut right = form(&[("year", "2026"), ("period", "tertial_1_2")]);
    assert_eq!(
        read_period(&mut right),
        Period::new(2026, PeriodPart::Tertial12)
    );
    right.finish().unwrap();
    let mut wrong = form(&[("year", "2017"), ("period", "tertial_2")]);
    assert_eq!(read_period(&mut wrong), None);
    assert_eq!(wrong.finish().unwrap_err().fields.len(), 2);
    let mut empty = form(&[]);
    assert_eq!(read_period(&mut empty), None);
    assert_eq!(empty.finish().unwrap_err().fields.len(), 2);
}
