//! Steps 24 to 27: who may not, and what cannot be.

use cairn_memory::v1::{GetMemoryRequest, MemoryInput};
use cairn_memory::Code;

use crate::expect::{equal, ok, refused, says, some, Step};
use crate::play::{drink, of_kind, write, Play};

const GREETING: &str = "Grüße 你好 שלום 👋🏽 ";

pub async fn who_are_you(play: &Play) -> Step {
    let get = GetMemoryRequest { memory_id: play.drink_id()?, ..Default::default() };
    for (key, reason) in [("", "CREDENTIALS_MISSING"), ("cairn_wrong", "CREDENTIALS_INVALID")] {
        let result = play.with_key(key)?.get_memory(get.clone()).await;
        refused("GetMemory", result, Code::Unauthenticated, reason)?;
    }
    Ok(())
}

pub async fn forbidden(play: &Play) -> Step {
    let reader = play.with_key(&play.run.read_key)?;
    let result = reader.write_memory(write(drink())).await;
    let error = refused("WriteMemory", result, Code::PermissionDenied, "SCOPE_MISSING")?;
    says(&error, "scope", "memory:write")
}

pub async fn not_found_not_valid(play: &Play) -> Step {
    let unknown = play.get("0190d1f0-3c5e-7a4b-8f2d-5e6a7b8c9d0e", false).await;
    refused("a UUID that nothing has", unknown, Code::NotFound, "MEMORY_NOT_FOUND")?;
    let error = refused("no UUID", play.get("abc", false).await, Code::InvalidArgument, "INVALID_FIELD")?;
    says(&error, "field", "memory_id")
}

pub async fn unicode(play: &Play) -> Step {
    let content: String = GREETING.chars().cycle().take(50_000).collect();
    let answer = ok("WriteMemory", play.client.write_memory(write(of_kind("long", &content))).await)?;
    let read = ok("GetMemory", play.get(&some("the memory", answer.memory)?.id, false).await)?;
    equal("code points", read.content.chars().count(), 50_000)?;
    let differs = read.content.chars().zip(content.chars()).position(|(came, sent)| came != sent);
    equal("the first code point that differs", differs, None)?;
    let longer: String = GREETING.chars().cycle().take(50_001).collect();
    let memory = MemoryInput { ..of_kind("long", &longer) };
    let result = play.client.write_memory(write(memory)).await;
    let error = refused("50,001 code points", result, Code::InvalidArgument, "INVALID_FIELD")?;
    says(&error, "field", "memory.content")
}
