use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio_stream::Stream;

use crate::error::Error;
use crate::messages::Messages;
use crate::v1::search_response::Part;
use crate::v1::{SearchResponse, SearchResult, SearchSummary};

/// The results of a search, best first. Dropping it before its end stops the search on the server.
#[must_use = "a search that is dropped is stopped"]
pub struct Search {
    messages: Messages<SearchResponse>,
    summary: Option<SearchSummary>,
}

impl Search {
    pub(crate) fn new(messages: Messages<SearchResponse>) -> Self {
        Search { messages, summary: None }
    }

    /// How the search went; there once the stream has ended.
    pub fn summary(&self) -> Option<&SearchSummary> {
        self.summary.as_ref()
    }

    /// Names the call in the server's log.
    pub fn call_id(&self) -> Option<&str> {
        self.messages.call_id()
    }

    /// The next result; none after the last. Saves the import of a trait.
    ///
    /// # Errors
    ///
    /// What ended the search; it has no result after that.
    pub async fn try_next(&mut self) -> Result<Option<SearchResult>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl Stream for Search {
    type Item = Result<SearchResult, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let next = match Pin::new(&mut self.messages).poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(next) => next,
            };
            match next.transpose() {
                Err(error) => return Poll::Ready(Some(Err(error))),
                Ok(None) => return Poll::Ready(None),
                Ok(Some(message)) => match message.part {
                    Some(Part::Result(result)) => return Poll::Ready(Some(Ok(result))),
                    Some(Part::Summary(summary)) => self.summary = Some(summary),
                    None => {}
                },
            }
        }
    }
}
