import { expect } from "vitest";
import { errorLines, type ServedApp } from "../app/served-app.ts";
import { memoriesOf, type Workspace, writeMemory } from "../app/tenants.ts";

/** Every memory of the workspace, deleted and expired ones included. */
export async function allMemories(app: ServedApp, workspace: Workspace) {
  const { memories } = await memoriesOf(app, workspace).listMemories({
    pageSize: 100,
    showDeleted: true,
    showExpired: true,
  });
  return memories;
}

/** After all that a suite has sent: nothing is in the log as an error of ours, and a good call is answered. */
export async function expectStillStanding(app: ServedApp, workspace: Workspace): Promise<void> {
  expect(errorLines(app)).toEqual([]);
  const written = await writeMemory(memoriesOf(app, workspace));
  expect((await memoriesOf(app, workspace).getMemory({ memoryId: written.id })).memory).toEqual(written);
}
