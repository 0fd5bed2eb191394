import { randomUUID } from "node:crypto";
import type { MemoryInit } from "./tenants.ts";

const content =
  "Pitched automated follow-up sequences to Sarah. Angle: their team is stretched thin; sequences save 3 hours per week on manual follow-up.";

const metadata = {
  feature_pitched: "Automated follow-up sequences",
  pitch_angle: "saves 3 hours per week on manual follow-up",
  stated_need_addressed: "team stretched thin on manual follow-up",
  next_angles_to_try: [
    "ROI calculator — show dollar value of time saved",
    "Case study — similar business in their industry",
    "Free trial offer — remove the risk of committing",
  ],
};

const tags = ["feature:follow_up_sequences", "angle:time_savings"];

/** The ids of one contact, the agent that pitches to it and the mail that it sent. */
export interface Pitch {
  readonly agentId: string;
  readonly contactId: string;
  readonly opportunityId: string;
  readonly emailLogId: string;
}

export function newPitch(agentId: string = randomUUID()): Pitch {
  return { agentId, contactId: randomUUID(), opportunityId: randomUUID(), emailLogId: randomUUID() };
}

/** TrustPager's documented example of a write, as a native memory. */
export function pitchMemory(pitch: Pitch) {
  return {
    agentId: pitch.agentId,
    subjectType: "contact",
    subjectId: pitch.contactId,
    kind: "pitch",
    key: "automated-follow-up-sequences",
    content,
    metadata,
    linkedEntities: [
      { type: "opportunity", id: pitch.opportunityId },
      { type: "email_log", id: pitch.emailLogId },
    ],
    tags,
    sourceKind: "email_send",
    sourceId: pitch.emailLogId,
  } satisfies MemoryInit;
}

/** The same as the body of `POST /api/v1/memories`. */
export function nativePitchBody(pitch: Pitch) {
  const { agentId, subjectType, subjectId, linkedEntities, sourceKind, sourceId, ...same } = pitchMemory(pitch);
  return {
    ...same,
    agent_id: agentId,
    subject_type: subjectType,
    subject_id: subjectId,
    linked_entities: linkedEntities,
    source_kind: sourceKind,
    source_id: sourceId,
  };
}

/** The same as the body of `POST /v1/memory`. */
export function trustpagerPitchBody(pitch: Pitch) {
  const { agent_id, ...same } = nativePitchBody(pitch);
  return { ...same, agent_registry_id: agent_id };
}
