// Claims about how prose is measured: what counts as a sentence, as a word, and as a forbidden word. At the end, what
// docs/style.md promises of the pages.

import { describe, expect, it } from "@jest/globals";
import { commentWords, commentWordsOf, docsSentences, docsWords, measure, sentencesOf, wordsOf } from "./prose.ts";

const wordsIn = (text: string) => sentencesOf("page.md", text).map(({ words }) => words);

describe("sentences", () => {
  it("end at a full stop and not inside code, an abbreviation or a number", () => {
    expect(wordsIn("One two. Three `a. B` five, e.g. Six 1.5 s. Seven!")).toEqual([2, 7, 1]);
  });

  it("run over lines and begin on the line of their first word", () => {
    const found = sentencesOf("page.md", "# Title\n\nOne two\nthree. Four\nfive.\n\n- Six.\n");
    expect(found.map(({ line, words }) => [line, words])).toEqual([
      [3, 3],
      [4, 2],
      [7, 1],
    ]);
  });

  it("are not looked for in headings, code, tables and comments", () => {
    expect(wordsIn("# A b\n\n```text\nC d.\n```\n\n    e f\n\n| g h. | i. |\n\n<!-- J k. -->\n")).toEqual([]);
  });

  it("count the text of a link and not its address", () => {
    expect(wordsIn("See [the page](docs/a-page.md).")).toEqual([3]);
  });
});

describe("a measure", () => {
  it("names median, p90 and the longest", () => {
    const text = Array.from({ length: 10 }, (_, at) => `${"word ".repeat(at + 1).trim()}.`).join("\n\n");
    const { median, p90, longest } = measure(sentencesOf("page.md", text.replaceAll("word ", "Word ")));
    expect([median, p90, longest[0]?.words]).toEqual([5, 9, 10]);
  });
});

describe("forbidden words", () => {
  it("are found in pages, but not in quoted code", () => {
    const text = `Line one.\n${"Who"}ever reads \`${"who"}ever\`.`;
    expect(wordsOf("page.md", text)).toEqual([{ file: "page.md", line: 2, word: "whoever" }]);
  });

  it("are found in comments, but not in code", () => {
    const source = `const word = "${"no"}body";\n// For ${"no"}body.\n`;
    expect(commentWordsOf("file.ts", source).map(({ line }) => line)).toEqual([2]);
  });
});

describe("the pages", () => {
  const { sentences, median, p90 } = measure(docsSentences());

  it("have short sentences (npm run prose)", () => {
    expect(sentences).toBeGreaterThan(500);
    expect(median).toBeLessThanOrEqual(15);
    expect(p90).toBeLessThanOrEqual(30);
  });

  it("and comments use no forbidden word", () => {
    const found = [...docsWords(), ...commentWords()];
    expect(found.map(({ file, line, word }) => `${file}:${line}: ${word}`)).toEqual([]);
  });
});
