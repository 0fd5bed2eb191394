use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use cairn_memory::Client;
use tokio::task::JoinSet;

use crate::expect::{equal, ok, some, Step};
use crate::plan::Storm;
use crate::play::{harbour, instruct, named, notes, Play};

/// Stops searches after their first result, many at a time; answers how many were stopped.
pub async fn rage(play: &Play, storm: &Storm) -> Step<u64> {
    ok("BatchWriteMemories", play.client.batch_write_memories(notes()).await)?;
    let left = Arc::new(AtomicU64::new(storm.count));
    let mut workers = JoinSet::new();
    for _ in 0..storm.at_once {
        workers.spawn(work(play.client.clone(), left.clone()));
    }
    let mut stopped = 0;
    while let Some(worker) = workers.join_next().await {
        stopped += worker.map_err(|error| error.to_string())??;
    }
    equal("searches stopped", stopped, storm.count)?;
    Ok(stopped)
}

async fn work(client: Client, left: Arc<AtomicU64>) -> Step<u64> {
    let mut stopped = 0;
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| count.checked_sub(1)).is_ok() {
        let mut search = ok("Search", client.search(named(&instruct("pace", 5), harbour())).await)?;
        some("the first result", ok("the first result", search.try_next().await)?)?;
        drop(search);
        stopped += 1;
    }
    Ok(stopped)
}
