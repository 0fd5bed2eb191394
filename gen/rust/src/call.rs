use std::future::Future;
use std::time::Duration;

use tokio::time::{sleep, timeout_at, Instant};
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Request};
use uuid::Uuid;

use crate::error::Error;
use crate::retry::{backoff, Repeat};

/// A century, which gRPC's header and every clock can still count; a longer timeout is none.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(100 * 365 * 86_400);

/// One call: a request that can be sent more than once, and when its caller gives up.
pub(crate) struct Call<Q> {
    metadata: MetadataMap,
    extensions: Extensions,
    message: Q,
    deadline: Option<Instant>,
    attempts: u32,
}

impl<Q: Clone> Call<Q> {
    /// The request's own timeout goes before the default. A missing `request_id` is made where repeating needs it.
    pub(crate) fn new(request: Request<Q>, repeat: Repeat<Q>, attempts: u32, default: Option<Duration>) -> Self {
        let (metadata, extensions, mut message) = request.into_parts();
        let timeout = timeout_of(&metadata).or(default).filter(|timeout| *timeout <= LONGEST_TIMEOUT);
        let attempts = match repeat {
            Repeat::Never => 1,
            Repeat::Always => attempts.max(1),
            Repeat::ByRequestId(field) if attempts > 1 => {
                let id = field(&mut message);
                if id.as_deref().unwrap_or("").is_empty() {
                    *id = Some(Uuid::new_v4().to_string());
                }
                attempts
            }
            Repeat::ByRequestId(_) => 1,
        };
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        Call { metadata, extensions, message, deadline, attempts }
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Sends until an answer comes, or what fails would fail again, or attempts or time are used up.
    pub(crate) async fn run<T, F, Fut>(&self, send: F) -> Result<T, Error>
    where
        F: Fn(Request<Q>) -> Fut,
        Fut: Future<Output = Result<T, Error>>,
    {
        let mut attempt = 1;
        loop {
            let failure = match self.within_deadline(send(self.request())).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let pause = backoff(attempt);
            let too_late = self.deadline.is_some_and(|deadline| Instant::now() + pause >= deadline);
            if attempt >= self.attempts || too_late || !failure.is_transient() {
                return Err(failure);
            }
            sleep(pause).await;
            attempt += 1;
        }
    }

    /// The request with the time that is left, which the server obeys as well.
    fn request(&self) -> Request<Q> {
        let mut request = Request::from_parts(self.metadata.clone(), self.extensions.clone(), self.message.clone());
        if let Some(deadline) = self.deadline {
            request.set_timeout(deadline.saturating_duration_since(Instant::now()));
        }
        request
    }

    async fn within_deadline<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match self.deadline {
            None => answer.await,
            Some(deadline) => timeout_at(deadline, answer).await.unwrap_or_else(|_| Err(Error::deadline())),
        }
    }
}

/// What `Request::set_timeout` left behind, which tonic keeps as gRPC's own header: digits and a unit.
fn timeout_of(metadata: &MetadataMap) -> Option<Duration> {
    let text = metadata.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let amount: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(amount.saturating_mul(3600))),
        "M" => Some(Duration::from_secs(amount.saturating_mul(60))),
        "S" => Some(Duration::from_secs(amount)),
        "m" => Some(Duration::from_millis(amount)),
        "u" => Some(Duration::from_micros(amount)),
        "n" => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_timeout_that_a_request_was_given() {
        for timeout in
            [Duration::from_millis(200), Duration::from_secs(90), Duration::from_secs(86_400), Duration::ZERO]
        {
            let mut request = Request::new(());
            request.set_timeout(timeout);
            assert_eq!(timeout_of(request.metadata()), Some(timeout));
        }
        assert_eq!(timeout_of(&MetadataMap::new()), None);
    }

    #[test]
    fn takes_a_timeout_that_nothing_can_count_for_none() {
        for timeout in [Duration::MAX, Duration::from_secs(u64::MAX / 4), Duration::from_secs(400_000_000_000)] {
            let call = Call::new(Request::new(()), Repeat::Never, 4, Some(timeout));
            assert_eq!(call.deadline(), None, "{timeout:?}");
            assert_eq!(timeout_of(call.request().metadata()), None);
        }
        for text in ["9999999999999999999H", "9999999999999999999M", "9999999999999999999S", "99999999999999999999n"] {
            let mut request = Request::new(());
            request.metadata_mut().insert("grpc-timeout", text.parse().unwrap());
            assert_eq!(Call::new(request, Repeat::Never, 4, None).deadline(), None, "{text}");
        }
    }

    #[test]
    fn makes_a_request_id_only_where_none_is_given_and_repeating_needs_it() {
        let call = |id: Option<&str>, attempts| {
            let request = Request::new(id.map(str::to_owned));
            Call::new(request, Repeat::ByRequestId(|message| message), attempts, None)
        };
        assert_eq!(call(Some("mine"), 4).message.as_deref(), Some("mine"));
        assert_eq!(call(None, 4).message.map(|id| id.len()), Some(36));
        assert_eq!(call(None, 0).message, None);
    }
}
