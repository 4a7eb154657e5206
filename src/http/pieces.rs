//! A long file on its way out: its pieces are read one after another while they are sent, so that one of them at most is in
//! memory, however long the file and however slow the reader. That the file may be handed over has been decided and noted before.
//! A piece that cannot be read any more breaks the connection: the reader sees that the file is not whole.

use crate::error::Result;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

type Reading = Pin<Box<dyn Future<Output = Result<Vec<u8>>>>>;
type Read = Arc<dyn Fn(i32) -> Reading + Send + Sync>;

/// The pieces of a file that are still to be read.
#[derive(Clone)]
pub struct Pieces {
    length: u64,
    count: i32,
    read: Read,
}

impl std::fmt::Debug for Pieces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pieces({} bytes in {})", self.length, self.count)
    }
}

impl Pieces {
    /// So many bytes in so many pieces, each read by its number, from 0.
    pub fn new(length: u64, count: i32, read: Read) -> Self {
        Self {
            length,
            count,
            read,
        }
    }

    /// As the body of an answer.
    pub fn into_body(self) -> PiecesBody {
        PiecesBody {
            pieces: self,
            next: 0,
            reading: None,
        }
    }
}

/// The body of an answer that is read piece by piece.
pub struct PiecesBody {
    pieces: Pieces,
    next: i32,
    reading: Option<Reading>,
}

impl MessageBody for PiecesBody {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.pieces.length)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Bytes, Self::Error>>> {
        let body = self.get_mut();
        loop {
            if let Some(reading) = &mut body.reading {
                let read = ready!(reading.as_mut().poll(context));
                body.reading = None;
                match read {
                    Ok(bytes) if bytes.is_empty() => continue,
                    Ok(bytes) => return Poll::Ready(Some(Ok(Bytes::from(bytes)))),
                    Err(error) => {
                        let cause = error.cause.clone().unwrap_or_default();
                        tracing::error!(
                            code = error.code.code(),
                            cause,
                            "a file was not sent whole"
                        );
                        body.next = body.pieces.count;
                        let told = format!("a piece cannot be read: {}", error.code.code());
                        return Poll::Ready(Some(Err(told.into())));
                    }
                }
            }
            if body.next >= body.pieces.count {
                return Poll::Ready(None);
            }
            body.reading = Some((body.pieces.read)(body.next));
            body.next += 1;
        }
    }
}
