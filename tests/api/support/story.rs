//! A youth with a record of every kind, told over the interface in words that stand nowhere else, and where the ids of those
//! records lie: for tests that walk all addresses and ask what comes out. Records come from the tables of the database, so that
//! a new one makes those tests fail until it is told too.

use super::Persona::{Enhetschef, Socionom};
use super::TestApp;
use crate::database::columns;
use diesel::prelude::*;
use diesel::sql_types::Text;
use kaa::api::routes::Route;
use kaa::db::Conn;
use kaa::db::schema::{education_contracts, outcome_checks};
use kaa::db::types::Timestamp;
use kaa::domain::id::{Id, Youth};
use kaa::domain::outcome::OutcomeResult;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Whom a story is about, by words of their own.
#[derive(Debug, Clone, Copy)]
pub struct Who {
    /// Of somebody born in 2009 or 2010, from the tax agency's published test numbers.
    pub number: &'static str,
    pub given_name: &'static str,
    pub family_name: &'static str,
    pub guardian: &'static str,
    pub guardian_phone: &'static str,
    pub postal_code: &'static str,
    pub mobile: &'static str,
    /// What the words for places begin with.
    pub mark: &'static str,
    /// What every free text begins with.
    pub text: &'static str,
}

impl Who {
    fn text(&self, what: &str) -> String {
        format!("{} {what}", self.text)
    }
}

/// Where the records behind a path parameter lie. Parameters that name no record of a youth stand in [`NOT_OF_A_YOUTH`].
pub const TABLES: &[(&str, &[&str])] = &[
    ("duplicateDismissalId", &["duplicate_dismissals"]),
    ("youthMergeId", &["youth_merges"]),
    ("episodeId", &["episodes"]),
    ("assignmentId", &["assignments"]),
    ("contactId", &["contacts"]),
    ("outreachContactId", &["outreach_contacts"]),
    ("occupationId", &["occupations"]),
    ("mappingId", &["mappings"]),
    ("planRevisionId", &["plan_revisions"]),
    ("educationContractId", &["education_contracts"]),
    ("outcomeCheckId", &["outcome_checks"]),
    ("interventionId", &["interventions"]),
    ("placementWishId", &["placement_wishes"]),
    ("placementId", &["placements"]),
    ("referralId", &["referrals", "protected_referrals"]),
    ("consentId", &["consents", "protected_consents"]),
    ("disclosureId", &["disclosures", "protected_disclosures"]),
    (
        "correctionNoteId",
        &["correction_notes", "protected_correction_notes"],
    ),
    ("transferId", &["transfers"]),
    ("taskId", &["tasks", "protected_tasks"]),
    ("schoolNotificationId", &["school_notifications"]),
    ("accessGrantId", &["access_grants"]),
    ("residenceId", &["residences"]),
    ("enrolmentId", &["enrolments"]),
    ("examDocumentId", &["exam_documents"]),
    ("candidateId", &["target_group_candidates"]),
    ("registerExtractId", &["register_extracts"]),
    ("restrictionId", &["processing_restrictions"]),
    ("disposalHoldId", &["disposal_holds"]),
];
#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    id: String,
}

/// The ids of a table's rows about a youth.
pub fn ids_in(conn: &mut Conn, table: &str, youth: Id<Youth>) -> Vec<String> {
    let sql = match conn {
        Conn::Pg(_) => format!("SELECT id::text AS id FROM {table} WHERE youth_id = '{youth}'"),
        Conn::Sqlite(_) => format!(
            "SELECT lower(hex(id)) AS id FROM {table} WHERE youth_id = x'{}'",
            youth.uuid().simple()
        ),
    };
    let rows: Vec<Found> = diesel::sql_query(sql).load(conn).unwrap();
    let id = |row: Found| uuid::Uuid::parse_str(&row.id).unwrap().to_string();
    rows.into_iter().map(id).collect()
}

/// Every table that has rows about a youth, with ids of their own.
pub fn tables_about_youths(conn: &mut Conn) -> Vec<String> {
    let all = columns(conn);
    let has = |table: &str, name: &str| {
        all.iter()
            .any(|column| column.table_name == table && column.column_name == name)
    };
    let tables: BTreeSet<&String> = all.iter().map(|column| &column.table_name).collect();
    tables
        .into_iter()
        .filter(|table| has(table, "youth_id") && has(table, "id"))
        .cloned()
        .collect()
}

/// An offer of more places than any story takes, which tells of nobody; made once.
pub fn place(app: &TestApp) -> String {
    let offers = app.get(Socionom, "/placement-offers").expect(200);
    if let Some(id) = offers.body["placementOffers"][0]["id"].as_str() {
        return id.to_owned();
    }
    let host = json!({"name": "Praktikvärden", "kind": "employer"});
    let host = app.post(Socionom, "/organisations", host).expect(201).id();
    let below = format!("/organisations/{host}/contact-persons");
    let person = app.post(Socionom, &below, json!({"name": "Eva Ek"}));
    let offer = json!({
        "organisationId": host, "title": "Butiken", "field": "trade", "kind": "work_placement", "places": 20,
        "startsOn": "2026-12-01", "endsOn": "2027-02-26", "supervisorId": person.expect(201).id(),
    });
    app.post(Socionom, "/placement-offers", offer)
        .expect(201)
        .id()
}

/// Registers the youth, unprotected, with all there is to tell, and writes a record of every kind as the socionom assigned.
pub fn tell(app: &TestApp, who: &Who) -> Id<Youth> {
    let Who {
        number,
        given_name,
        family_name,
        mark,
        mobile,
        ..
    } = *who;
    let text = |what: &str| who.text(what);
    let hidden = |what: &str| format!("{mark}{what}");
    let person = json!({
        "givenName": given_name, "familyName": family_name, "identityNumber": number, "area": hidden("området"),
        "addresses": [{"kind": "registered", "street": hidden("stigen 7"), "postalCode": who.postal_code, "city": "Sundbyberg"}],
        "phones": [{"kind": "mobile", "number": mobile}], "email": format!("{}mejl@example.org", given_name.to_lowercase()), "socialMedia": format!("@{}social", given_name.to_lowercase()),
        "guardians": [{"givenName": who.guardian, "familyName": family_name, "phone": who.guardian_phone}], "schoolStatus": hidden("skolan, avbrott"),
        "compulsorySchoolEndedOn": "2026-06-12", "compulsorySchoolBasis": "tenth_year",
    });
    let youth = app.post(Socionom, "/youths", person).expect(201).id();
    merge_another(app, who, &youth);
    let at = |path: &str| format!("/youths/{youth}/{path}");
    let add = |path: &str, body: Value| app.post(Socionom, &at(path), body).expect(201).id();
    let me = json!({"userId": app.world.user(Socionom), "kind": "support"});
    app.post(Enhetschef, &at("assignments"), me).expect(201);
    let open = json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"});
    let episode = add("episodes", open);
    let contact = json!({"channel": "home_visit", "result": "reached", "place": hidden("platsen"), "note": text("kontakt"), "nextContactOn": "2026-12-01"});
    let contact = add("contacts", contact);
    app.post(
        Socionom,
        &format!("/contacts/{contact}/addenda"),
        json!({"text": text("tillägg")}),
    )
    .expect(201);
    tell_of_outreach(app, &youth, &text);
    let occupation = json!({"kind": "studies", "source": "school", "place": hidden("platsen")});
    add("occupations", occupation);
    let mapping =
        json!({"goals": text("mål"), "needs": text("behov"), "expectations": text("förväntan")});
    add("mappings", mapping);
    let plan = json!({
        "planningText": text("plan"), "goalType": "work", "goalText": text("planmål"),
        "items": [{"what": text("punkt"), "responsibleParty": "youth"}],
        "followUps": [{"dueOn": "2026-12-01", "kind": "follow_up"}],
    });
    add("plan-revisions", plan);
    let talks =
        json!({"kind": "talks", "responsibleParty": "municipality", "goal": text("insats")});
    add("interventions", talks);
    let wish = json!({"fields": ["trade"], "note": text("önskemål")});
    add("placement-wishes", wish);
    let place = format!("/placement-offers/{}/placements", place(app));
    let placed = json!({"youthId": youth, "goal": text("praktik")});
    app.post(Socionom, &place, placed).expect(201);
    let open_referral =
        json!({"target": "ngo", "recipient": text("förening"), "note": text("hänvisning")});
    add("referrals", open_referral);
    let closed_referral = json!({"target": "addiction_care", "note": text("skyddad hänvisning")});
    let closed_referral = add("referrals", closed_referral);
    let consent = |kind: &str| {
        json!({
            "recipientKind": kind, "recipientName": text("mottagare"), "purpose": text("ändamål"),
            "categories": ["occupation"], "givenBy": "youth", "form": "written",
        })
    };
    add("consents", consent("employment_service"));
    add("consents", consent("health_care"));
    let disclosure = |kind: &str| {
        json!({
            "recipientKind": kind, "categories": ["notes"], "means": "phone",
            "basis": "other", "basisReason": text("grund"),
        })
    };
    add("disclosures", disclosure("ngo"));
    add("disclosures", disclosure("health_care"));
    let objection = |kind: &str, id: &str| json!({"resource": kind, "recordId": id, "text": text("rättelse"), "raisedBy": "youth"});
    add("correction-notes", objection("youth", &youth));
    add("correction-notes", objection("referral", &closed_referral));
    let active =
        json!({"basis": "substance", "substanceStatus": "active_use", "note": text("status")});
    app.put(Socionom, &at("protected-status"), None, active)
        .expect(200);
    let notification = json!({
        "kind": "significant_absence", "identityNumber": number, "givenName": given_name, "familyName": family_name,
        "school": hidden("skolan"), "schoolType": "GY", "studyPath": "SA", "occurredOn": "2026-10-01", "receivedOn": "2026-10-05",
    });
    app.post(Socionom, "/school-notifications", notification)
        .expect(201);
    let home =
        json!({"kind": "registered_here", "fromOn": "2020-01-01", "source": "population_register"});
    add("residences", home);
    let school = json!({"schoolType": "GY", "programmeKind": "national", "startsOn": "2025-08-20", "school": hidden("skolan"), "source": "school"});
    add("enrolments", school);
    // An exam puts the youth out of the target group, which somebody is to decide on.
    let exam = json!({"kind": "GY_EXAMENSBEVIS_YRKESFORBEREDANDE", "issuedOn": "2026-06-10", "source": "document"});
    add("exam-documents", exam);
    let asked = json!({"identityProof": "id_document", "reason": text("utdrag")});
    add("register-extracts", asked);
    let restricted = json!({"ground": "objection", "reason": text("begränsning")});
    let restriction = app.post(Socionom, &at("restrictions"), restricted);
    let place = format!("/restrictions/{}", restriction.expect(201).id());
    let lifted =
        json!({"informedOn": "2026-11-24", "liftedOn": "2026-11-24", "liftReason": text("hävd")});
    app.patch(Socionom, &place, 1, lifted).expect(200);
    let held = json!({"ground": "dispute", "reason": text("gallringsstopp")});
    let hold = app.post(Socionom, &at("disposal-holds"), held).expect(201);
    let place = format!("/disposal-holds/{}", hold.id());
    let lifted = json!({"liftedOn": "2026-11-24", "liftReason": text("hävt stopp")});
    app.patch(Socionom, &place, 1, lifted).expect(200);
    let youth: Id<Youth> = Id::of(uuid::Uuid::parse_str(&youth).unwrap());
    db_contract(app, who, youth, &episode);
    db_outcome_check(app, youth, &episode);
    youth
}

/// A check of an exit that there was, as if the open episode were a later one; answered, so that nothing is owed for it.
fn db_outcome_check(app: &TestApp, youth: Id<Youth>, episode: &str) {
    let now = Timestamp::of(app.clock.now());
    diesel::insert_into(outcome_checks::table)
        .values((
            outcome_checks::id.eq(Id::<kaa::domain::id::OutcomeCheck>::fresh()),
            outcome_checks::youth_id.eq(youth),
            outcome_checks::episode_id.eq(Id::<kaa::domain::id::Episode>::of(
                uuid::Uuid::parse_str(episode).unwrap(),
            )),
            outcome_checks::months.eq(3),
            outcome_checks::due_on.eq(app.clock.now().date_naive()),
            outcome_checks::result.eq(OutcomeResult::Unknown),
            outcome_checks::checked_on.eq(app.clock.now().date_naive()),
            outcome_checks::created_at.eq(now),
            outcome_checks::updated_at.eq(now),
            outcome_checks::version.eq(1_i64),
        ))
        .execute(&mut app.db())
        .unwrap();
}

/// A session of outreach in which the socionom met the youth, which turned out later.
fn tell_of_outreach(app: &TestApp, youth: &str, text: &impl Fn(&str) -> String) {
    let now = app.clock.now();
    let session = json!({
        "kind": "street", "startsAt": (now - chrono::Duration::hours(2)).to_rfc3339(), "endsAt": now.to_rfc3339(),
        "participants": [{"userId": app.world.user(Socionom)}], "met": [{"ageGroup": "16_19", "legalSex": "female", "count": 1}],
    });
    let session = app.post(Socionom, "/outreach-sessions", session);
    let path = format!("/outreach-sessions/{}/contacts", session.expect(201).id());
    let met = json!({"ageGroup": "16_19", "legalSex": "female", "outcome": "talked", "note": text("möte")});
    let met = app.post(Socionom, &path, met).expect(201).id();
    let path = format!("/outreach-contacts/{met}/youth");
    app.put(Socionom, &path, Some(1), json!({"youthId": youth}))
        .expect(200);
}

/// The session in which somebody met the youth.
pub fn session_of(conn: &mut Conn, youth: Id<Youth>) -> Option<String> {
    use kaa::db::schema::outreach_contacts;
    let found: Option<Id<kaa::domain::id::OutreachSession>> = outreach_contacts::table
        .filter(outreach_contacts::youth_id.eq(youth))
        .select(outreach_contacts::session_id)
        .first(conn)
        .optional()
        .unwrap();
    found.map(|id| id.to_string())
}

/// The same person registered once more, merged; and somebody who is not the same.
fn merge_another(app: &TestApp, who: &Who, youth: &str) {
    let digits: String = who.number.chars().filter(char::is_ascii_digit).collect();
    let born = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]);
    let again = json!({"givenName": who.given_name, "familyName": who.family_name, "birthDate": born, "area": format!("{}området", who.mark)});
    let other = app.post(Socionom, "/youths", again).expect(201);
    let body = json!({"otherYouthId": other.id(), "otherVersion": 1, "reason": who.text("sammanslagning")});
    let path = format!("/youths/{youth}/merges");
    app.send(
        Socionom,
        "POST",
        &path,
        &[("If-Match", "\"1\"")],
        Some(body),
    )
    .expect(201);
    let twins =
        json!({"youthId": youth, "otherYouthId": app.world.alva, "reason": who.text("inte samma")});
    app.post(Socionom, "/duplicate-dismissals", twins)
        .expect(201);
}

/// An education contract, which the rules do not let a youth of this age have.
fn db_contract(app: &TestApp, who: &Who, youth: Id<Youth>, episode: &str) {
    let now = Timestamp::of(app.clock.now());
    let day = app.clock.now().date_naive();
    let id = Id::<kaa::domain::id::EducationContract>::fresh();
    let hidden = |column, list: Value| {
        crate::support::hidden("education_contracts", column, id.uuid(), &list.to_string())
    };
    diesel::insert_into(education_contracts::table)
        .values((
            education_contracts::id.eq(id),
            education_contracts::youth_id.eq(youth),
            education_contracts::episode_id.eq(Id::<kaa::domain::id::Episode>::of(
                uuid::Uuid::parse_str(episode).unwrap(),
            )),
            education_contracts::parties.eq(hidden(
                "parties",
                json!([{"kind": "youth", "name": format!("{} {}", who.given_name, who.family_name), "undertaking": who.text("åtagande")}]),
            )),
            education_contracts::courses.eq(hidden("courses", json!([]))),
            education_contracts::starts_on.eq(day),
            education_contracts::ends_on.eq(day),
            education_contracts::created_at.eq(now),
            education_contracts::updated_at.eq(now),
            education_contracts::version.eq(1_i64),
        ))
        .execute(&mut app.db())
        .unwrap();
}

/// The names of the ids in an address.
pub fn parameters(route: &Route) -> Vec<&'static str> {
    let parts = route.path.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}
