//! The content of a national file over HTTP: handed over piece by piece once the log says so. What the file says, and who may
//! have it, is decided in `service` and `policy`.

use crate::error::Result;
use crate::http::backend::Backend;
use crate::http::pieces::Pieces;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::national_files::{read_national_file_content, read_piece};
use std::sync::Arc;

/// Notes that the file is handed over, and hands it over.
pub async fn read_content(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let asked = Arc::clone(&request);
    let content = backend
        .door_of(&request)
        .run(request.call(), move |tx| {
            asked.must_be_readable()?;
            asked.parameters()?.finish()?;
            read_national_file_content(tx, asked.id("nationalFileId")?)
        })
        .await?;
    let (door, call, id) = (backend.door_of(&request), request.call(), content.id);
    // As whoever asked: a sign-out or a lost role ends it between two pieces.
    let read = move |ordinal| {
        let (door, call) = (door.clone(), call.clone());
        let piece = async move {
            door.prepare(call, move |tx| read_piece(tx, id, ordinal))
                .await
        };
        Box::pin(piece) as std::pin::Pin<Box<dyn Future<Output = Result<Vec<u8>>>>>
    };
    let pieces = Pieces::new(content.length, content.chunks, Arc::new(read));
    Ok(Reply::pieces(content.media_type, content.file_name, pieces))
}
