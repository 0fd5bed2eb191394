/** Loads the shipped model in a process of its own, and prints how long that took and what it added to the resident memory. */
import { loadShippedModel } from "../../src/embedding/static/shipped-model.ts";

const residentBefore = process.memoryUsage.rss();
const began = performance.now();
const model = await loadShippedModel();
const milliseconds = performance.now() - began;
const megabytes = (process.memoryUsage.rss() - residentBefore) / 1e6;
console.log(JSON.stringify({ name: model.name, milliseconds, megabytes }));
