import type { ClientLanguage } from "./client-language.ts";
import { browser } from "./languages/browser.ts";
import { go } from "./languages/go.ts";
import { java } from "./languages/java.ts";
import { python } from "./languages/python.ts";
import { rust } from "./languages/rust.ts";
import { typescript } from "./languages/typescript.ts";

/** Every client that plays the scenario; CI plays them all. */
export const languages: readonly ClientLanguage[] = [typescript, go, browser, rust, java, python];
