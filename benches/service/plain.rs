//! What could be reached at most: the bare HTTP server answering a constant body of the same size, and the same rows read by the
//! database library alone, on threads that own their connections, without HTTP, access, audit or deciphering.

use crate::Failure;
use crate::drive::Drove;
use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::prelude::*;
use kaa::db::{Conn, Location, schema, youths::StoredYouthRow};
use kaa::domain::id::{Id, Unit, Youth};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Serves constant bodies at `/{bytes}`, in a process of its own, until it is killed.
pub fn serve(address: &str) -> Result<(), Failure> {
    let server = HttpServer::new(|| {
        App::new().route(
            "/{bytes}",
            web::to(|bytes: web::Path<usize>| async move {
                HttpResponse::Ok()
                    .content_type("application/json")
                    .body("x".repeat(bytes.into_inner()))
            }),
        )
    })
    .bind(address)?;
    actix_web::rt::System::new().block_on(server.run())?;
    Ok(())
}

/// Reads one youth's row by its id.
pub fn one_youth(conn: &mut Conn, id: Id<Youth>) -> QueryResult<usize> {
    let row: Option<StoredYouthRow> = schema::youths::table
        .find(id)
        .select(StoredYouthRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map_or(0, |_| 1))
}

/// Reads fifty rows in the order of their names.
pub fn fifty_youths(conn: &mut Conn, unit: Id<Unit>) -> QueryResult<usize> {
    let rows: Vec<StoredYouthRow> = schema::youths::table
        .filter(schema::youths::unit_id.eq(unit))
        .order((schema::youths::sort_name, schema::youths::id))
        .limit(50)
        .select(StoredYouthRow::as_select())
        .load(conn)?;
    Ok(rows.len())
}

/// Runs some queries again and again on as many connections as the service has readers.
pub fn straight(
    location: &Location,
    threads: usize,
    length: Duration,
    query: &(impl Fn(&mut Conn, u64) -> QueryResult<usize> + Sync),
) -> Result<Drove, Failure> {
    let next = AtomicU64::new(0);
    let mut lines = Vec::new();
    for _ in 0..threads {
        lines.push(location.connect()?);
    }
    let began = Instant::now();
    let all: Vec<QueryResult<Vec<f64>>> = std::thread::scope(|scope| {
        let running: Vec<_> = lines
            .into_iter()
            .map(|mut conn| {
                let next = &next;
                scope.spawn(move || {
                    let mut times = Vec::new();
                    while began.elapsed() < length {
                        let asked = Instant::now();
                        query(&mut conn, next.fetch_add(1, Ordering::Relaxed))?;
                        times.push(asked.elapsed().as_secs_f64() * 1000.0);
                    }
                    Ok(times)
                })
            })
            .collect();
        let ended = running.into_iter().filter_map(|thread| thread.join().ok());
        ended.collect()
    });
    let mut sum = Drove {
        seconds: began.elapsed().as_secs_f64(),
        ..Drove::default()
    };
    for times in all {
        sum.times.extend(times?);
    }
    sum.times.sort_by(f64::total_cmp);
    Ok(sum)
}

/// Adds a contact, durably: alone in its transaction, as each would be if nobody gathered them.
pub fn log_contact(conn: &mut Conn, youth: Id<Youth>) -> QueryResult<usize> {
    let text = youth.uuid().simple();
    let fresh = Id::<Youth>::fresh().uuid().simple();
    let (id, youth) = match conn {
        Conn::Sqlite(_) => (format!("x'{fresh}'"), format!("x'{text}'")),
        Conn::Pg(_) => (format!("'{fresh}'::uuid"), format!("'{text}'::uuid")),
    };
    // The values are our own.
    diesel::sql_query(format!(
        "INSERT INTO contacts (id, youth_id, episode_id, author_id, occurred_at, channel, direction, met_who, result, created_at, updated_at, version) \
         SELECT {id}, youth_id, episode_id, author_id, occurred_at, channel, direction, met_who, result, created_at, updated_at, 1 FROM contacts WHERE youth_id = {youth} LIMIT 1"
    ))
    .execute(conn)
}
