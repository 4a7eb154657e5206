//! A review of the log over HTTP: its sample is drawn in a reading transaction, and stored in a short one. What is drawn is
//! decided in `service::log_reviews`.

use crate::error::Result;
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::log_reviews;
use std::sync::Arc;

/// Makes a review of a period.
pub async fn create_log_review(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let asked = Arc::clone(&request);
    // What is wrong with the request is told by the making, which leaves the event.
    let drawn = backend
        .door_of(&request)
        .prepare(request.call(), move |tx| {
            log_reviews::draw_log_review(tx, asked.fields()?)
        })
        .await;
    backend
        .run(&request, move |tx, request, _| {
            let made = log_reviews::create_log_review(tx, request.fields()?, &drawn)?;
            Ok(Reply::created(made, "/log-reviews"))
        })
        .await
}
