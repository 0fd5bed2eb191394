use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::expect::Step;

/// What the server saw of one call.
#[derive(Debug)]
pub struct Seen {
    pub code: String,
    pub messages: u64,
}

/// Asks the test server for the finished calls of an `x-request-id`, once there are as many.
pub async fn calls(control: &str, id: &str, at_least: usize) -> Step<Vec<Seen>> {
    ask(control, &format!("/calls/{id}?at_least={at_least}")).await.map_err(|error| format!("control: {error}"))
}

async fn ask(control: &str, path: &str) -> Result<Vec<Seen>, Box<dyn std::error::Error>> {
    let host = control.strip_prefix("http://").ok_or("no http address")?;
    let mut socket = TcpStream::connect(host).await?;
    socket.write_all(format!("GET {path} HTTP/1.0\r\nhost: {host}\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no body")?;
    let calls: Vec<Value> = serde_json::from_str(body)?;
    let seen =
        |call: &Value| Some(Seen { code: call["code"].as_str()?.to_owned(), messages: call["messages"].as_u64()? });
    Ok(calls.iter().map(seen).collect::<Option<_>>().ok_or("a call without code or messages")?)
}
