//! What the client does where connections are lost, servers go and come, and proxies answer in their place.

mod fake_server;
mod untrusted;

use std::time::{Duration, Instant};

use cairn_memory::v1::{GetMemoryRequest, PurgeMemoryRequest, SearchRequest, WriteMemoryRequest};
use cairn_memory::{Client, Code, Error, Request};
use fake_server::{FakeServer, Fate};

fn client_of(server: &FakeServer) -> Client {
    Client::builder().url(server.url()).build().expect("a client")
}

fn code_of<T>(result: Result<T, Error>) -> Code {
    result.err().map_or(Code::Ok, |error| error.code())
}

/// RST_STREAM with NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM and CANCEL, besides what cuts the connection or stands before the server;
/// the same between an answer's beginning and its end.
const PASSING: [Fate; 13] = [
    Fate::Reset,
    Fate::End,
    Fate::Page,
    Fate::ResetStream(0),
    Fate::ResetStream(2),
    Fate::ResetStream(7),
    Fate::ResetStream(8),
    Fate::BeginThenResetStream(0, 0),
    Fate::BeginThenResetStream(0, 2),
    Fate::BeginThenResetStream(0, 8),
    Fate::BeginThenResetStream(3, 0),
    Fate::BeginThenResetStream(3, 8),
    Fate::BeginThenLeave,
];

#[tokio::test]
async fn repeats_what_was_lost_where_that_is_safe_and_nothing_else() {
    for fate in PASSING {
        let fates = [fate, Fate::Answer];
        let server = FakeServer::start("127.0.0.1:0", &fates).await;
        let read = client_of(&server).get_memory(GetMemoryRequest::default()).await;
        assert_eq!((code_of(read), server.calls()), (Code::Unimplemented, 2), "a read after {fate:?}");

        let server = FakeServer::start("127.0.0.1:0", &fates).await;
        let write = client_of(&server).write_memory(WriteMemoryRequest::default()).await;
        assert_eq!((code_of(write), server.calls()), (Code::Unimplemented, 2), "a write after {fate:?}");

        let server = FakeServer::start("127.0.0.1:0", &fates).await;
        let search = client_of(&server).search(SearchRequest::default()).await;
        assert_eq!((code_of(search), server.calls()), (Code::Unimplemented, 2), "a search after {fate:?}");

        let server = FakeServer::start("127.0.0.1:0", &fates).await;
        let purge = client_of(&server).purge_memory(PurgeMemoryRequest::default()).await;
        assert_eq!((code_of(purge), server.calls()), (Code::Unavailable, 1), "a purge after {fate:?}");
    }
}

#[tokio::test]
async fn repeats_a_write_whose_first_call_still_runs_and_no_other_that_is_aborted() {
    let busy = Fate::Abort("REQUEST_IN_FLIGHT", "cairn.v1");
    let conflict = Fate::Abort("REVISION_MISMATCH", "cairn.v1");
    let foreign = Fate::Abort("REQUEST_IN_FLIGHT", "proxy.example");
    let cases = [
        (vec![busy, busy, Fate::Success], Code::Ok, 3),
        (vec![busy], Code::Aborted, 4),
        (vec![conflict], Code::Aborted, 1),
        (vec![foreign], Code::Aborted, 1),
    ];
    for (fates, code, calls) in cases {
        let server = FakeServer::start("127.0.0.1:0", &fates).await;
        let write = client_of(&server).write_memory(WriteMemoryRequest::default()).await;
        assert_eq!((code_of(write), server.calls()), (code, calls), "{fates:?}");
        let mut seen = server.seen.lock().expect("no panic").clone();
        seen.dedup();
        // Five bytes of gRPC's, two of the field's, and its UUID.
        assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [43], "one message, with a request_id");
    }
}

#[tokio::test]
async fn does_not_take_a_cut_connection_for_the_end_of_a_search() {
    let server = FakeServer::start("127.0.0.1:0", &[Fate::ResultThenReset]).await;
    let mut search = client_of(&server).search(SearchRequest::default()).await.expect("a search");
    assert!(search.try_next().await.expect("a result").is_some());
    assert_eq!(code_of(search.try_next().await), Code::Unavailable);
    assert!(search.try_next().await.expect("the end").is_none());
    assert_eq!((search.summary(), server.calls()), (None, 1));
}

#[tokio::test]
async fn sends_the_next_call_to_a_server_that_came_back() {
    // An address of its own, at whose port nobody else listens or dials meanwhile.
    let server = FakeServer::start("127.0.0.7:0", &[Fate::Answer]).await;
    let address = server.address.clone();
    let client = client_of(&server);
    assert_eq!(code_of(client.purge_memory(PurgeMemoryRequest::default()).await), Code::Unimplemented);
    server.stop().await;
    assert_eq!(code_of(client.purge_memory(PurgeMemoryRequest::default()).await), Code::Unavailable);
    let server = FakeServer::start(&address, &[Fate::Answer]).await;
    assert_eq!(code_of(client.purge_memory(PurgeMemoryRequest::default()).await), Code::Unimplemented);
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn never_goes_on_beyond_the_deadline() {
    let server = FakeServer::start("127.0.0.1:0", &[Fate::Page]).await;
    // That many attempts take a quarter of a minute at least.
    let client = Client::builder().url(server.url()).max_attempts(20).build().expect("a client");
    let mut request = Request::new(GetMemoryRequest::default());
    request.set_timeout(Duration::from_secs(2));
    let began = Instant::now();
    let failed = code_of(client.get_memory(request).await);
    assert!(matches!(failed, Code::Unavailable | Code::DeadlineExceeded), "{failed:?}");
    assert!(began.elapsed() < Duration::from_secs(10) && server.calls() > 1, "{:?}", began.elapsed());
}
