// Claims about the comment wrapper: it fills what is too wide, and changes nothing else.

import { describe, expect, it } from "@jest/globals";
import { join, relative } from "node:path";
import { widthMax, wrapComments, wrapFiles } from "./wrap-comments.ts";

const root = join(import.meta.dirname, "..");
const words = (count: number) => Array.from({ length: count }, (_, at) => `word${at}`).join(" ");
const wrap = (text: string) => wrapComments(text, "//").split("\n");

describe("a comment that is too wide", () => {
  it("is filled as a whole, with its indent", () => {
    const wrapped = wrap(`  // ${words(30)}\n  // end\n  code();`);
    expect(Math.max(...wrapped.map((line) => line.length))).toBeLessThanOrEqual(widthMax);
    expect(wrapped.every((line) => /^ {2}(?:\/\/ |code)/.test(line))).toBe(true);
    expect(wrapped.at(-2)).toMatch(/ end$/);
  });

  it("becomes a block when it stood on one line", () => {
    const wrapped = wrap(`/** ${words(30)} */`);
    expect([wrapped[0], wrapped.at(-1)]).toEqual(["/**", " */"]);
    expect(wrapped.slice(1, -1).every((line) => line.startsWith(" * word"))).toBe(true);
  });

  it("keeps its tags, list items and pictures on lines of their own", () => {
    const lines = ["/**", ` * ${words(30)}`, " *   a -> b", " * - item", " * @throws never", " */"];
    expect(wrap(lines.join("\n")).slice(-4)).toEqual(lines.slice(-4));
  });

  it("stays as it is once it was wrapped", () => {
    const once = wrapComments(`// ${words(60)}\n\n/** ${words(60)} */`, "//");
    expect(wrapComments(once, "//")).toBe(once);
  });
});

it("leaves narrow comments, directives and code alone", () => {
  const text = `// a\n// b\n// oxlint-disable-next-line x -- ${words(30)}\nconst a = "${words(30)}";`;
  expect(wrapComments(text, "//")).toBe(text);
});

it("finds no comment of this tree too wide (npm run format)", () => {
  expect(wrapFiles(true).map((file) => relative(root, file))).toEqual([]);
});
