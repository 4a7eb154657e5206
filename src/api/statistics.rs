//! Statistics over HTTP: the facts are read in one transaction, and the tables are protected beside the database.
//! Which tables there are and what may be published is decided in `statistics`.

use crate::error::{Error, Result};
use crate::http::backend::{Backend, beside};
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::statistics::{load_facts, read_period, tables};
use crate::statistics::release::StatisticsRelease;
use serde_json::Value;
use std::sync::Arc;

/// The tables of a period as JSON.
pub async fn read_statistics(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let release = release(&backend, &request).await?;
    match release.to_json(request.language) {
        Value::Object(members) => Ok(Reply::document(members)),
        _ => Err(Error::internal("a release is an object")),
    }
}

/// The tables of a period as a file that a Swedish spreadsheet opens right.
pub async fn export_statistics(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let release = release(&backend, &request).await?;
    let name = format!("statistik-{}.csv", request.at.date_naive());
    Ok(Reply::file(
        "text/csv; charset=utf-8",
        name,
        release.to_csv(request.language)?,
    ))
}

async fn release(backend: &Arc<Backend>, request: &Arc<Request>) -> Result<StatisticsRelease> {
    let asked = Arc::clone(request);
    let facts = backend
        .door
        .run(request.call(), move |tx| {
            asked.must_be_readable()?;
            let mut form = asked.parameters()?;
            let period = read_period(&mut form);
            load_facts(tx, form.finish_with(period)?)
        })
        .await?;
    let threshold = backend.config.threshold;
    beside(move || tables(&facts, threshold)).await?
}
