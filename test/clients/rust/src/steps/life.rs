//! Steps 9 to 13, and 30: how a memory goes and comes back.

use std::time::{Duration, SystemTime};

use cairn_memory::prost_types::Timestamp;
use cairn_memory::v1::{
    Change, DeleteMemoryRequest, ListRevisionsRequest, Memory, MemoryFilter, MemoryInput, Outcome, PurgeMemoryRequest,
    RestoreMemoryRequest,
};
use cairn_memory::Code;
use tokio::time::sleep;

use crate::expect::{equal, holds, ok, refused, some, Step};
use crate::play::{drink, of_kind, write, Play};

pub async fn deletes(play: &Play) -> Step {
    holds("delete_time is missing", delete(play).await?.delete_time.is_some())?;
    refused("GetMemory", play.get_drink().await?, Code::NotFound, "MEMORY_NOT_FOUND")?;
    let found = ok("GetMemory with show_deleted", play.get(&play.drink_id()?, true).await)?;
    equal("id", found.id, play.drink_id()?)
}

pub async fn restores(play: &Play) -> Step {
    let request = RestoreMemoryRequest { memory_id: play.drink_id()?, ..Default::default() };
    let restored = ok("RestoreMemory", play.client.restore_memory(request).await)?;
    holds("delete_time is still set", some("the memory", restored.memory)?.delete_time.is_none())?;
    ok("GetMemory", play.get_drink().await?)?;
    Ok(())
}

pub async fn revives(play: &Play) -> Step {
    delete(play).await?;
    let answer = ok("WriteMemory", play.client.write_memory(write(drink())).await)?;
    equal("outcome", answer.outcome(), Outcome::Revived)?;
    let memory = some("the memory", answer.memory)?;
    equal("id", memory.id, play.drink_id()?)?;
    holds("delete_time is still set", memory.delete_time.is_none())
}

async fn delete(play: &Play) -> Step<Memory> {
    let request = DeleteMemoryRequest { memory_id: play.drink_id()?, ..Default::default() };
    some("the memory", ok("DeleteMemory", play.client.delete_memory(request).await)?.memory)
}

pub async fn expires(play: &Play) -> Step {
    let mut visit = MemoryInput { key: Some("today".into()), ..of_kind("visit", "Came to see the lighthouse") };
    let mut life = Duration::from_millis(1500);
    let (id, end) = loop {
        let end = SystemTime::now() + life;
        if let Some(id) = write_soon_over(play, &visit, end).await? {
            break (id, end);
        }
        life *= 2;
        visit.key = Some(format!("today-{life:?}"));
    };
    let past = end + Duration::from_millis(300);
    sleep(past.duration_since(SystemTime::now()).unwrap_or_default()).await;
    refused("GetMemory after the end", play.get(&id, false).await, Code::NotFound, "MEMORY_NOT_FOUND")?;
    equal("visits listed", play.list("visit", MemoryFilter::default()).await?.len(), 0)?;
    let again = ok("WriteMemory again", play.client.write_memory(write(visit)).await)?;
    equal("outcome", again.outcome(), Outcome::Revived)
}

/// Id of what was written and found; none where a machine that stood still until the end found nothing.
async fn write_soon_over(play: &Play, visit: &MemoryInput, end: SystemTime) -> Step<Option<String>> {
    let found = async {
        let ending = MemoryInput { expire_time: Some(Timestamp::from(end)), ..visit.clone() };
        let answer = ok("WriteMemory", play.client.write_memory(write(ending)).await)?;
        equal("outcome", answer.outcome(), Outcome::Created)?;
        let id = some("the memory", answer.memory)?.id;
        ok("GetMemory before the end", play.get(&id, false).await)?;
        Ok(Some(id))
    };
    match found.await {
        Err(_) if SystemTime::now() >= end => Ok(None),
        found => found,
    }
}

pub async fn expired_before_it_began(play: &Play) -> Step {
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    let late = MemoryInput { expire_time: Some(Timestamp::from(hour_ago)), ..of_kind("visit", "Too late") };
    let result = play.client.write_memory(write(late)).await;
    refused("WriteMemory", result, Code::InvalidArgument, "EXPIRE_TIME_PAST")?;
    Ok(())
}

pub async fn history_and_purge(play: &Play) -> Step {
    let id = play.drink_id()?;
    let history = || ListRevisionsRequest { memory_id: id.clone(), ..Default::default() };
    let revisions = ok("ListRevisions", play.client.list_revisions(history()).await)?.revisions;
    let numbers: Vec<i32> = revisions.iter().map(|revision| revision.revision).collect();
    let last = numbers.first().copied().unwrap_or(0);
    holds(format!("too few revisions: {numbers:?}"), last > 3)?;
    equal("revisions", numbers, (1..=last).rev().collect())?;
    let purge = PurgeMemoryRequest { memory_id: id.clone(), ..Default::default() };
    equal("the purged id", &ok("PurgeMemory", play.client.purge_memory(purge).await)?.memory_id, &id)?;
    refused("GetMemory", play.get(&id, true).await, Code::NotFound, "MEMORY_NOT_FOUND")?;
    let left = ok("ListRevisions", play.client.list_revisions(history()).await)?.revisions;
    let left: Vec<_> = left.iter().map(|one| (one.change(), one.memory.is_none())).collect();
    equal("what is left", left, vec![(Change::Purged, true)])
}
