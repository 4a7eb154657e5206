//! A file of unknown length on its way out: each part is made by an operation of its own, so that nothing is held open while a
//! part is sent, and the next one is made meanwhile: two of them at most are in memory, however long the file and however slow
//! the reader, and none is made once the reader has gone. A part that cannot be made breaks the connection, so that what has
//! come does not pass for the whole. What a part holds, and who may have it, is not decided here.

use crate::error::{Error, Result};
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// A part in the making.
pub type Making = Pin<Box<dyn Future<Output = Result<Part>>>>;
/// What makes the next part.
pub type Next = Arc<dyn Fn() -> Making + Send + Sync>;

/// A part of a file, and what makes the next one, if there is another.
#[derive(Clone)]
pub struct Part {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What makes the next.
    pub next: Option<Next>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let more = if self.next.is_some() { " and more" } else { "" };
        write!(f, "Part({} bytes{more})", self.bytes.len())
    }
}

impl Part {
    /// This part and those that follow as the body of an answer.
    pub fn into_body(self) -> PartsBody {
        PartsBody {
            ready: Some(Ok(self)),
            making: None,
        }
    }
}

/// The body of an answer that is made part by part.
pub struct PartsBody {
    /// What is to be sent as soon as there is room.
    ready: Option<Result<Part>>,
    /// What is made meanwhile.
    making: Option<Making>,
}

impl PartsBody {
    /// Goes on making the next part, unless one is waiting to be sent.
    fn make(&mut self, context: &mut Context<'_>) {
        let (None, Some(making)) = (&self.ready, &mut self.making) else {
            return;
        };
        if let Poll::Ready(made) = making.as_mut().poll(context) {
            self.making = None;
            self.ready = Some(made);
        }
    }
}

impl MessageBody for PartsBody {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Bytes, Self::Error>>> {
        let body = self.get_mut();
        loop {
            body.make(context);
            match body.ready.take() {
                Some(Ok(part)) => {
                    body.making = part.next.map(|next| next());
                    // The next one is begun before this one is sent.
                    body.make(context);
                    if !part.bytes.is_empty() {
                        return Poll::Ready(Some(Ok(Bytes::from(part.bytes))));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(broken(&error)))),
                None if body.making.is_some() => return Poll::Pending,
                None => return Poll::Ready(None),
            }
        }
    }
}

fn broken(error: &Error) -> Box<dyn std::error::Error> {
    let cause = error.cause.clone().unwrap_or_default();
    let code = error.code.code();
    tracing::error!(code, cause, "a file was not sent whole");
    format!("a part cannot be made: {code}").into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::error::ErrorCode;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Waker;

    /// So many parts of one byte; the last of them, or an error.
    fn parts(left: usize, is_whole: bool, made: &Arc<AtomicUsize>) -> Part {
        let made = Arc::clone(made);
        made.fetch_add(1, Ordering::SeqCst);
        let next = move || -> Making {
            let made = Arc::clone(&made);
            Box::pin(async move {
                if left == 1 && !is_whole {
                    return Err(ErrorCode::Busy.into());
                }
                Ok(parts(left - 1, is_whole, &made))
            })
        };
        Part {
            bytes: vec![b'x'],
            next: (left > 0).then(|| Arc::new(next) as Next),
        }
    }

    fn poll(
        body: &mut PartsBody,
    ) -> Poll<Option<std::result::Result<Bytes, Box<dyn std::error::Error>>>> {
        Pin::new(body).poll_next(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn the_next_part_is_made_while_one_is_sent_and_no_more_than_that() {
        let made = Arc::new(AtomicUsize::new(0));
        let mut body = parts(3, true, &made).into_body();
        assert_eq!(body.size(), BodySize::Stream);
        for sent in 1..=4 {
            assert!(matches!(poll(&mut body), Poll::Ready(Some(Ok(_)))));
            assert_eq!(made.load(Ordering::SeqCst), (sent + 1).min(4));
        }
        assert!(matches!(poll(&mut body), Poll::Ready(None)));
    }

    #[test]
    fn a_part_that_cannot_be_made_does_not_pass_for_the_end() {
        let made = Arc::new(AtomicUsize::new(0));
        let mut body = parts(2, false, &made).into_body();
        assert!(matches!(poll(&mut body), Poll::Ready(Some(Ok(_)))));
        assert!(matches!(poll(&mut body), Poll::Ready(Some(Ok(_)))));
        assert!(matches!(poll(&mut body), Poll::Ready(Some(Err(_)))));
        assert_eq!(made.load(Ordering::SeqCst), 2);
    }
}
