use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codegen::{http, BoxFuture, Service};
use tonic::transport::{Channel, Error};

/// The connection to the server, on which what a proxy says in the server's place keeps its meaning.
#[derive(Debug, Clone)]
pub struct Connection(pub(crate) Channel);

impl Service<http::Request<Body>> for Connection {
    type Response = http::Response<Body>;
    type Error = Error;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let answer = self.0.call(request);
        Box::pin(async move { Ok(without_page(answer.await?)) })
    }
}

/// A proxy's 503 with a page of HTML is UNAVAILABLE; tonic would stumble over the page and call it a broken message.
fn without_page(answer: http::Response<Body>) -> http::Response<Body> {
    if answer.status() == http::StatusCode::OK {
        return answer;
    }
    answer.map(|_| Body::empty())
}
