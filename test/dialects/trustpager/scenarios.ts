import type { Step } from "../transcript.ts";

// The placeholders of the documents, as fixed ids.
const AGENT = "a0000000-0000-4000-8000-000000000001";
const OTHER_AGENT = "a0000000-0000-4000-8000-000000000002";
const CONTACT = "c0000000-0000-4000-8000-000000000001";
const OTHER_CONTACT = "c0000000-0000-4000-8000-000000000002";
const OPPORTUNITY = "0b000000-0000-4000-8000-000000000001";
const EMAIL_LOG = "e0000000-0000-4000-8000-000000000001";
const ABSENT = "0195f000-0000-7000-8000-000000000000";

/** The write_memory call of the help center's NurtureAgent example. */
const pitch = {
  agent_registry_id: AGENT,
  subject_type: "contact",
  subject_id: CONTACT,
  kind: "pitch",
  key: "automated-follow-up-sequences",
  content:
    "Pitched automated follow-up sequences to Sarah. Angle: their team is stretched thin; sequences save 3 hours per week on manual follow-up.",
  metadata: {
    feature_pitched: "Automated follow-up sequences",
    pitch_angle: "saves 3 hours per week on manual follow-up",
    stated_need_addressed: "team stretched thin on manual follow-up",
    next_angles_to_try: [
      "ROI calculator — show dollar value of time saved",
      "Case study — similar business in their industry",
      "Free trial offer — remove the risk of committing",
    ],
  },
  linked_entities: [
    { type: "opportunity", id: OPPORTUNITY },
    { type: "email_log", id: EMAIL_LOG },
  ],
  tags: ["feature:follow_up_sequences", "angle:time_savings"],
  source_kind: "email_send",
  source_id: EMAIL_LOG,
};

const objection = {
  agent_registry_id: AGENT,
  subject_type: "contact",
  subject_id: OTHER_CONTACT,
  kind: "objection",
  content: "Mark finds the price too high for a team of three.",
  tags: ["objection:pricing", "competitor:Twilio", "feature:voice_agents"],
};

const note = { subject_type: "self", kind: "observation", content: "Replies come in before nine in the morning." };

const nurtureAgent: Step[] = [
  { shows: "The first write of a key is 201.", call: "POST ", body: pitch, save: "pitch" },
  { shows: "The same tuple again is 200 and the same id: the never-twice gate.", call: "POST ", body: pitch },
  {
    shows: "Another content under the same tuple updates the row.",
    call: "POST ",
    body: { ...pitch, content: `${pitch.content} Sent on Monday.` },
  },
  { shows: "A single memory is a bare object.", call: "GET /{pitch}" },
  {
    shows: "Every pitch made to a contact; its key is the article's slug.",
    call: `GET ?subject_type=contact&subject_id=${CONTACT}&kind=pitch`,
  },
  {
    shows: "A contact's id under another subject_type finds nothing.",
    call: `GET ?subject_type=opportunity&subject_id=${CONTACT}`,
  },
  { shows: "By tag, across subjects.", call: "GET ?tag=feature:follow_up_sequences" },
  { shows: "By linked entity.", call: `GET ?linked_entity_type=opportunity&linked_entity_id=${OPPORTUNITY}` },
  { shows: "By meaning.", call: "POST /search", body: { query: "stretched thin on follow-up" } },
  { shows: "By words that only the metadata has.", call: "POST /search", body: { query: "ROI calculator" } },
  { shows: "A delete is soft and answers the memory with deleted_at.", call: "DELETE /{pitch}" },
  { shows: "A soft-deleted memory is NOT_FOUND.", call: "GET /{pitch}" },
  { shows: "Nor is it listed.", call: `GET ?subject_type=contact&subject_id=${CONTACT}` },
  { shows: "Nor found.", call: "POST /search", body: { query: "stretched thin on follow-up" } },
  { shows: "The same key revives it: 200, the same id, deleted_at null.", call: "POST ", body: pitch },
  { shows: "Revived, it is read again.", call: "GET /{pitch}" },
];

const write: Step[] = [
  { shows: "The three required fields; all others take their defaults.", call: "POST ", body: note, save: "note" },
  { shows: "Without a key every write is a new row.", call: "POST ", body: note, save: "second_note" },
  {
    shows: "All fifteen fields.",
    call: "POST ",
    body: {
      ...pitch,
      visibility: "shared",
      confidence: 0.75,
      parent_memory_id: "{note}",
      expires_at: "2100-01-01T00:00:00Z",
    },
    save: "full",
  },
  {
    shows: "A write with a key replaces the whole memory: absent fields take their defaults.",
    call: "POST ",
    body: {
      agent_registry_id: AGENT,
      subject_type: "contact",
      subject_id: CONTACT,
      kind: "pitch",
      key: pitch.key,
      content: "Pitched.",
    },
  },
  {
    shows: "Another kind is another tuple.",
    call: "POST ",
    body: { ...pitch, kind: "next_steps" },
    save: "next_steps",
  },
  {
    shows: "lowerCamelCase is read, and snake_case answered.",
    call: "POST ",
    body: { ...note, subjectType: "campaign", subject_type: undefined },
    undocumented: true,
    save: "camel",
  },
  {
    shows: "null counts as absent.",
    call: "POST ",
    body: { ...note, subject_id: null, confidence: null, tags: null },
    save: "nulls",
  },
  ...(
    [
      ["no subject_type", { ...note, subject_type: undefined }],
      ["no kind", { ...note, kind: undefined }],
      ["no content", { ...note, content: undefined }],
      ["blank content", { ...note, content: " \n\t" }],
      ["content over 50,000 characters", { ...note, content: "x".repeat(50_001) }],
      ["an unknown field", { ...note, title: "A title" }],
      ["a number as content", { ...note, content: 1 }],
      ["a subject_id that is no UUID", { ...note, subject_id: "sarah" }],
      ["an agent_registry_id that is no UUID", { ...note, agent_registry_id: "nurture-agent" }],
      ["a source_id that is no UUID", { ...note, source_id: "42" }],
      ["another visibility", { ...note, visibility: "public" }],
      ["a list as metadata", { ...note, metadata: ["a"] }],
      ["a linked entity without an id", { ...note, linked_entities: [{ type: "opportunity" }] }],
      ["an empty tag", { ...note, tags: ["a", ""] }],
      ["a confidence of 1.1", { ...note, confidence: 1.1 }],
      ["an expires_at in the past", { ...note, expires_at: "2020-01-01T00:00:00Z" }],
      ["an expires_at that is no time", { ...note, expires_at: "tomorrow" }],
      ["an expires_at on a day that does not exist", { ...note, expires_at: "2100-02-30T00:00:00Z" }],
      ["a NUL character", { ...note, content: "a\0b" }],
    ] as const
  ).map(([what, body]): Step => ({ shows: `Refused: ${what}.`, call: "POST ", body })),
  { shows: "Refused: a query parameter beside the body.", call: "POST ?kind=pitch", body: note },
  { shows: "None of the refused writes has left anything.", call: "GET ?subject_type=self&kind=observation" },
];

const list: Step[] = [
  { shows: "Something to list.", call: "POST ", body: { ...note, content: "One." }, save: "one" },
  { shows: "Something to list.", call: "POST ", body: { ...objection, content: "Two." }, save: "two" },
  {
    shows: "Something to list.",
    call: "POST ",
    body: { ...pitch, content: "Three.", visibility: "shared" },
    save: "three",
  },
  { shows: "Newest first.", call: "GET " },
  { shows: "A page.", call: "GET ?limit=2" },
  { shows: "The next page begins after the last item seen.", call: "GET ?limit=2&after={two}" },
  { shows: "The item that a cursor names may be gone.", call: "DELETE /{two}" },
  { shows: "The cursor holds all the same.", call: "GET ?after={two}" },
  { shows: "Any of several tags.", call: "GET ?tag=angle:time_savings&tag=objection:pricing" },
  { shows: "By agent.", call: `GET ?agent_registry_id=${AGENT}` },
  { shows: "By visibility.", call: "GET ?visibility=shared" },
  { shows: "Created after an instant that is still to come.", call: "GET ?since=2100-01-01T00:00:00Z" },
  {
    shows: "Created after an instant that is past, with an offset.",
    call: "GET ?since=2020-01-01T02:00:00%2B02:00&kind=observation",
  },
  { shows: "A subject of which nothing is known.", call: `GET ?subject_type=contact&subject_id=${OTHER_CONTACT}` },
  ...[
    "limit=0",
    "limit=101",
    "limit=many",
    "limit=5&limit=6",
    "linked_entity_type=opportunity",
    `linked_entity_id=${OPPORTUNITY}`,
    "after=nothing",
    "subject_id=sarah",
    "visibility=public",
    "since=yesterday",
    "kind=",
    "colour=red",
    "kind=%ff",
  ].map((query): Step => ({ shows: `Refused: ${query}.`, call: `GET ?${query}` })),
];

const update: Step[] = [
  {
    shows: "Something to change.",
    call: "POST ",
    body: { ...pitch, expires_at: "2100-01-01T00:00:00Z" },
    save: "pitch",
  },
  { shows: "One field; the others stay.", call: "PATCH /{pitch}", body: { content: "Pitched, and she liked it." } },
  {
    shows: "All seven.",
    call: "PATCH /{pitch}",
    body: {
      content: "Pitched again.",
      metadata: { round: 2 },
      tags: ["round:2"],
      linked_entities: [{ type: "campaign", id: "spring" }],
      confidence: 0.5,
      expires_at: "2101-01-01T00:00:00Z",
      visibility: "shared",
    },
  },
  {
    shows: "[] and null clear.",
    call: "PATCH /{pitch}",
    body: { tags: [], linked_entities: [], metadata: null, confidence: null, expires_at: null, visibility: null },
  },
  { shows: "The same again changes nothing.", call: "PATCH /{pitch}", body: { tags: [] } },
  ...[
    "subject_type",
    "subject_id",
    "kind",
    "key",
    "agent_registry_id",
    "source_kind",
    "source_id",
    "parent_memory_id",
    "id",
    "colour",
  ].map(
    (field): Step => ({ shows: `Refused: ${field}.`, call: "PATCH /{pitch}", body: { content: "x", [field]: ABSENT } }),
  ),
  { shows: "Refused: no field.", call: "PATCH /{pitch}", body: {} },
  { shows: "Refused: no body.", call: "PATCH /{pitch}" },
  { shows: "Refused: blank content.", call: "PATCH /{pitch}", body: { content: "  " } },
  { shows: "Refused: content that is null.", call: "PATCH /{pitch}", body: { content: null } },
  { shows: "Refused: a confidence of -1.", call: "PATCH /{pitch}", body: { confidence: -1 } },
  { shows: "None of the refused updates has changed anything.", call: "GET /{pitch}" },
  { shows: "A past expires_at means now.", call: "PATCH /{pitch}", body: { expires_at: "2020-01-01T00:00:00Z" } },
  { shows: "Expired, it is gone.", call: "GET /{pitch}" },
  { shows: "An expired memory is not changed.", call: "PATCH /{pitch}", body: { content: "x" } },
  { shows: "A write of its key revives it.", call: "POST ", body: pitch },
  { shows: "An unknown memory is not changed.", call: `PATCH /${ABSENT}`, body: { content: "x" } },
];

const search: Step[] = [
  { shows: "Something to find.", call: "POST ", body: pitch, save: "pitch" },
  { shows: "Something to find.", call: "POST ", body: objection, save: "objection" },
  { shows: "Something to find.", call: "POST ", body: { ...note, visibility: "shared" }, save: "note" },
  { shows: "Best first, each with its similarity.", call: "POST /search", body: { query: "price too high", limit: 1 } },
  {
    shows: "Within a subject.",
    call: "POST /search",
    body: { query: "team", subject_type: "contact", subject_id: CONTACT },
  },
  { shows: "Within a kind.", call: "POST /search", body: { query: "team", kind: "objection" } },
  { shows: "Within an agent's.", call: "POST /search", body: { query: "replies", agent_registry_id: OTHER_AGENT } },
  {
    shows: "Within a visibility.",
    call: "POST /search",
    body: { query: "replies in the morning", visibility: "shared" },
  },
  {
    shows: "A floor that nothing reaches, words shared or not.",
    call: "POST /search",
    body: { query: "price too high", threshold: 1 },
  },
  { shows: "No floor.", call: "POST /search", body: { query: "price too high", threshold: 0, kind: "objection" } },
  { shows: "Nothing near.", call: "POST /search", body: { query: "zzyzx qwpgh", threshold: 0.9 } },
  ...(
    [
      ["no query", {}],
      ["a blank query", { query: " " }],
      ["a limit of 51", { query: "x", limit: 51 }],
      ["a limit of 0", { query: "x", limit: 0 }],
      ["a threshold of 1.1", { query: "x", threshold: 1.1 }],
      ["a tag, which search does not know", { query: "x", tag: "a" }],
      ["a subject_id that is no UUID", { query: "x", subject_id: "sarah" }],
    ] as const
  ).map(([what, body]): Step => ({ shows: `Refused: ${what}.`, call: "POST /search", body })),
];

const access: Step[] = [
  { shows: "An agent's own memory, private by default.", call: "POST ", body: pitch, save: "private" },
  {
    shows: "Another of its memories, shared.",
    call: "POST ",
    body: { ...objection, visibility: "shared" },
    save: "shared",
  },
  { shows: "Another agent does not read the private one.", as: "other_agent", call: "GET /{private}" },
  { shows: "It reads the shared one.", as: "other_agent", call: "GET /{shared}" },
  { shows: "It lists the shared one alone.", as: "other_agent", call: "GET " },
  { shows: "It finds the shared one alone.", as: "other_agent", call: "POST /search", body: { query: "team" } },
  { shows: "It does not change the shared one.", as: "other_agent", call: "PATCH /{shared}", body: { content: "x" } },
  { shows: "Nor delete it.", as: "other_agent", call: "DELETE /{shared}" },
  { shows: "It does not write as the first agent.", as: "other_agent", call: "POST ", body: pitch },
  { shows: "Another workspace sees none.", as: "other_workspace", call: "GET /{shared}" },
  { shows: "Nor lists any.", as: "other_workspace", call: "GET " },
  { shows: "memory:read does not write.", as: "reader", call: "POST ", body: note },
  { shows: "It reads.", as: "reader", call: "GET /{shared}" },
  { shows: "memory:write does not read.", as: "writer", call: "GET /{shared}" },
  { shows: "It does not search.", as: "writer", call: "POST /search", body: { query: "team" } },
  { shows: "It writes.", as: "writer", call: "POST ", body: note, save: "note" },
  { shows: "No key.", as: "nobody", call: "GET /{shared}" },
  {
    shows: "A key that is none.",
    as: "nobody",
    call: "GET /{shared}",
    headers: { authorization: "Bearer cairn_nonsense" },
  },
  { shows: "An agent deletes what is its own.", call: "DELETE /{private}" },
  { shows: "What is deleted is not deleted again.", call: "DELETE /{private}" },
];

const errors: Step[] = [
  { shows: "An unknown memory.", call: `GET /${ABSENT}` },
  { shows: "An id that is no UUID.", call: "GET /nothing" },
  { shows: "A delete of an id that is no UUID.", call: "DELETE /nothing" },
  { shows: "A path that is none.", call: `GET /${ABSENT}/revisions` },
  { shows: "A method that the path lacks.", call: "PUT ", body: note },
  { shows: "A method that a memory lacks.", call: `POST /${ABSENT}`, body: note },
  { shows: "A delete with a body.", call: `DELETE /${ABSENT}`, body: { reason: "x" } },
  { shows: "JSON of the wrong kind.", call: "POST ", body: [note] },
  { shows: "A form.", call: "POST ", body: note, headers: { "content-type": "application/x-www-form-urlencoded" } },
];

/** Every documented example, and what bad input gets, by the name of its golden file. */
export const scenarios: Readonly<Record<string, readonly Step[]>> = {
  "nurture-agent": nurtureAgent,
  write,
  list,
  update,
  search,
  access,
  errors,
};

/** The agents that the scenarios speak for. */
export const agents = { agent: AGENT, other_agent: OTHER_AGENT };
