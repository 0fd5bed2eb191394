//! Steps 19 to 23: batches, streams, and how calls end early.

use std::time::{Duration, Instant};

use cairn_memory::v1::{BatchWriteMemoriesRequest, GetMemoryRequest, MemoryFilter, Outcome};
use cairn_memory::Code;
use tokio::sync::oneshot;

use crate::expect::{equal, fails, holds, ok, refused, some, Step};
use crate::play::{harbour, instruct, named, notes, of_kind, write, Play};

/// Well before the five seconds that the server takes.
pub const SOON: Duration = Duration::from_secs(4);

pub async fn batch(play: &Play) -> Step {
    let answer = ok("not atomic", play.client.batch_write_memories(three("batch", false)).await)?;
    let outcomes: Vec<Outcome> = answer.results.iter().map(|result| result.outcome()).collect();
    equal("outcomes", outcomes, vec![Outcome::Created, Outcome::Unspecified, Outcome::Created])?;
    let error = some("the second's error", answer.results[1].error.clone())?;
    equal("the error", (error.code, error.field.as_str()), (Code::InvalidArgument as i32, "memory.content"))?;
    let result = play.client.batch_write_memories(three("atomic", true)).await;
    refused("atomic", result, Code::InvalidArgument, "INVALID_FIELD")?;
    equal("atomic ones listed", play.list("atomic", MemoryFilter::default()).await?.len(), 0)
}

fn three(kind: &str, atomic: bool) -> BatchWriteMemoriesRequest {
    let writes = ["One", " ", "Three"].map(|content| write(of_kind(kind, content))).into();
    BatchWriteMemoriesRequest { writes, atomic: Some(atomic), ..Default::default() }
}

pub async fn search(play: &Play) -> Step {
    ok("BatchWriteMemories", play.client.batch_write_memories(notes()).await)?;
    let mut search = ok("Search", play.client.search(harbour()).await)?;
    let mut ranks = Vec::new();
    let mut last = f64::INFINITY;
    while let Some(result) = ok("a result", search.try_next().await)? {
        holds(format!("the score rises at rank {}", result.rank), result.score <= last)?;
        last = result.score;
        ranks.push(result.rank);
    }
    equal("ranks", ranks, (1..=100).collect())?;
    equal("the summary's count", some("the summary", search.summary())?.count, 100)
}

pub async fn stops_early(play: &Play) -> Step {
    let id = instruct("pace", 100);
    let mut search = ok("Search", play.client.search(named(&id, harbour())).await)?;
    for rank in 1..=5 {
        let result = some("a result", ok("a result", search.try_next().await)?)?;
        equal("rank", result.rank, rank)?;
    }
    drop(search);
    let call = some("the call", play.calls(&id, 1).await?.pop())?;
    holds(format!("the server saw {call:?}"), call.code != "ok" && call.messages <= 20)
}

/// In Rust a call is cancelled by dropping its future, here by ending the task that runs it.
pub async fn cancels(play: &Play) -> Step {
    cancels_stream(play).await?;
    let id = instruct("delay", 5000);
    let request = named(&id, GetMemoryRequest { memory_id: play.drink_id()?, ..Default::default() });
    let client = play.client.clone();
    let call = tokio::spawn(async move { client.get_memory(request).await.map(|_| ()) });
    holds("the call did not reach the server", play.begun(&id).await?)?;
    let began = Instant::now();
    call.abort();
    ended_as_cancelled("GetMemory", call.await, began)?;
    saw_cancelled(play, &id).await
}

async fn cancels_stream(play: &Play) -> Step {
    let id = instruct("pace", 100);
    let mut search = ok("Search", play.client.search(named(&id, harbour())).await)?;
    let (first, came) = oneshot::channel();
    let reading = tokio::spawn(async move {
        let _ = first.send(search.try_next().await.map(|result| result.is_some()));
        while search.try_next().await?.is_some() {}
        Ok(())
    });
    let first = came.await.map_err(|_| "the reader ended before its first result")?;
    equal("a first result", ok("the first result", first)?, true)?;
    let began = Instant::now();
    reading.abort();
    ended_as_cancelled("Search", reading.await, began)?;
    saw_cancelled(play, &id).await
}

type Ended = Result<Result<(), cairn_memory::Error>, tokio::task::JoinError>;

fn ended_as_cancelled(what: &str, ended: Ended, began: Instant) -> Step {
    match ended {
        Ok(result) => Err(format!("{what} was not cancelled: {result:?}")),
        Err(error) => holds(
            format!("{what} ended after {:?} with {error}", began.elapsed()),
            error.is_cancelled() && began.elapsed() < SOON,
        ),
    }
}

async fn saw_cancelled(play: &Play, id: &str) -> Step {
    let call = some("the call", play.calls(id, 1).await?.pop())?;
    holds(format!("the server saw {call:?}"), call.code == "canceled" && call.messages <= 20)
}

pub async fn deadline(play: &Play) -> Step {
    let get = GetMemoryRequest { memory_id: play.drink_id()?, ..Default::default() };
    let mut request = named(&instruct("delay", 5000), get);
    request.set_timeout(Duration::from_millis(200));
    let began = Instant::now();
    fails("GetMemory", play.client.get_memory(request).await, Code::DeadlineExceeded)?;
    holds(format!("it took {:?}", began.elapsed()), began.elapsed() < SOON)
}
