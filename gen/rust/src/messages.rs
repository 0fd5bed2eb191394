use std::future::{poll_fn, Future};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{sleep_until, Instant, Sleep};
use tokio_stream::Stream;
use tonic::{Response, Streaming};

use crate::error::Error;

/// The messages that a streaming RPC answers. Dropping it before its end cancels the call on the server.
#[must_use = "a stream that is dropped cancels its call"]
pub struct Messages<T> {
    first: Option<T>,
    /// None: the stream has ended.
    rest: Option<Streaming<T>>,
    deadline: Option<Pin<Box<Sleep>>>,
    call_id: Option<String>,
}

impl<T> Messages<T> {
    /// Waits for the first message, so that what fails at once can be repeated.
    pub(crate) async fn open(response: Response<Streaming<T>>, deadline: Option<Instant>) -> Result<Self, Error> {
        let id = response.metadata().get("x-request-id").and_then(|id| id.to_str().ok());
        let call_id = id.map(str::to_owned);
        let mut rest = response.into_inner();
        let first = rest.message().await.map_err(|status| Error::from(status).or_call_id(call_id.as_deref()))?;
        let ended = first.is_none();
        Ok(Messages {
            first,
            rest: if ended { None } else { Some(rest) },
            deadline: deadline.map(|deadline| Box::pin(sleep_until(deadline))),
            call_id,
        })
    }

    /// Names the call in the server's log.
    pub fn call_id(&self) -> Option<&str> {
        self.call_id.as_deref()
    }

    /// The next message; none after the last. Saves the import of a trait.
    ///
    /// # Errors
    ///
    /// What ended the stream; it has none after that.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        let Some(rest) = &mut self.rest else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(next) = Pin::new(rest).poll_next(context) {
            return Poll::Ready(next.map(|message| message.map_err(Error::from)));
        }
        // tonic bounds the wait for the headers alone.
        let passed = self.deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(context).is_ready());
        if passed {
            Poll::Ready(Some(Err(Error::deadline())))
        } else {
            Poll::Pending
        }
    }
}

impl<T> Unpin for Messages<T> {}

impl<T> Stream for Messages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let next = self.poll_rest(context);
        match next {
            Poll::Ready(Some(Err(error))) => {
                self.rest = None;
                Poll::Ready(Some(Err(error.or_call_id(self.call_id.as_deref()))))
            }
            Poll::Ready(None) => {
                self.rest = None;
                Poll::Ready(None)
            }
            other => other,
        }
    }
}
