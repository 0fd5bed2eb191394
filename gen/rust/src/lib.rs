//! Client of Cairn, the memory service for software agents, over gRPC.
//!
//! [`Client`] has a method for each RPC, with deadline, retries and one type of error; [`Client::search`] streams, and stops the search
//! on the server when it is dropped. Every method takes the bare message or a [`tonic::Request`] around it, whose metadata become
//! headers and whose `set_timeout` bounds the call.

mod builder;
mod call;
mod client;
mod connection;
mod credentials;
mod error;
mod messages;
#[rustfmt::skip]
#[path = "gen/cairn/v1/cairn.v1.methods.rs"]
mod methods;
mod paged;
mod retry;
mod search;

/// Messages and stubs of the contract `cairn.v1`, generated.
#[rustfmt::skip]
#[allow(clippy::all, missing_docs, rustdoc::all)]
pub mod v1 {
    include!("gen/cairn/v1/cairn.v1.rs");
}

pub use builder::ClientBuilder;
pub use client::{Client, Transport};
pub use connection::Connection;
pub use credentials::Credentials;
pub use error::Error;
pub use messages::Messages;
pub use paged::Paged;
pub use search::Search;

/// What messages are made of that is not Cairn's own: `Struct`, `Timestamp`, `FieldMask`.
pub use prost_types;
/// Requests with metadata and timeout, and status codes.
pub use tonic::{Code, Request};
