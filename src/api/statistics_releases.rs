//! A release as a file over HTTP: noted as read first, then written beside the database threads, since a report takes a while.
//! What a file says is decided in `report`, and who may have it in `policy`.

use crate::error::{ErrorCode, Language, Result};
use crate::http::backend::{Backend, beside};
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::report;
use crate::service::statistics_releases::{PublishedRelease, load_published};
use std::sync::Arc;

/// What a workbook is sent as.
pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// What a report is sent as.
pub const REPORT: &str = "application/pdf";
/// What a chart is sent as.
pub const CHART: &str = "image/svg+xml";
/// What a table for spreadsheets is sent as.
pub const SHEET: &str = "text/csv; charset=utf-8";

/// The tables for a spreadsheet.
pub async fn export_sheet(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let write =
        |published: &PublishedRelease, language| report::to_csv(&published.document, language);
    export(&backend, &request, (SHEET, "csv"), write).await
}

/// The workbook.
pub async fn export_workbook(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let write = |published: &PublishedRelease, language| {
        report::to_xlsx(&published.document, language, &published.title_page)
    };
    export(&backend, &request, (WORKBOOK, "xlsx"), write).await
}

/// The report.
pub async fn export_report(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let write = |published: &PublishedRelease, language| {
        report::to_pdf(&published.document, language, &published.title_page)
    };
    export(&backend, &request, (REPORT, "pdf"), write).await
}

/// The chart of a table or a goal.
pub async fn read_chart(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let name = request.segment("tableName")?.to_owned();
    let write = move |published: &PublishedRelease, language| {
        let chart = report::chart_svg(&published.document, &name, language);
        chart
            .map(String::into_bytes)
            .ok_or_else(|| ErrorCode::NotFound.into())
    };
    export(&backend, &request, (CHART, "svg"), write).await
}

async fn export(
    backend: &Arc<Backend>,
    request: &Arc<Request>,
    (media_type, ending): (&'static str, &str),
    write: impl FnOnce(&PublishedRelease, Language) -> Result<Vec<u8>> + Send + 'static,
) -> Result<Reply> {
    let asked = Arc::clone(request);
    let published = backend
        .door_of(request)
        .run(request.call(), move |tx| {
            asked.must_be_readable()?;
            asked.parameters()?.finish()?;
            load_published(tx, asked.id("statisticsReleaseId")?)
        })
        .await?;
    let name = format!("{}.{ending}", published.file_name());
    let language = request.language;
    let burden = request.route.operation.burden();
    let _room = backend.room_for(burden, request.identity).await?;
    let bytes = beside(move || write(&published, language)).await??;
    Ok(Reply::file(media_type, name, bytes))
}
