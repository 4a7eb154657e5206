//! The bar that an audited read is held against: the same read without audit and access. A server of the same workers and the same
//! threads that own connections (`kaa::db::store`), which reads the youth's row and what stands beside it, deciphers, and writes
//! the same members, but asks nobody who they are, decides nothing and leaves no event.

use crate::Failure;
use actix_web::{App, HttpResponse, HttpServer, web};
use chrono::{NaiveDate, Utc};
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use kaa::db::cipher::{AllStored, CipherText};
use kaa::db::schema::{
    assignments, correction_notes, current_occupations, episodes, measure_gates,
    processing_restrictions, units, youth_identifiers, youths,
};
use kaa::db::store::{Store, Threads};
use kaa::db::types::Timestamp;
use kaa::db::youths::{StoredYouthRow, YouthRecord};
use kaa::db::{Conn, Location};
use kaa::domain::codes::{AssignmentKind, Occupation, ProtectionLevel, Track};
use kaa::domain::id::{Id, Identifier, OccupationObservation, Unit, User, Youth};
use kaa::domain::identity_number::{IdentityNumber, IdentityNumberKind};
use kaa::domain::occupation::Current;
use kaa::error::{Error, ErrorCode, Result};
use kaa::policy::reveal::snapshot;
use kaa::vault::{KeySource, Place, Vault};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// What the server stands on.
struct Bare {
    store: Store,
    vault: Arc<Vault>,
    unit: Id<Unit>,
}

/// Serves `/youths/{id}` and `/youths`, in a process of its own, until it is killed. The keys stand in the environment.
pub fn serve(address: &str, database: &str) -> std::result::Result<(), Failure> {
    let vault = Vault::open(KeySource::environment(&std::env::var("KAA_KEYS_TEXT")?))?;
    let location = match database.contains("://") {
        true => Location::parse(database)?,
        false => Location::Sqlite(database.into()),
    };
    let unit = units::table.select(units::id).order(units::id);
    let bare = web::Data::new(Bare {
        unit: unit.first(&mut location.connect()?)?,
        // As many as the service has (`kaa::config`).
        store: Store::open(
            &location,
            Threads {
                readers: 4,
                writers: 1,
            },
        )?,
        vault: Arc::new(vault),
    });
    let workers = std::thread::available_parallelism()?.get();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(bare.clone())
            .route("/youths/{id}", web::get().to(one))
            .route("/youths", web::get().to(fifty))
    })
    .workers(workers)
    .bind(address)?;
    actix_web::rt::System::new().block_on(server.run())?;
    Ok(())
}

async fn one(bare: web::Data<Bare>, id: web::Path<uuid::Uuid>) -> HttpResponse {
    let (vault, id) = (Arc::clone(&bare.vault), Id::<Youth>::of(*id));
    let read = bare.store.look(move |conn| {
        let row: Option<StoredYouthRow> = youths::table
            .find(id)
            .select(StoredYouthRow::as_select())
            .first(conn)
            .optional()?;
        shown(conn, &vault, row.into_iter().collect())?
            .pop()
            .ok_or_else(|| ErrorCode::NotFound.into())
    });
    answer(read.await)
}

async fn fifty(bare: web::Data<Bare>) -> HttpResponse {
    let (vault, unit) = (Arc::clone(&bare.vault), bare.unit);
    let read = bare.store.look(move |conn| {
        let mut rows: Vec<StoredYouthRow> = youths::table
            .filter(youths::unit_id.eq(unit))
            .filter(youths::protection_level.eq(ProtectionLevel::None))
            .filter(exists(
                episodes::table
                    .filter(episodes::youth_id.eq(youths::id))
                    .filter(episodes::exited_on.is_null()),
            ))
            .order((youths::sort_name, youths::id))
            .limit(51)
            .select(StoredYouthRow::as_select())
            .load(conn)?;
        // One more, by which the service knows whether there is another page.
        rows.truncate(50);
        let rows = shown(conn, &vault, rows)?;
        Ok(json!({"youths": rows, "_links": {}, "_meta": {}}))
    });
    answer(read.await)
}

fn answer(read: Result<Value>) -> HttpResponse {
    match read {
        Ok(value) => HttpResponse::Ok()
            .content_type("application/json")
            .body(serde_json::to_vec(&value).unwrap_or_default()),
        Err(_) => HttpResponse::NotFound().finish(),
    }
}

type KnownOccupation = (
    Occupation,
    NaiveDate,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<Occupation>,
    Option<Id<OccupationObservation>>,
);

/// What stands beside a row.
#[derive(Queryable)]
struct Beside {
    id: Id<Youth>,
    number: Option<(Id<Identifier>, String, CipherText)>,
    gate: Option<(bool, NaiveDate)>,
    occupation: Option<KnownOccupation>,
    is_in_kaa: bool,
    is_in_outreach: bool,
    handler_id: Option<Id<User>>,
    correction_notes: Option<i64>,
    _is_restricted: bool,
}

/// The rows deciphered, with what stands beside them, as the service shows them.
fn shown(conn: &mut Conn, vault: &Vault, rows: Vec<StoredYouthRow>) -> Result<Vec<Value>> {
    let rows = rows.all_deciphered(vault)?;
    let ids: Vec<Id<Youth>> = rows.iter().map(|row| row.id).collect();
    let beside = beside(conn, &ids)?;
    let mut beside: HashMap<Id<Youth>, Beside> =
        beside.into_iter().map(|row| (row.id, row)).collect();
    let today = Utc::now().date_naive();
    rows.into_iter()
        .filter_map(|row| Some((beside.remove(&row.id)?, row)))
        .map(|(beside, row)| {
            let open = [
                (beside.is_in_kaa, Track::Kaa),
                (beside.is_in_outreach, Track::Outreach),
            ];
            let open = open.into_iter().filter(|(is_open, _)| *is_open);
            let record = YouthRecord {
                identity: beside
                    .number
                    .map(|number| opened(vault, number))
                    .transpose()?
                    .flatten(),
                tracks: open.map(|(_, track)| track).collect(),
                handler_id: beside.handler_id,
                gate: beside.gate,
                correction_notes: beside.correction_notes.unwrap_or(0),
                restricted_since: None,
                occupation: beside.occupation.map(|known| current(known, today)),
                today,
                row,
            };
            Ok(snapshot(&record))
        })
        .collect()
}

fn opened(
    vault: &Vault,
    (id, kind, number): (Id<Identifier>, String, CipherText),
) -> Result<Option<IdentityNumber>> {
    let place = Place::of("youth_identifiers", "number", id.uuid());
    let value = vault.decipher(&place, &number.0)?;
    let kind = IdentityNumberKind::from_code(&kind);
    Ok(kind.and_then(|kind| IdentityNumber::from_stored(kind, &value).ok()))
}

fn current(known: KnownOccupation, today: NaiveDate) -> Current {
    let (kind, since_on, as_of_on, valid_until, last_known, observation_id) = known;
    Current {
        kind,
        since_on,
        as_of_on,
        valid_until,
        last_known,
        observation_id,
    }
    .on(today)
}

fn beside(conn: &mut Conn, ids: &[Id<Youth>]) -> Result<Vec<Beside>> {
    let now = Timestamp::of(Utc::now());
    let is_open = |track: Track| {
        exists(
            episodes::table
                .filter(episodes::youth_id.eq(youths::id))
                .filter(episodes::exited_on.is_null())
                .filter(episodes::track.eq(track)),
        )
    };
    let query = youths::table
        .left_join(
            youth_identifiers::table.on(youth_identifiers::youth_id
                .eq(youths::id)
                .and(youth_identifiers::is_current.eq(true))),
        )
        .left_join(measure_gates::table.on(measure_gates::youth_id.eq(youths::id)))
        .left_join(current_occupations::table.on(current_occupations::youth_id.eq(youths::id)))
        .select((
            youths::id,
            (
                youth_identifiers::id,
                youth_identifiers::kind,
                youth_identifiers::number,
            )
                .nullable(),
            (measure_gates::may_start, measure_gates::since_on).nullable(),
            (
                current_occupations::kind,
                current_occupations::since_on,
                current_occupations::as_of_on,
                current_occupations::valid_until,
                current_occupations::last_known,
                current_occupations::observation_id,
            )
                .nullable(),
            is_open(Track::Kaa),
            is_open(Track::Outreach),
            assignments::table
                .filter(assignments::youth_id.eq(youths::id))
                .filter(assignments::kind.eq(AssignmentKind::Handler))
                .filter(assignments::starts_at.le(now))
                .filter(
                    assignments::ends_at
                        .is_null()
                        .or(assignments::ends_at.gt(now).assume_not_null()),
                )
                .order(assignments::starts_at.desc())
                .select(assignments::user_id)
                .single_value(),
            correction_notes::table
                .filter(correction_notes::youth_id.eq(youths::id))
                .count()
                .single_value(),
            exists(
                processing_restrictions::table
                    .filter(processing_restrictions::youth_id.eq(youths::id)),
            ),
        ));
    if let [one] = ids {
        return Ok(query.filter(youths::id.eq(*one)).load(conn)?);
    }
    // One value, however many there are, so that the statement is prepared once.
    let (before, quote, after) = match conn {
        Conn::Sqlite(_) => (
            "youths.id IN (SELECT unhex(value) FROM json_each(",
            "\"",
            "))",
        ),
        Conn::Pg(_) => ("youths.id = ANY ((", "", ")::uuid[])"),
    };
    let list = ids
        .iter()
        .map(|id| format!("{quote}{}{quote}", id.uuid().simple()));
    let list = list.collect::<Vec<_>>().join(",");
    let list = match conn {
        Conn::Sqlite(_) => format!("[{list}]"),
        Conn::Pg(_) => format!("{{{list}}}"),
    };
    let is_of_them = sql::<Bool>(before).bind::<Text, _>(list).sql(after);
    query.filter(is_of_them).load(conn).map_err(Error::from)
}
