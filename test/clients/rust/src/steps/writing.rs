//! Steps 1 to 8: writes, and what stops them.

use std::time::{Duration, SystemTime};

use cairn_memory::prost_types::FieldMask;
use cairn_memory::v1::{
    EmbeddingStatus, MemoryInput, Outcome, UpdateMemoryRequest, UpdateMemoryResponse, Visibility, WriteMemoryResponse,
    WriteMode,
};
use cairn_memory::{Code, Error};

use crate::expect::{equal, holds, ok, refused, says, some, Step};
use crate::play::{cups, drink, write, Play};

pub async fn writes(play: &Play) -> Step {
    let answer = ok("WriteMemory", play.client.write_memory(write(drink())).await)?;
    equal("outcome", answer.outcome(), Outcome::Created)?;
    let memory = some("the memory", answer.memory)?;
    equal("revision", memory.revision, 1)?;
    equal("embedding_status", memory.embedding_status(), EmbeddingStatus::Attached)?;
    let shape = memory.id.split('-').map(str::len).collect::<Vec<_>>();
    equal("the id's groups", shape, vec![8, 4, 4, 4, 12])?;
    play.drink_id.set(memory.id).map_err(|id| format!("the drink {id} was written before"))
}

pub async fn reads_back(play: &Play) -> Step {
    let memory = ok("GetMemory", play.get_drink().await?)?;
    let wanted = drink();
    equal("id", memory.id.clone(), play.drink_id()?)?;
    equal("subject_type", &memory.subject_type, &wanted.subject_type)?;
    equal("subject_id", &memory.subject_id, &wanted.subject_id)?;
    equal("kind", &memory.kind, &wanted.kind)?;
    equal("key", &memory.key, &wanted.key)?;
    equal("title", &memory.title, &wanted.title)?;
    equal("content", &memory.content, &wanted.content)?;
    equal("metadata", &memory.metadata, &Some(cups()))?;
    equal("tags", &memory.tags, &wanted.tags)?;
    equal("linked_entities", &memory.linked_entities, &wanted.linked_entities)?;
    equal("confidence", memory.confidence, 0.9)?;
    equal("visibility", memory.visibility(), Visibility::Shared)?;
    let created = SystemTime::try_from(some("create_time", memory.create_time)?).map_err(|error| error.to_string())?;
    let age = SystemTime::now().duration_since(created).unwrap_or_else(|ahead| ahead.duration());
    holds(format!("create_time is {age:?} away from now"), age < Duration::from_secs(300))
}

pub async fn writes_again(play: &Play) -> Step {
    let answer = ok("WriteMemory", play.client.write_memory(write(drink())).await)?;
    expect_drink(play, answer, Outcome::Unchanged, 1)?;
    Ok(())
}

pub async fn upserts(play: &Play) -> Step {
    let changed = MemoryInput { content: "Prefers black coffee".into(), tags: vec![], ..drink() };
    let answer = ok("WriteMemory", play.client.write_memory(write(changed)).await)?;
    equal("tags", answer.memory.clone().unwrap_or_default().tags, vec![])?;
    expect_drink(play, answer, Outcome::Updated, 2)
}

fn expect_drink(play: &Play, answer: WriteMemoryResponse, outcome: Outcome, revision: i32) -> Step {
    equal("outcome", answer.outcome(), outcome)?;
    let memory = some("the memory", answer.memory)?;
    equal("id", memory.id, play.drink_id()?)?;
    equal("revision", memory.revision, revision)
}

pub async fn never_twice(play: &Play) -> Step {
    let mut request = write(drink());
    request.set_mode(WriteMode::CreateOnly);
    let result = play.client.write_memory(request).await;
    let error = refused("CREATE_ONLY", result, Code::AlreadyExists, "MEMORY_ALREADY_EXISTS")?;
    says(&error, "memory_id", &play.drink_id()?)
}

pub async fn only_if_there(play: &Play) -> Step {
    let mut request = write(MemoryInput { key: Some("nothing".into()), ..drink() });
    request.set_mode(WriteMode::UpdateOnly);
    refused("UPDATE_ONLY", play.client.write_memory(request).await, Code::NotFound, "MEMORY_NOT_FOUND")?;
    Ok(())
}

pub async fn compares_and_sets(play: &Play) -> Step {
    let answer = ok("UpdateMemory", rename(play).await?)?;
    equal("outcome", answer.outcome(), Outcome::Updated)?;
    let memory = some("the memory", answer.memory)?;
    equal("revision", memory.revision, 3)?;
    equal("title", memory.title.as_str(), "Hot drink")?;
    equal("content", memory.content.as_str(), "Prefers black coffee")
}

pub async fn conflicts(play: &Play) -> Step {
    let error = refused("UpdateMemory", rename(play).await?, Code::Aborted, "REVISION_MISMATCH")?;
    says(&error, "revision", "3")
}

async fn rename(play: &Play) -> Step<Result<UpdateMemoryResponse, Error>> {
    let request = UpdateMemoryRequest {
        memory_id: play.drink_id()?,
        memory: Some(MemoryInput { title: "Hot drink".into(), ..Default::default() }),
        update_mask: Some(FieldMask { paths: vec!["title".into()] }),
        expected_revision: Some(2),
        ..Default::default()
    };
    Ok(play.client.update_memory(request).await)
}
