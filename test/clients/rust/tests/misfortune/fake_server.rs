//! A server that does to each attempt what it is told: frames of HTTP/2 written by hand, as no real server would send them.

use std::sync::{Arc, Mutex};

use base64::{engine::general_purpose::STANDARD_NO_PAD, Engine};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What becomes of one call.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    /// The connection is reset.
    Reset,
    /// The connection ends.
    End,
    /// The stream is refused by RST_STREAM with this code.
    ResetStream(u8),
    /// The answer begins, with so many bytes of a message, then its stream is reset by RST_STREAM with this code.
    BeginThenResetStream(usize, u8),
    /// The answer begins, then a GOAWAY disowns its stream.
    BeginThenLeave,
    /// A proxy's page of HTML with status 503.
    Page,
    /// UNIMPLEMENTED, which shows that the attempt came.
    Answer,
    /// ABORTED, with an ErrorInfo of this reason and domain.
    Abort(&'static str, &'static str),
    /// An empty message.
    Success,
    /// One result of a search, then, once the client has read it, the connection is reset.
    ResultThenReset,
}

/// A message of two bytes: SearchResponse.result, empty.
const RESULT: [u8; 7] = [0, 0, 0, 0, 2, 0x0a, 0];

pub struct FakeServer {
    pub address: String,
    /// The messages that came, in order, each of one frame.
    pub seen: Arc<Mutex<Vec<Vec<u8>>>>,
    serving: JoinHandle<()>,
}

impl FakeServer {
    /// Serves on a free port, or on that one; the last fate is that of all further calls.
    pub async fn start(address: &str, fates: &[Fate]) -> FakeServer {
        let listener = TcpListener::bind(address).await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let serving = tokio::spawn(serve(listener, fates.to_vec(), seen.clone()));
        FakeServer { address, seen, serving }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn calls(&self) -> usize {
        self.seen.lock().expect("no panic").len()
    }

    /// Frees the port once all connections have ended.
    pub async fn stop(self) {
        self.serving.abort();
        let _ = self.serving.await;
    }
}

async fn serve(listener: TcpListener, fates: Vec<Fate>, seen: Arc<Mutex<Vec<Vec<u8>>>>) {
    while let Ok((socket, _)) = listener.accept().await {
        // An error is the client's leaving.
        let _ = converse(socket, &fates, &seen).await;
    }
}

async fn converse(mut socket: TcpStream, fates: &[Fate], seen: &Mutex<Vec<Vec<u8>>>) -> std::io::Result<()> {
    socket.read_exact(&mut [0; 24]).await?;
    socket.write_all(&frame(4, 0, [0; 4], &[])).await?;
    let mut message = Vec::new();
    loop {
        let mut head = [0; 9];
        socket.read_exact(&mut head).await?;
        let mut body = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
        socket.read_exact(&mut body).await?;
        if head[3] == 0 {
            message.extend_from_slice(&body);
        }
        let (kind, flags, id) = (head[3], head[4], [head[5], head[6], head[7], head[8]]);
        let is_settings = kind == 4 && flags & 1 == 0;
        if is_settings {
            socket.write_all(&frame(4, 1, [0; 4], &[])).await?;
        }
        // A reset takes away what the client has not read: it comes after the echo of the PING behind the result.
        if kind == 6 && flags & 1 == 1 {
            return socket.set_zero_linger();
        }
        // The end of a request.
        if kind > 1 || flags & 1 == 0 {
            continue;
        }
        let fate = {
            let mut seen = seen.lock().expect("no panic");
            let fate = fates[seen.len().min(fates.len() - 1)];
            seen.push(std::mem::take(&mut message));
            fate
        };
        if let Some(answer) = answer_of(fate, id) {
            socket.write_all(&answer).await?;
        }
        match fate {
            Fate::Reset => return socket.set_zero_linger(),
            Fate::End => return socket.shutdown().await,
            _ => {}
        }
    }
}

fn answer_of(fate: Fate, id: [u8; 4]) -> Option<Vec<u8>> {
    let ok: &[u8] = &[0x88];
    let grpc: &[&[u8]] = &[ok, &field("content-type", "application/grpc")];
    match fate {
        Fate::Reset | Fate::End => None,
        Fate::ResetStream(code) => Some(frame(3, 0, id, &[0, 0, 0, code])),
        Fate::Page => {
            let mut answer = frame(1, 4, id, b"\x08\x03503");
            answer.extend(frame(0, 1, id, b"<html>"));
            Some(answer)
        }
        Fate::Answer => Some(frame(1, 5, id, &[&grpc.concat(), field("grpc-status", "12").as_slice()].concat())),
        Fate::Abort(reason, domain) => {
            let details = field("grpc-status-details-bin", &STANDARD_NO_PAD.encode(status_of(reason, domain)));
            Some(frame(1, 5, id, &[&grpc.concat(), field("grpc-status", "10").as_slice(), &details].concat()))
        }
        Fate::Success => {
            let begun = [frame(1, 4, id, &grpc.concat()), frame(0, 0, id, &[0; 5])].concat();
            Some([begun, frame(1, 5, id, &field("grpc-status", "0"))].concat())
        }
        Fate::BeginThenResetStream(bytes, code) => {
            let begun = frame(1, 4, id, &grpc.concat());
            Some([begun, frame(0, 0, id, &RESULT[..bytes]), frame(3, 0, id, &[0, 0, 0, code])].concat())
        }
        Fate::BeginThenLeave => Some([frame(1, 4, id, &grpc.concat()), frame(7, 0, [0; 4], &[0; 8])].concat()),
        Fate::ResultThenReset => {
            let begun = frame(1, 4, id, &grpc.concat());
            Some([begun, frame(0, 0, id, &RESULT), frame(6, 0, [0; 4], b"read it?")].concat())
        }
    }
}

/// A google.rpc.Status whose only detail is an ErrorInfo.
fn status_of(reason: &str, domain: &str) -> Vec<u8> {
    let text = |number: u8, text: &[u8]| [&[number << 3 | 2, text.len() as u8], text].concat();
    let info = [text(1, reason.as_bytes()), text(2, domain.as_bytes())].concat();
    let detail = [text(1, b"type.googleapis.com/google.rpc.ErrorInfo"), text(2, &info)].concat();
    [vec![8, 10], text(3, &detail)].concat()
}

fn frame(kind: u8, flags: u8, id: [u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("short").to_be_bytes();
    [&length[1..], &[kind, flags], &id, body].concat()
}

/// A header in HPACK, spelled out.
fn field(name: &str, value: &str) -> Vec<u8> {
    [&[0, name.len() as u8], name.as_bytes(), &[value.len() as u8], value.as_bytes()].concat()
}
