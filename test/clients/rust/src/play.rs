use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use cairn_memory::prost_types::{value::Kind, Struct, Value};
use cairn_memory::v1::{
    BatchWriteMemoriesRequest, GetMemoryRequest, LinkedEntity, ListMemoriesRequest, Memory, MemoryFilter, MemoryInput,
    SearchRequest, Visibility, WriteMemoryRequest,
};
use cairn_memory::{Client, Error, Request};

use crate::control::{self, Seen};
use crate::expect::{ok, some, Step};
use crate::plan::Run;

/// One time through the steps: the run, and what earlier steps left for later ones.
pub struct Play {
    pub client: Client,
    pub run: Run,
    pub ca: Vec<u8>,
    pub control: String,
    /// Id of the drink, from step 1 on.
    pub drink_id: OnceLock<String>,
    /// The caller's own request_id, from step 14 on.
    pub receipt: OnceLock<WriteMemoryRequest>,
}

impl Play {
    pub fn new(run: &Run, ca: &[u8], control: &str) -> Result<Play, Error> {
        Ok(Play {
            client: connect(run, ca, &run.key)?,
            run: run.clone(),
            ca: ca.to_vec(),
            control: control.to_owned(),
            drink_id: OnceLock::new(),
            receipt: OnceLock::new(),
        })
    }

    /// A client of the same server with another key.
    pub fn with_key(&self, key: &str) -> Step<Client> {
        ok("another client", connect(&self.run, &self.ca, key))
    }

    pub fn drink_id(&self) -> Step<String> {
        some("the drink's id of step 1", self.drink_id.get().cloned())
    }

    pub async fn calls(&self, id: &str, at_least: usize) -> Step<Vec<Seen>> {
        control::calls(&self.control, id, at_least).await
    }

    pub async fn begun(&self, id: &str) -> Step<bool> {
        control::begun(&self.control, id).await
    }

    pub async fn get_drink(&self) -> Step<Result<Memory, Error>> {
        Ok(self.get(&self.drink_id()?, false).await)
    }

    pub async fn get(&self, id: &str, show_deleted: bool) -> Result<Memory, Error> {
        let request = GetMemoryRequest { memory_id: id.to_owned(), show_deleted, ..Default::default() };
        Ok(self.client.get_memory(request).await?.memory.unwrap_or_default())
    }

    /// The memories of a kind, on one page.
    pub async fn list(&self, kind: &str, filter: MemoryFilter) -> Step<Vec<Memory>> {
        let filter = MemoryFilter { kinds: vec![kind.to_owned()], ..filter };
        let request = ListMemoriesRequest { filter: Some(filter), ..Default::default() };
        Ok(ok("ListMemories", self.client.list_memories(request).await)?.memories)
    }
}

fn connect(run: &Run, ca: &[u8], key: &str) -> Result<Client, Error> {
    let builder = Client::builder().url(&run.url).api_key(key);
    if run.tls {
        builder.ca_certificate(ca).build()
    } else {
        builder.build()
    }
}

/// The memory that most steps are about.
pub fn drink() -> MemoryInput {
    MemoryInput {
        subject_type: "person".into(),
        subject_id: Some("ada".into()),
        kind: "preference".into(),
        key: Some("drink".into()),
        title: "Drink".into(),
        content: "Prefers green tea in the morning".into(),
        metadata: Some(cups()),
        tags: vec!["food".into(), "morning".into()],
        linked_entities: vec![LinkedEntity { r#type: "project".into(), id: "cairn".into() }],
        confidence: Some(0.9),
        visibility: Visibility::Shared.into(),
        ..Default::default()
    }
}

/// `{"cups": 2}`
pub fn cups() -> Struct {
    let two = Value { kind: Some(Kind::NumberValue(2.0)) };
    Struct { fields: [("cups".to_owned(), two)].into() }
}

pub fn write(memory: MemoryInput) -> WriteMemoryRequest {
    WriteMemoryRequest { memory: Some(memory), ..Default::default() }
}

pub fn of_kind(kind: &str, content: &str) -> MemoryInput {
    MemoryInput { kind: kind.to_owned(), content: content.to_owned(), ..Default::default() }
}

/// The hundred notes that searches look for.
pub fn notes() -> BatchWriteMemoriesRequest {
    let note = |number: u32| MemoryInput {
        key: Some(format!("note-{number:03}")),
        ..of_kind("note", &format!("Note {number:03} about the harbour"))
    };
    BatchWriteMemoriesRequest { writes: (1..=100).map(|number| write(note(number))).collect(), ..Default::default() }
}

/// A search that finds all of the notes.
pub fn harbour() -> SearchRequest {
    SearchRequest {
        query: "harbour".into(),
        filter: Some(MemoryFilter { kinds: vec!["note".into()], ..Default::default() }),
        limit: Some(100),
        ..Default::default()
    }
}

/// An `x-request-id` that tells the test server how to behave, and that no other call has.
pub fn instruct(verb: &str, amount: u32) -> String {
    format!("scenario.{verb}.{amount}.{}", unique())
}

/// A request that carries the id.
pub fn named<T>(id: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("x-request-id", id.parse().expect("ids have plain characters"));
    request
}

/// Anything that no other run says.
pub fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("rust-{:x}-{}", now.as_nanos(), COUNT.fetch_add(1, Ordering::Relaxed))
}
