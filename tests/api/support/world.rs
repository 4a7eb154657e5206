//! The world of the tests: two units, one person of each kind, and five youths that everybody knows by name.

#![allow(dead_code)] // not every test needs everything
use super::{give_number, vault};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use kaa::db::Conn;
use kaa::db::assignments::AssignmentRow;
use kaa::db::mappings::MappingRow;
use kaa::db::plans::PlanRevisionRow;
use kaa::db::schema::{
    assignments, episodes, mappings, plan_revisions, sessions, tasks, units, users, youth_names,
    youths,
};
use kaa::db::sessions::SessionRow;
use kaa::db::types::{Json, Timestamp};
use kaa::db::units::UnitRow;
use kaa::db::users::UserRow;
use kaa::db::youths::{NEVER, YouthRow, sort_name};
use kaa::domain::age::birthday_on;
use kaa::domain::codes::{AssignmentKind, LegalSex, ProtectionLevel, Reason, Track};
use kaa::domain::id::{Episode, Id, Record, Session, Task, Unit, User, Youth};
use kaa::domain::person_name::search_tokens;
use kaa::domain::plan::{PlanGoal, PlanRules};
use kaa::domain::task::TaskKind;
use kaa::domain::user::Role;
use serde_json::json;
use std::collections::HashMap;

/// Whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Persona {
    /// Ambassador assigned to Alva.
    Ambassador,
    /// Ambassador of the same unit, assigned to nobody.
    AmbassadorStranger,
    /// SYV, handler of Alva.
    Syv,
    /// Konsulent of the unit, assigned to nobody.
    Ungdomskonsulent,
    /// Socionom assigned to Alva and Pia.
    Socionom,
    /// Socionom of the unit, assigned to nobody.
    SocionomStranger,
    /// Chief of the unit.
    Enhetschef,
    /// Administrator.
    Administrator,
    /// Log reviewer.
    Loggranskare,
    /// SYV of the other unit.
    SyvElsewhere,
    /// Chief of the other unit.
    EnhetschefElsewhere,
    /// Has a token that has run out.
    Expired,
    /// Has no token.
    Nobody,
}

impl Persona {
    pub const ALL: &'static [Self] = &[
        Self::Ambassador,
        Self::AmbassadorStranger,
        Self::Syv,
        Self::Ungdomskonsulent,
        Self::Socionom,
        Self::SocionomStranger,
        Self::Enhetschef,
        Self::Administrator,
        Self::Loggranskare,
        Self::SyvElsewhere,
        Self::EnhetschefElsewhere,
        Self::Expired,
        Self::Nobody,
    ];
    /// Those with a token.
    pub const SIGNED_IN: &'static [Self] = Self::ALL.split_last().unwrap().1;

    /// The role, of whoever is known.
    pub fn role(self) -> Option<Role> {
        Some(match self {
            Self::Ambassador | Self::AmbassadorStranger => Role::Ambassador,
            Self::Syv | Self::SyvElsewhere => Role::Syv,
            Self::Ungdomskonsulent => Role::Ungdomskonsulent,
            Self::Socionom | Self::SocionomStranger => Role::Socionom,
            Self::Enhetschef | Self::EnhetschefElsewhere => Role::Enhetschef,
            Self::Administrator => Role::Administrator,
            Self::Loggranskare => Role::Loggranskare,
            Self::Expired | Self::Nobody => return None,
        })
    }
}

/// Everybody and everything by name.
#[derive(Debug, Clone)]
pub struct World {
    pub unit: Id<Unit>,
    pub unit_elsewhere: Id<Unit>,
    people: HashMap<Persona, (Id<User>, Id<Session>)>,
    /// 17, open kaa episode since 2026-09-01, handled by the SYV, assigned ambassador and socionom.
    pub alva: Id<Youth>,
    pub alva_episode: Id<Episode>,
    /// 22, open outreach episode since 2026-09-01, nobody assigned.
    pub bo: Id<Youth>,
    pub bo_episode: Id<Episode>,
    /// 18, protected identity (confidentiality marking), open kaa episode, assigned socionom.
    pub pia: Id<Youth>,
    pub pia_episode: Id<Episode>,
    /// 19, no episode.
    pub olle: Id<Youth>,
    /// 17, open kaa episode in the other unit.
    pub dag: Id<Youth>,
    pub dag_episode: Id<Episode>,
}

/// Identity numbers of the world, from the tax agency's published test numbers.
pub const ALVA_NUMBER: &str = "200901052381";
pub const BO_NUMBER: &str = "200407092394";

impl World {
    pub fn user(&self, persona: Persona) -> Id<User> {
        self.people[&persona].0
    }
    pub fn session(&self, persona: Persona) -> (Id<User>, Id<Session>) {
        self.people[&persona]
    }

    pub fn insert(conn: &mut Conn, now: DateTime<Utc>) -> Self {
        conn.transaction(|conn| QueryResult::Ok(Self::insert_all(conn, now)))
            .unwrap()
    }

    fn insert_all(conn: &mut Conn, now: DateTime<Utc>) -> Self {
        let unit = unit(conn, now, "Unga vuxna");
        let unit_elsewhere = self::unit(conn, now, "En annan enhet");
        let people = Persona::SIGNED_IN
            .iter()
            .map(|persona| {
                let home = match persona {
                    Persona::SyvElsewhere | Persona::EnhetschefElsewhere => Some(unit_elsewhere),
                    Persona::Administrator | Persona::Loggranskare => None,
                    _ => Some(unit),
                };
                (*persona, person(conn, now, *persona, home))
            })
            .collect();
        let youth =
            |conn: &mut Conn,
             home,
             given: &str,
             family: &str,
             born: &str,
             sex,
             area: &str,
             level| { youth(conn, now, home, given, family, born, sex, area, level) };
        let none = ProtectionLevel::None;
        let alva = youth(
            conn,
            unit,
            "Alva",
            "Lindqvist-Björk",
            "2009-01-05",
            LegalSex::Female,
            "Rissne",
            none,
        );
        let bo = youth(
            conn,
            unit,
            "Bo",
            "Åkesson",
            "2004-07-09",
            LegalSex::Male,
            "Hallonbergen",
            none,
        );
        let marked = ProtectionLevel::ConfidentialityMarking;
        let pia = youth(
            conn,
            unit,
            "Pia",
            "Öberg",
            "2008-05-05",
            LegalSex::Female,
            "Ör",
            marked,
        );
        let olle = youth(
            conn,
            unit,
            "Olle",
            "von Essen",
            "2007-03-10",
            LegalSex::Male,
            "Duvbo",
            none,
        );
        let dag = youth(
            conn,
            unit_elsewhere,
            "Dag",
            "Alm",
            "2009-02-02",
            LegalSex::Male,
            "Rissne",
            none,
        );
        number(conn, now, alva, ALVA_NUMBER);
        number(conn, now, bo, BO_NUMBER);
        let world = Self {
            unit,
            unit_elsewhere,
            people,
            alva,
            alva_episode: episode(conn, now, alva, unit, Track::Kaa),
            bo,
            bo_episode: episode(conn, now, bo, unit, Track::Outreach),
            pia,
            pia_episode: episode(conn, now, pia, unit, Track::Kaa),
            olle,
            dag,
            dag_episode: episode(conn, now, dag, unit_elsewhere, Track::Kaa),
        };
        // Whoever is followed has a mapping and a plan, so that interventions may begin.
        for (youth, episode) in [
            (alva, world.alva_episode),
            (bo, world.bo_episode),
            (pia, world.pia_episode),
            (dag, world.dag_episode),
        ] {
            mapping(conn, now, youth, episode);
            plan(conn, now, youth, episode);
        }
        // What the duty owes everybody in it from the first day; it stands on no list yet.
        for (youth, unit, episode, born) in [
            (alva, unit, world.alva_episode, "2009-01-05"),
            (pia, unit, world.pia_episode, "2008-05-05"),
            (dag, unit_elsewhere, world.dag_episode, "2009-02-02"),
        ] {
            letter(conn, now, youth, unit, episode, born.parse().unwrap());
        }
        for (youth, persona, kind) in [
            (alva, Persona::Ambassador, AssignmentKind::Ambassador),
            (alva, Persona::Syv, AssignmentKind::Handler),
            (alva, Persona::Socionom, AssignmentKind::Support),
            (pia, Persona::Socionom, AssignmentKind::Support),
        ] {
            assignment(conn, now, youth, world.user(persona), kind);
        }
        world
    }
}

fn at(now: DateTime<Utc>) -> Timestamp {
    Timestamp::of(now - Duration::days(60))
}

fn unit(conn: &mut Conn, now: DateTime<Utc>, name: &str) -> Id<Unit> {
    let id = Id::fresh();
    let row = UnitRow {
        id,
        name: name.to_owned(),
        created_at: at(now),
        updated_at: at(now),
        version: 1,
    };
    diesel::insert_into(units::table)
        .values(&row)
        .execute(conn)
        .unwrap();
    id
}

fn person(
    conn: &mut Conn,
    now: DateTime<Utc>,
    persona: Persona,
    unit_id: Option<Id<Unit>>,
) -> (Id<User>, Id<Session>) {
    let (id, session) = (Id::fresh(), Id::fresh());
    let row = UserRow {
        id,
        unit_id,
        username: format!("{persona:?}").to_lowercase(),
        display_name: format!("{persona:?} Andersson"),
        role: persona.role().unwrap_or(Role::Syv),
        password_hash: "-".to_owned(),
        is_active: true,
        created_at: at(now),
        updated_at: at(now),
        version: 1,
    };
    diesel::insert_into(users::table)
        .values(&row)
        .execute(conn)
        .unwrap();
    let row = SessionRow {
        id: session,
        user_id: id,
        refresh_hash: format!("{persona:?}"),
        previous_refresh_hash: None,
        created_at: at(now),
        refreshed_at: at(now),
        expires_at: Timestamp::of(now + Duration::days(400)),
        ended_at: None,
        has_provider_factor: false,
    };
    diesel::insert_into(sessions::table)
        .values(&row)
        .execute(conn)
        .unwrap();
    (id, session)
}

#[allow(clippy::too_many_arguments)]
fn youth(
    conn: &mut Conn,
    now: DateTime<Utc>,
    unit_id: Id<Unit>,
    given: &str,
    family: &str,
    born: &str,
    legal_sex: LegalSex,
    area: &str,
    protection_level: ProtectionLevel,
) -> Id<Youth> {
    let id = Id::fresh();
    let row = YouthRow {
        id,
        unit_id,
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        birth_date: born.parse().unwrap(),
        legal_sex,
        area: Some(area.to_owned()),
        addresses: Json(
            json!([{"kind": "registered", "street": "Sturegatan 15", "postalCode": "172 60", "city": "Sundbyberg"}]),
        ),
        phones: Json(json!([{"kind": "mobile", "number": "070-174 06 50"}])),
        email: None,
        social_media: None,
        language: None,
        needs_interpreter: false,
        guardians: Json(json!([{"givenName": "Vera", "familyName": family}])),
        school_status: Some("avbrott gymnasium".to_owned()),
        protection_level,
        sort_name: sort_name(given, family),
        last_reached_on: None,
        last_attempt_on: None,
        contact_sort_on: NEVER,
        created_at: at(now),
        updated_at: at(now),
        version: 1,
        compulsory_school_ended_on: None,
        compulsory_school_basis: None,
        deceased_on: None,
        target_facts_changed_at: None,
    };
    diesel::insert_into(youths::table)
        .values(row.enciphered(&vault()).unwrap())
        .execute(conn)
        .unwrap();
    for token in search_tokens(given, family) {
        diesel::insert_into(youth_names::table)
            .values((
                youth_names::token.eq(token),
                youth_names::youth_id.eq(id),
                youth_names::unit_id.eq(unit_id),
                youth_names::sort_name.eq(sort_name(given, family)),
            ))
            .execute(conn)
            .unwrap();
    }
    id
}

fn number(conn: &mut Conn, now: DateTime<Utc>, youth: Id<Youth>, value: &str) {
    give_number(conn, youth, value, true, &now.date_naive().to_string());
}

fn episode(
    conn: &mut Conn,
    now: DateTime<Utc>,
    youth: Id<Youth>,
    unit: Id<Unit>,
    track: Track,
) -> Id<Episode> {
    let id = Id::fresh();
    diesel::insert_into(episodes::table)
        .values((
            episodes::id.eq(id),
            episodes::youth_id.eq(youth),
            episodes::unit_id.eq(unit),
            episodes::track.eq(track),
            episodes::reason.eq(Reason::DropoutNationalProgramme),
            episodes::entered_on.eq("2026-09-01".parse::<NaiveDate>().unwrap()),
            episodes::created_at.eq(at(now)),
            episodes::updated_at.eq(at(now)),
            episodes::version.eq(1_i64),
        ))
        .execute(conn)
        .unwrap();
    id
}

fn letter(
    conn: &mut Conn,
    now: DateTime<Utc>,
    youth_id: Id<Youth>,
    unit_id: Id<Unit>,
    episode_id: Id<Episode>,
    born_on: NaiveDate,
) {
    let turns_20_on = birthday_on(born_on, 20).unwrap();
    let rules = PlanRules::default();
    diesel::insert_into(tasks::table)
        .values((
            tasks::id.eq(Id::<Task>::fresh()),
            tasks::kind.eq(TaskKind::LetterBefore20),
            tasks::youth_id.eq(youth_id),
            tasks::unit_id.eq(unit_id),
            tasks::episode_id.eq(episode_id),
            tasks::cause_id.eq(episode_id.cast::<Record>()),
            tasks::record_id.eq(episode_id.cast::<Record>()),
            tasks::due_on.eq(rules.letter_due_on(turns_20_on)),
            tasks::opens_on.eq(rules.letter_opens_on(turns_20_on)),
            tasks::ends_on.eq(turns_20_on),
            tasks::created_at.eq(at(now)),
            tasks::updated_at.eq(at(now)),
            tasks::version.eq(1_i64),
        ))
        .execute(conn)
        .unwrap();
}

fn mapping(conn: &mut Conn, now: DateTime<Utc>, youth_id: Id<Youth>, episode_id: Id<Episode>) {
    let row = MappingRow {
        id: Id::fresh(),
        youth_id,
        episode_id,
        goals: "Något eget.".to_owned(),
        needs: "Tid.".to_owned(),
        expectations: "Att ni hör av er.".to_owned(),
        interests: None,
        strengths: None,
        made_on: at(now).utc().date_naive(),
        made_by: None,
        created_at: at(now),
        updated_at: at(now),
        version: 1,
    };
    diesel::insert_into(mappings::table)
        .values(row.enciphered(&vault()).unwrap())
        .execute(conn)
        .unwrap();
}

fn plan(conn: &mut Conn, now: DateTime<Utc>, youth_id: Id<Youth>, episode_id: Id<Episode>) {
    let row = PlanRevisionRow {
        id: Id::fresh(),
        youth_id,
        episode_id,
        number: 1,
        based_on: None,
        planning_text: "Prova sig fram under hösten.".to_owned(),
        goal_type: PlanGoal::Education,
        goal_text: "Tillbaka till studier.".to_owned(),
        items: Json(json!([])),
        agreed_on: None,
        agreement_form: None,
        agreed_to: None,
        not_agreed_to: None,
        made_by: None,
        created_at: at(now),
    };
    diesel::insert_into(plan_revisions::table)
        .values(row.enciphered(&vault()).unwrap())
        .execute(conn)
        .unwrap();
}

fn assignment(
    conn: &mut Conn,
    now: DateTime<Utc>,
    youth_id: Id<Youth>,
    user_id: Id<User>,
    kind: AssignmentKind,
) {
    let row = AssignmentRow {
        id: Id::fresh(),
        youth_id,
        user_id,
        kind,
        starts_at: at(now),
        ends_at: None,
        assigned_by: None,
        created_at: at(now),
        updated_at: at(now),
        version: 1,
    };
    diesel::insert_into(assignments::table)
        .values(&row)
        .execute(conn)
        .unwrap();
}
