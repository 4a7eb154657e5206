//! How many questions does an operation ask of the database, and by which ways are the rows found? A list of many must not ask more
//! than a list of few, and no hot path may read a table from end to end as it grows. How long it all takes is measured in `benches/service`.

use crate::on_both;
use crate::support::Persona::{self, Ambassador, Enhetschef, Socionom, Syv, Ungdomskonsulent};
use crate::support::TestDatabase;
use crate::support::app::TestApp;
use chrono::NaiveDate;
use diesel::connection::{
    Instrumentation, InstrumentationEvent, SimpleConnection, set_default_instrumentation,
};
use diesel::prelude::*;
use kaa::db::schema::{episodes, interventions, youths};
use kaa::db::{Conn, Location};
use kaa::domain::codes::Track;
use kaa::domain::id::{Id, Intervention, Youth};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Mutex, Once};

/// What was asked of the databases that are watched, by their addresses.
static ASKED: Mutex<BTreeMap<String, Vec<String>>> = Mutex::new(BTreeMap::new());
static LISTENING: Once = Once::new();

/// Hears what one connection is asked.
struct Listener {
    address: Option<String>,
}

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                self.address = Some(url.to_owned());
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let Some(address) = &self.address else {
                    return;
                };
                if let Some(asked) = ASKED.lock().unwrap().get_mut(address) {
                    let text = query.to_string();
                    let text = text.split(" -- binds:").next().unwrap_or_default();
                    asked.push(text.to_owned());
                }
            }
            _ => {}
        }
    }
}

/// A service whose database is watched from the beginning.
fn watched(database: TestDatabase) -> TestApp {
    LISTENING.call_once(|| {
        fn listener() -> Option<Box<dyn Instrumentation>> {
            Some(Box::new(Listener { address: None }))
        }
        set_default_instrumentation(listener).unwrap();
    });
    let address = address_of(&database.location);
    ASKED.lock().unwrap().insert(address, Vec::new());
    TestApp::new(database)
}

fn address_of(location: &Location) -> String {
    match location {
        Location::Postgresql(url) => url.clone(),
        other => other.file().unwrap().to_string_lossy().into_owned(),
    }
}

/// What is read while something is done.
fn questions(app: &TestApp, work: impl FnOnce()) -> Vec<String> {
    let address = address_of(&app.location());
    ASKED.lock().unwrap().get_mut(&address).unwrap().clear();
    work();
    let asked = ASKED.lock().unwrap().get(&address).unwrap().clone();
    asked
        .into_iter()
        .filter(|text| text.starts_with("SELECT"))
        .collect()
}

/// Youths with an episode, an ambassador, and a contact of the SYV's and one of the ambassador's.
fn fill(app: &TestApp, count: usize) {
    let names = ["Maja", "Karl", "Aina", "Sven"];
    for number in 0..count {
        let body = json!({
            "givenName": names[number % 4], "familyName": format!("Holm{number}"), "birthDate": "2009-03-05", "legalSex": "female",
            "area": "Rissne",
        });
        let youth = app.post(Syv, "/youths", body).expect(201).id();
        let below = |path: &str| format!("/youths/{youth}/{path}");
        let episode = json!({"track": "kaa", "reason": "dropout_national_programme", "enteredOn": "2026-09-01"});
        app.post(Syv, &below("episodes"), episode).expect(201);
        let contact = json!({"channel": "sms", "result": "no_answer"});
        app.post(Syv, &below("contacts"), contact).expect(201);
        let user = app.world.user(Ambassador);
        let assignment = json!({"userId": user, "kind": "ambassador"});
        app.post(Enhetschef, &below("assignments"), assignment)
            .expect(201);
        let own = json!({"channel": "phone", "result": "no_answer"});
        app.post(Ambassador, &below("contacts"), own).expect(201);
    }
}

/// What is done all day, and by whom; `LIMIT` stands for how many are asked for.
fn hot(app: &TestApp) -> Vec<(Persona, String)> {
    let alva = app.world.alva;
    let mut hot = Vec::new();
    for who in [Ambassador, Syv, Socionom, Ungdomskonsulent, Enhetschef] {
        hot.extend([
            (who, "/youths?isOpen=true&limit=LIMIT".to_owned()),
            (
                who,
                "/youths?isOpen=true&sort=lastContact&limit=LIMIT".to_owned(),
            ),
            (who, "/contacts?limit=LIMIT".to_owned()),
            (who, "/tasks?limit=LIMIT".to_owned()),
        ]);
    }
    for kind in [
        "never_contacted",
        "not_reached",
        "without_offer",
        "without_handler",
    ] {
        hot.push((
            Enhetschef,
            format!("/youths/forgotten?kind={kind}&limit=LIMIT"),
        ));
    }
    for who in [Syv, Enhetschef] {
        for path in [
            "/youths?isOpen=true&area=Rissne&ageFrom=16&ageTo=18&limit=LIMIT",
            "/youths?isOpen=true&track=kaa&withoutIntervention=true&limit=LIMIT",
            "/youths?isOpen=true&notContactedForDays=1&sort=lastContact&limit=LIMIT",
        ] {
            hot.push((who, path.to_owned()));
        }
    }
    hot.push((Syv, format!("/youths/{alva}")));
    hot.push((Syv, format!("/youths/{alva}/contacts?limit=LIMIT")));
    hot
}

fn ask(app: &TestApp, who: Persona, path: &str, limit: usize) -> usize {
    let path = path.replace("LIMIT", &limit.to_string());
    let answer = app.get(who, &path).expect(200);
    let lists = answer.body.as_object().unwrap().values();
    lists
        .filter_map(|value| value.as_array())
        .map(Vec::len)
        .max()
        .unwrap_or(0)
}

on_both!(a_list_of_many_asks_no_more_than_a_list_of_few, |database| {
    let app = watched(database);
    fill(&app, 12);
    // The first time a thread also reads the settings.
    for (who, path) in hot(&app) {
        ask(&app, who, &path, 3);
    }
    let mut counts = BTreeMap::new();
    for (who, path) in hot(&app) {
        let of = |limit| {
            let mut shown = 0;
            let asked = questions(&app, || shown = ask(&app, who, &path, limit)).len();
            (shown, asked)
        };
        let (few, many) = (of(3), of(12));
        assert!(few.0 <= 3 || !path.contains("LIMIT"), "{path}");
        let is_narrow = path.contains("notContactedForDays");
        let is_long = path.starts_with("/youths?") && !is_narrow || path.starts_with("/contacts?");
        assert!(many.0 > few.0 || !is_long, "{who:?} {path}");
        assert!(many.1 <= few.1, "{who:?} {path}: {few:?}, {many:?}");
        counts.insert((who, path), many.1);
    }
    let of = |who, path: &str| counts.get(&(who, path.to_owned())).copied().unwrap();
    // Who asks, what the settings say of a second factor, which rows, these with what stands beside them, and the head of the log.
    let alva = app.world.alva;
    assert_eq!(of(Syv, &format!("/youths/{alva}")), 4);
    assert_eq!(of(Ambassador, "/youths?isOpen=true&limit=LIMIT"), 5);
    let search = |name: &str| {
        let body = json!({"name": name});
        questions(&app, || {
            app.post(Syv, "/youths/search?limit=12", body).expect(200);
        })
        .len()
    };
    // Besides, how often was searched within the hour, and who bears the name.
    assert_eq!(search("holm"), 7);
    // A part of a file: how often within the hour, the youths, their contacts, and how the chief stands to them.
    let file = questions(&app, || {
        app.get(Enhetschef, "/contacts/csv").expect(200);
    });
    assert_eq!(file.len(), 8, "{file:?}");
});

on_both!(a_long_story_asks_no_more_than_a_short_one, |database| {
    let app = watched(database);
    let alva = app.world.alva;
    let asked_of = |count: usize| {
        for _ in 0..count {
            let contact = json!({"channel": "sms", "result": "no_answer"});
            app.post(Syv, &format!("/youths/{alva}/contacts"), contact)
                .expect(201);
        }
        let mut shown = 0;
        let path = format!("/youths/{alva}/timeline?limit=LIMIT");
        ask(&app, Syv, &path, 50);
        let asked = questions(&app, || shown = ask(&app, Syv, &path, 50)).len();
        (shown, asked)
    };
    let (short, long) = (asked_of(3), asked_of(9));
    assert!(long.0 >= short.0 + 9, "{short:?}, {long:?}");
    assert!(long.1 <= short.1, "{short:?}, {long:?}");
});

/// Which of the youths stand in lists otherwise than their records say.
fn untold(conn: &mut Conn) -> Vec<String> {
    let sql = "SELECT y.family_name AS line FROM youths y JOIN youth_standings s ON s.youth_id = y.id \
         WHERE y.is_in_kaa <> s.is_in_kaa OR y.is_in_outreach <> s.is_in_outreach OR y.is_open <> s.is_open OR y.is_offered <> s.is_offered \
         UNION SELECT n.token FROM youth_names n JOIN youths y ON y.id = n.youth_id WHERE n.unit_id <> y.unit_id OR n.sort_name <> y.sort_name";
    let rows: Vec<Line> = diesel::sql_query(sql).load(conn).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

fn standing(conn: &mut Conn, youth: Id<Youth>) -> (bool, bool, bool, bool) {
    youths::table
        .find(youth)
        .select((
            youths::is_in_kaa,
            youths::is_in_outreach,
            youths::is_open,
            youths::is_offered,
        ))
        .first(conn)
        .unwrap()
}

on_both!(
    what_lists_are_narrowed_by_follows_the_records_whoever_changes_them,
    |database| {
        let app = TestApp::new(database);
        fill(&app, 2);
        let mut conn = app.db();
        assert_eq!(untold(&mut conn), Vec::<String>::new());
        let (alva, bo) = (app.world.alva, app.world.bo);
        let episode = app.world.alva_episode;
        assert_eq!(standing(&mut conn, alva), (true, false, true, false));
        let offer = json!({"kind": "study_career_guidance", "responsibleParty": "municipality"});
        let path = format!("/youths/{alva}/interventions");
        let offer = app.post(Syv, &path, offer).expect(201).id();
        assert_eq!(standing(&mut conn, alva), (true, false, true, true));
        let of_episode = || episodes::table.find(episode);
        let exits = |day: Option<&str>| {
            let day: Option<NaiveDate> = day.map(|day| day.parse().unwrap());
            diesel::update(of_episode()).set(episodes::exited_on.eq(day))
        };
        exits(Some("2026-11-20")).execute(&mut conn).unwrap();
        assert_eq!(standing(&mut conn, alva), (false, false, false, false));
        exits(None).execute(&mut conn).unwrap();
        diesel::update(of_episode())
            .set(episodes::track.eq(Track::Outreach))
            .execute(&mut conn)
            .unwrap();
        assert_eq!(standing(&mut conn, alva), (false, true, true, true));
        // As where two records are made one.
        diesel::update(interventions::table.find(Id::<Intervention>::of(offer.parse().unwrap())))
            .set(interventions::youth_id.eq(bo))
            .execute(&mut conn)
            .unwrap();
        assert!(!standing(&mut conn, alva).3);
        diesel::update(youths::table.find(alva))
            .set((
                youths::sort_name.eq("z"),
                youths::unit_id.eq(app.world.unit_elsewhere),
            ))
            .execute(&mut conn)
            .unwrap();
        assert_eq!(untold(&mut conn), Vec::<String>::new());
    }
);

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

/// The lines of a plan that read a whole table, of those that grow with the register.
fn scans(conn: &mut Conn, question: &str, number: usize) -> Vec<String> {
    const GROWING: [&str; 9] = [
        "youths",
        "youth_names",
        "youth_identifiers",
        "episodes",
        "contacts",
        "interventions",
        "tasks",
        "assignments",
        "audit_",
    ];
    // Read in their order until enough are found, which the limit of the list sees to.
    const IN_ORDER: &str = "SCAN contacts USING INDEX contacts_time";
    let is_grown =
        |line: &str| GROWING.iter().any(|table| line.contains(table)) && line != IN_ORDER;
    match conn {
        Conn::Sqlite(c) => {
            let plan = format!("EXPLAIN QUERY PLAN {question}");
            let steps: Vec<Step> = diesel::sql_query(plan).load(c).unwrap();
            let lines = steps.into_iter().map(|step| step.detail);
            lines
                .filter(|line| line.starts_with("SCAN") && is_grown(line))
                .collect()
        }
        Conn::Pg(c) => {
            // The plan for any values, and one that reads a small table whole only if it could do nothing else.
            c.batch_execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
                .unwrap();
            c.batch_execute(&format!("PREPARE question_{number} AS {question}"))
                .unwrap();
            let values = (1..).take_while(|place| question.contains(&format!("${place}")));
            let values = values.map(|_| "NULL").collect::<Vec<_>>().join(",");
            let values = if values.is_empty() {
                values
            } else {
                format!("({values})")
            };
            let plan = format!("EXPLAIN EXECUTE question_{number}{values}");
            let lines = explained(c, &plan);
            lines
                .into_iter()
                .filter(|line| line.contains("Seq Scan") && is_grown(line))
                .collect()
        }
    }
}

/// The lines of a plan, whose column has a name of its own.
fn explained(c: &mut PgConnection, plan: &str) -> Vec<String> {
    let text = format!(
        "DO $$ DECLARE told text; line text; BEGIN told := ''; FOR line IN EXECUTE '{}' LOOP told := told || line || chr(10); END LOOP; PERFORM set_config('kaa.plan', told, false); END $$",
        plan.replace('\'', "''")
    );
    c.batch_execute(&text).unwrap();
    let told: Line = diesel::sql_query("SELECT current_setting('kaa.plan') AS line")
        .get_result(c)
        .unwrap();
    told.line.lines().map(str::to_owned).collect()
}

#[test]
fn a_list_of_a_unit_walks_its_own_order() {
    let app = watched(TestDatabase::sqlite());
    fill(&app, 3);
    let mut conn = app.db();
    for (who, path) in hot(&app) {
        let is_of_unit = path.starts_with("/youths?") && who != Ambassador;
        if !is_of_unit && !path.starts_with("/youths/forgotten") {
            continue;
        }
        let asked = questions(&app, || {
            ask(&app, who, &path, 12);
        });
        for question in asked {
            let plan = format!("EXPLAIN QUERY PLAN {question}");
            let Conn::Sqlite(c) = &mut conn else {
                unreachable!()
            };
            let steps: Vec<Step> = diesel::sql_query(plan).load(c).unwrap();
            let sorts = |step: &Step| step.detail.contains("TEMP B-TREE FOR ORDER BY");
            let of_youths = question.contains("FROM `youths` WHERE");
            assert!(
                !(of_youths && steps.iter().any(sorts)),
                "{who:?} {path}: {question}"
            );
        }
    }
}

#[test]
fn the_embedded_database_is_told_of_every_index_of_the_tables_that_grow() {
    let mut conn = TestDatabase::sqlite().migrated();
    let sql = "SELECT i.tbl_name || '.' || i.name AS line FROM sqlite_schema i \
         WHERE i.type = 'index' AND i.sql IS NOT NULL AND i.tbl_name IN (SELECT tbl FROM sqlite_stat1) \
         AND i.name NOT IN (SELECT idx FROM sqlite_stat1 WHERE idx IS NOT NULL)";
    let left_out: Vec<Line> = diesel::sql_query(sql).load(&mut conn).unwrap();
    let left_out: Vec<String> = left_out.into_iter().map(|row| row.line).collect();
    assert_eq!(left_out, Vec::<String>::new());
    let told: Vec<Line> =
        diesel::sql_query("SELECT tbl || '.' || idx || '.' || stat AS line FROM sqlite_stat1")
            .load(&mut conn)
            .unwrap();
    assert!(told.len() > 40, "{}", told.len());
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

on_both!(no_hot_path_reads_a_table_from_end_to_end, |database| {
    let app = watched(database);
    fill(&app, 3);
    let mut conn = app.db();
    let mut number = 0;
    let mut wrong = Vec::new();
    let search = |name: &str| {
        let body = json!({"name": name});
        questions(&app, || {
            app.post(Syv, "/youths/search?limit=12", body).expect(200);
        })
    };
    let mut all = vec![
        ("search".to_owned(), search("holm")),
        ("search of two words".to_owned(), search("maja holm")),
    ];
    for query in ["", "?from=2026-11-01&to=2026-11-30&channel=sms"] {
        let path = format!("/contacts/csv{query}");
        let asked = questions(&app, || {
            app.get(Enhetschef, &path).expect(200);
        });
        all.push((path, asked));
    }
    for (who, path) in hot(&app) {
        let asked = questions(&app, || {
            ask(&app, who, &path, 12);
        });
        all.push((format!("{who:?} {path}"), asked));
    }
    for (path, asked) in all {
        for question in asked {
            number += 1;
            let lines = scans(&mut conn, &question, number);
            if !lines.is_empty() {
                wrong.push(format!("{path}\n  {question}\n  {lines:?}"));
            }
        }
    }
    assert!(number > 50, "{number}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
});
