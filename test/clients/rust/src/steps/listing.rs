//! Steps 28 and 29: lists.

use std::collections::HashSet;

use cairn_memory::v1::{LinkedEntity, ListMemoriesRequest, Memory, MemoryFilter, MemoryInput};

use crate::expect::{equal, holds, ok, Step};
use crate::play::{of_kind, write, Play};

pub async fn paging(play: &Play) -> Step {
    let filter = MemoryFilter { kinds: vec!["note".into()], ..Default::default() };
    let request = ListMemoriesRequest { filter: Some(filter), page_size: 7, ..Default::default() };
    let mut all = play.client.list_all_memories(request.clone());
    let mut memories = Vec::new();
    while let Some(memory) = ok("the iterator", all.try_next().await)? {
        memories.push(memory);
    }
    falling("the iterator", &memories)?;
    let (mut by_tokens, mut pages, mut request) = (Vec::new(), 0, request);
    loop {
        let page = ok("ListMemories", play.client.list_memories(request.clone()).await)?;
        by_tokens.extend(page.memories);
        pages += 1;
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    falling("by tokens", &by_tokens)?;
    equal("pages", pages, 15)
}

fn falling(what: &str, memories: &[Memory]) -> Step {
    let ids: Vec<&str> = memories.iter().map(|memory| memory.id.as_str()).collect();
    equal(what, (ids.len(), ids.iter().collect::<HashSet<_>>().len()), (100, 100))?;
    holds(format!("{what}: ids do not fall"), ids.windows(2).all(|pair| pair[0] > pair[1]))
}

pub async fn filters(play: &Play) -> Step {
    let bern = LinkedEntity { r#type: "city".into(), id: "bern".into() };
    for (person, tags, linked) in
        [("bob", vec!["red"], vec![]), ("bob", vec!["red", "blue"], vec![bern.clone()]), ("eve", vec!["blue"], vec![])]
    {
        let deal = MemoryInput {
            subject_type: "person".into(),
            subject_id: Some(person.into()),
            tags: tags.into_iter().map(String::from).collect(),
            linked_entities: linked,
            ..of_kind("deal", "A deal was made")
        };
        ok("WriteMemory", play.client.write_memory(write(deal)).await)?;
    }
    let tags = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    let bob =
        MemoryFilter { subject_type: Some("person".into()), subject_id: Some("bob".into()), ..Default::default() };
    let both = MemoryFilter { tags_all: tags(&["red", "blue"]), ..Default::default() };
    let not_red = MemoryFilter { tags_none: tags(&["red"]), ..Default::default() };
    let in_bern = MemoryFilter { linked_entity: Some(bern), ..Default::default() };
    for (what, filter, count) in
        [("subject", bob, 2), ("tags_all", both, 1), ("tags_none", not_red, 1), ("linked entity", in_bern, 1)]
    {
        equal(what, play.list("deal", filter).await?.len(), count)?;
    }
    Ok(())
}
