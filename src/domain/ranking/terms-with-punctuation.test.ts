import { expect, it } from "vitest";
import { nameAlone, termsWithPunctuation } from "./terms-with-punctuation.ts";

it.each([
  ["Which C++ or C# compiler?", ["c++", "c#"]],
  ["(C++), C++; c++!", ["c++"]],
  ["runs on .NET.", [".net"]],
  ["--dry-run=client and -5 or +49", ["--dry-run=client", "-5", "+49"]],
  ["#1234, :8080: $HOME; ~/.ssh", ["#1234", ":8080", "$home", "~/.ssh"]],
  ["@scope/name and g++-12", ["@scope/name"]],
  ["R&D at AT&T, 50% off, 20€ or 30°", ["r&d", "at&t", "50%", "20€", "30°"]],
  ["../up ...and so on", ["../up"]],
  ["Größe/Breite", ["größe/breite"]],
])("names of %j", (query, names) => {
  expect(termsWithPunctuation(query)).toEqual(names);
});

it.each([
  ["what's a well-known follow-up, e.g. Mr. O'Neil's? - yes: 3.5, 1,000 or v1.2.3"],
  ["inv-20931 sarah@acme.com src/main.ts node.js a/b 10:30 user_id=42 https://example.com/x 10.0.0.1:80"],
  ["?!.,;:()[]{} -- ... & + # 😀 **bold** “quoted” a—b"],
])("has none in %j", (query) => {
  expect(termsWithPunctuation(query)).toEqual([]);
});

it("takes eight at most, none too long", () => {
  expect(termsWithPunctuation(Array.from({ length: 20 }, (_, i) => `#${i}`).join(" "))).toHaveLength(8);
  expect(termsWithPunctuation(`${"x".repeat(200)}+`)).toEqual([]);
});

it("knows a text that is one name", () => {
  expect(nameAlone("C++,")).toBe("c++");
  for (const text of ["C++ compiler", "C", "C++ C#", ""]) expect(nameAlone(text)).toBeNull();
});
