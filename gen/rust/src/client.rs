use std::fmt;
use std::future::Future;
use std::time::Duration;

use tonic::codegen::InterceptedService;
use tonic::transport::Channel;
use tonic::{IntoRequest, Request, Response, Status, Streaming};

use crate::builder::ClientBuilder;
use crate::call::Call;
use crate::connection::Connection;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::messages::Messages;
use crate::paged::{PageFuture, Paged};
use crate::retry::Repeat;
use crate::search::Search;
use crate::v1::SearchRequest;

/// What the generated stubs speak through: one HTTP/2 connection, which connects anew by itself, and the credentials.
pub type Transport = InterceptedService<Connection, Credentials>;

/// A client of one server. Clones share one connection, which closes with the last of them.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
    timeout: Duration,
    max_attempts: u32,
}

impl Client {
    /// A client of the server that `CAIRN_URL` names (default `http://127.0.0.1:8080`), with the key of `CAIRN_API_KEY`.
    ///
    /// # Errors
    ///
    /// As those of [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// Makes a client step by step.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn new(channel: Channel, credentials: Credentials, timeout: Duration, max_attempts: u32) -> Self {
        let transport = InterceptedService::new(Connection(channel), credentials);
        Client { transport, timeout, max_attempts }
    }

    /// Streams the best memories for a query in rank order; the summary stands at the end. Dropping the stream ends the search on the server.
    ///
    /// # Errors
    ///
    /// Whatever fails before the first result; what fails later comes through the stream.
    pub async fn search(&self, request: impl IntoRequest<SearchRequest>) -> Result<Search, Error> {
        Ok(Search::new(self.search_messages(request).await?))
    }

    pub(crate) fn transport(&self) -> Transport {
        self.transport.clone()
    }

    pub(crate) async fn unary<Q, A, F, Fut>(
        &self,
        request: impl IntoRequest<Q>,
        repeat: Repeat<Q>,
        send: F,
    ) -> Result<A, Error>
    where
        Q: Clone,
        F: Fn(Transport, Request<Q>) -> Fut,
        Fut: Future<Output = Result<Response<A>, Status>>,
    {
        let call = Call::new(request.into_request(), repeat, self.max_attempts, Some(self.timeout));
        call.run(|request| {
            let answer = send(self.transport(), request);
            async { Ok(answer.await?.into_inner()) }
        })
        .await
    }

    pub(crate) async fn streaming<Q, A, F, Fut>(
        &self,
        request: impl IntoRequest<Q>,
        repeat: Repeat<Q>,
        send: F,
    ) -> Result<Messages<A>, Error>
    where
        Q: Clone,
        F: Fn(Transport, Request<Q>) -> Fut,
        Fut: Future<Output = Result<Response<Streaming<A>>, Status>>,
    {
        let call = Call::new(request.into_request(), repeat, self.max_attempts, None);
        call.run(|request| {
            let answer = send(self.transport(), request);
            async { Messages::open(answer.await?, call.deadline()).await }
        })
        .await
    }

    pub(crate) fn paged<Q, T>(
        &self,
        request: impl IntoRequest<Q>,
        fetch: fn(Client, Request<Q>, Option<String>) -> PageFuture<T>,
    ) -> Paged<T>
    where
        Q: Clone + Send + Sync + 'static,
        T: 'static,
    {
        let client = self.clone();
        let (metadata, extensions, message) = request.into_request().into_parts();
        Paged::new(move |token| {
            let request = Request::from_parts(metadata.clone(), extensions.clone(), message.clone());
            fetch(client.clone(), request, token)
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("timeout", &self.timeout)
            .field("max_attempts", &self.max_attempts)
            .finish_non_exhaustive()
    }
}
