use std::collections::VecDeque;
use std::future::{poll_fn, Future};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio_stream::Stream;

use crate::error::Error;

/// One page on its way: what it lists, and the token of the next; an empty token: it is the last.
pub(crate) type PageFuture<T> = Pin<Box<dyn Future<Output = Result<(Vec<T>, String), Error>> + Send>>;

type Fetch<T> = Box<dyn Fn(Option<String>) -> PageFuture<T> + Send + Sync>;

/// All that a list RPC lists; a page is fetched when the one before has been taken.
#[must_use = "nothing is fetched until the stream is asked"]
pub struct Paged<T> {
    fetch: Fetch<T>,
    /// None: there is no page to come.
    next: Option<Next<T>>,
    ready: VecDeque<T>,
}

enum Next<T> {
    /// Not asked for yet; the first page has no token.
    Token(Option<String>),
    OnItsWay(PageFuture<T>),
}

impl<T> Paged<T> {
    pub(crate) fn new(fetch: impl Fn(Option<String>) -> PageFuture<T> + Send + Sync + 'static) -> Self {
        Paged { fetch: Box::new(fetch), next: Some(Next::Token(None)), ready: VecDeque::new() }
    }

    /// The next element; none after the last. Saves the import of a trait.
    ///
    /// # Errors
    ///
    /// Why a page could not be had; there is nothing after that.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl<T> Unpin for Paged<T> {}

impl<T> Stream for Paged<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            let mut page = match self.next.take() {
                None => return Poll::Ready(None),
                Some(Next::Token(token)) => (self.fetch)(token),
                Some(Next::OnItsWay(page)) => page,
            };
            let Poll::Ready(answer) = page.as_mut().poll(context) else {
                self.next = Some(Next::OnItsWay(page));
                return Poll::Pending;
            };
            match answer {
                Err(error) => return Poll::Ready(Some(Err(error))),
                Ok((items, token)) => {
                    self.ready = items.into();
                    self.next = if token.is_empty() { None } else { Some(Next::Token(Some(token))) };
                }
            }
        }
    }
}
