import type { ClientLanguage } from "./client-language.ts";

/** Every client that plays the scenario; CI plays them all. */
export const languages: readonly ClientLanguage[] = [];
