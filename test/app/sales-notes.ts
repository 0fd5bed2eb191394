import type { MemoryInit } from "./tenants.ts";

const people = ["Sarah", "Miguel", "Priya", "Tom", "Aiko", "Lena", "Omar", "Grace", "Ivan", "Chloe"];
const companies = ["Northwind", "Acme", "Globex", "Initech", "Umbrella", "Stark", "Wayne", "Hooli"];
const features = [
  "voice agents",
  "lead scoring",
  "calendar sync",
  "call transcripts",
  "invoice reminders",
  "chat widget",
];
const sentences = [
  (who: string, where: string, what: string) =>
    `Pitched ${what} to ${who} at ${where}. Angle: fewer clicks for their staff.`,
  (who: string, where: string) => `${who} at ${where} prefers a call on Tuesday mornings over email.`,
  (who: string, where: string, what: string) =>
    `${who} said the price of ${what} is too high for ${where} this quarter.`,
  (who: string, where: string) => `Next step with ${where}: send the contract to ${who} and book a demo.`,
  (who: string, where: string, what: string) =>
    `${where} already uses a competitor for ${what}; ${who} renews in March.`,
  (who: string, where: string) => `The team of ${who} at ${where} grew to twelve people and moved office.`,
  (who: string, where: string, what: string) => `Follow-up with ${who} of ${where} about ${what} is due on Friday.`,
  (who: string, where: string) => `${who} asked whether ${where} can pay yearly, and what the return would be.`,
];

/** `count` plausible notes of a sales team, no two alike: what a search has to tell its target from. */
export function salesNotes(count: number): MemoryInit[] {
  return Array.from({ length: count }, (_, index) => {
    const who = people[index % people.length]!;
    const where = companies[Math.floor(index / people.length) % companies.length]!;
    const what = features[Math.floor(index / 7) % features.length]!;
    const sentence = sentences[index % sentences.length]!;
    return {
      kind: index % 3 === 0 ? "pitch" : "observation",
      subjectType: "contact",
      content: `${sentence(who, where, what)} Note ${index + 1}.`,
      metadata: { feature: what, position: index },
      tags: [`company:${where}`],
    };
  });
}
