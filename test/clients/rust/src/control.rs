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
    let calls = ask(control, &format!("/calls/{id}?at_least={at_least}")).await.map_err(fault)?;
    let seen =
        |call: &Value| Some(Seen { code: call["code"].as_str()?.to_owned(), messages: call["messages"].as_u64()? });
    let all = calls.as_array().and_then(|calls| calls.iter().map(seen).collect());
    all.ok_or_else(|| fault("a call without code or messages".into()))
}

/// Asks the test server whether a call of that `x-request-id` has reached it, once it has.
pub async fn begun(control: &str, id: &str) -> Step<bool> {
    Ok(ask(control, &format!("/begun/{id}")).await.map_err(fault)? == true)
}

fn fault(error: Box<dyn std::error::Error>) -> String {
    format!("control: {error}")
}

async fn ask(control: &str, path: &str) -> Result<Value, Box<dyn std::error::Error>> {
    let host = control.strip_prefix("http://").ok_or("no http address")?;
    let mut socket = TcpStream::connect(host).await?;
    socket.write_all(format!("GET {path} HTTP/1.0\r\nhost: {host}\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no body")?;
    Ok(serde_json::from_str(body)?)
}
