//! Steps 14 to 18, and 31: what may be repeated, and what may not.

use std::time::{Duration, Instant};

use cairn_memory::v1::{CreateAgentRequest, GetMemoryRequest, MemoryFilter, MemoryInput, Outcome, WriteMemoryRequest};
use cairn_memory::Code;

use crate::expect::{equal, holds, ok, refused, some, Step};
use crate::play::{instruct, named, of_kind, unique, write, Play};
use crate::steps::searching::SOON;

pub async fn idempotent(play: &Play) -> Step {
    let request = WriteMemoryRequest { request_id: Some(unique()), ..write(of_kind("receipt", "Paid 12.50")) };
    let _ = play.receipt.set(request.clone());
    let mut ids = Vec::new();
    for _ in 0..2 {
        let answer = ok("WriteMemory", play.client.write_memory(request.clone()).await)?;
        equal("outcome", answer.outcome(), Outcome::Created)?;
        ids.push(some("the memory", answer.memory)?.id);
    }
    equal("the second id", &ids[1], &ids[0])?;
    equal("receipts listed", play.list("receipt", MemoryFilter::default()).await?.len(), 1)
}

pub async fn request_id_reused(play: &Play) -> Step {
    let first = some("the receipt of step 14", play.receipt.get().cloned())?;
    let other = MemoryInput { content: "Paid 99.90".into(), ..first.memory.unwrap_or_default() };
    let request = WriteMemoryRequest { request_id: first.request_id, ..write(other) };
    let result = play.client.write_memory(request).await;
    refused("WriteMemory", result, Code::InvalidArgument, "REQUEST_ID_REUSED")?;
    Ok(())
}

pub async fn lost_answer(play: &Play) -> Step {
    let id = instruct("lose", 1);
    let request = named(&id, write(of_kind("lost", "Said once")));
    let answer = ok("WriteMemory", play.client.write_memory(request).await)?;
    equal("outcome", answer.outcome(), Outcome::Created)?;
    equal("calls seen", play.calls(&id, 2).await?.len(), 2)?;
    equal("lost ones listed", play.list("lost", MemoryFilter::default()).await?.len(), 1)
}

pub async fn never_repeated(play: &Play) -> Step {
    let id = instruct("refuse", 1);
    let request = named(&id, CreateAgentRequest { handle: unique(), ..Default::default() });
    let result = play.client.create_agent(request).await;
    refused("CreateAgent", result, Code::Unavailable, "STORAGE_UNAVAILABLE")?;
    equal("calls seen", play.calls(&id, 1).await?.len(), 1)
}

pub async fn reads_again(play: &Play) -> Step {
    let get = GetMemoryRequest { memory_id: play.drink_id()?, ..Default::default() };
    let id = instruct("refuse", 2);
    ok("GetMemory", play.client.get_memory(named(&id, get.clone())).await)?;
    equal("calls seen", play.calls(&id, 3).await?.len(), 3)?;
    let mut hopeless = named(&instruct("refuse", 1000), get);
    hopeless.set_timeout(Duration::from_secs(1));
    let began = Instant::now();
    let error = play.client.get_memory(hopeless).await.err();
    let code = some("the error", error)?.code();
    holds(format!("came {code:?}"), matches!(code, Code::Unavailable | Code::DeadlineExceeded))?;
    holds(format!("it took {:?}", began.elapsed()), began.elapsed() < SOON)
}

pub async fn at_once(play: &Play) -> Step {
    let id = instruct("hold", 2);
    let request = WriteMemoryRequest { request_id: Some(unique()), ..write(of_kind("twice", "Said twice at once")) };
    let send = || play.client.write_memory(named(&id, request.clone()));
    let (first, second) = tokio::join!(send(), send());
    let (first, second) = (ok("the first", first)?, ok("the second", second)?);
    equal("outcomes", (first.outcome(), second.outcome()), (Outcome::Created, Outcome::Created))?;
    equal("ids", some("the second", second.memory)?.id, some("the first", first.memory)?.id)?;
    let calls = play.calls(&id, 4).await?;
    let count = |code: &str| calls.iter().filter(|call| call.code == code).count();
    equal("calls that were done", count("ok"), 2)?;
    let refused = count("aborted");
    holds(format!("two and more refused: {calls:?}"), refused >= 2 && refused == calls.len() - 2)?;
    equal("listed", play.list("twice", MemoryFilter::default()).await?.len(), 1)
}
