// `npm run prose`: measures the prose that a person reads: words a sentence in the pages, and words that docs/style.md
// rules out in pages and comments. Code blocks, headings, tables and HTML comments have no sentences and are left out.

import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

export interface Sentence {
  file: string;
  line: number;
  words: number;
  text: string;
}

export interface Measure {
  sentences: number;
  median: number;
  p90: number;
  longest: Sentence[];
}

export interface WordUse {
  file: string;
  line: number;
  word: string;
}

/** House style rules these out: a reader has to read them twice. */
const riddles = [
  "whoever",
  "nobody",
  "anybody",
  "anew",
  "besides",
  "meanwhile",
  "thereof",
  "therein",
  "hereby",
  "what came of",
  "is told",
  "are told",
  "the word of",
];

/** Names that the field does not use, with the word that it does use. */
const fieldWords: Record<string, string> = {
  errand: "server query",
  census: "id audit",
  "seeded zone": "mutant",
  "seeded fault": "mutant",
  "seeded wrong zone": "mutant",
  "obliged wait": "minimum duration",
  "obliged waits": "minimum duration",
  stranger: "untrusted client, or rogue server",
  strangers: "untrusted clients, or rogue servers",
};

const forbidden = new RegExp(`\\b(?:${[...riddles, ...Object.keys(fieldWords)].join("|")})\\b`, "gi");

export const proseFiles = (): string[] => found("{README,CONTRIBUTING}.md", "docs/**/*.md");
const commentedFiles = () =>
  found("{harness,images,suites,tools,fixtures/corpus}/**/*.ts", "triad", ".ci/run", "images/**/*.sh");

function found(...patterns: string[]): string[] {
  const isOurs = (path: string) => !/(?:^|\/)(?:node_modules|gen)(?:\/|$)/.test(path);
  return globSync(patterns, { cwd: root, exclude: (path) => !isOurs(path) })
    .filter(isOurs)
    .sort();
}

/** The sentences of one page, each with the line on which it begins. */
export function sentencesOf(file: string, markdown: string): Sentence[] {
  return blocksOf(markdown).flatMap((block) => splitBlock(file, block));
}

type Block = { line: number; text: string }[];

const skip = /^(?:#|\||<!--|!\[|\s*$| {4})/;
const item = /^\s*(?:[-*]|\d+\.)\s/;

/** Runs of text lines: a paragraph or a list item. */
function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: Block = [];
  let isFenced = false;
  const close = () => {
    if (open.length > 0) blocks.push(open);
    open = [];
  };
  for (const [at, raw] of markdown.split("\n").entries()) {
    const isFence = raw.trimStart().startsWith("```");
    if (isFence) isFenced = !isFenced;
    if (isFence || isFenced || (skip.test(raw) && !item.test(raw))) {
      close();
      continue;
    }
    if (item.test(raw)) close();
    open.push({ line: at + 1, text: raw.replace(item, "").trim() });
  }
  close();
  return blocks;
}

/** A sentence may begin with a program's name, which stays in lower case. */
const ending = /[.!?][)"*_]*(?=\s+(?:["(*_`[]|[A-Z0-9]|(?:triad|keepalived|nats-server)\b)|\s*$)/g;
/** A full stop after these does not end a sentence. */
const abbreviation = /\b(?:e\.g|i\.e|vs|etc|cf)\.$/;

function splitBlock(file: string, block: Block): Sentence[] {
  const plain = block.map(({ line, text }) => ({ line, text: text.replace(/\]\([^)]*\)/g, "]") }));
  const text = plain.map((part) => part.text).join(" ");
  // Code is one word, and a full stop inside it ends nothing.
  const shaped = text.replace(/`[^`]*`/g, (code) => "X".repeat(code.length));
  const lineAt = (offset: number) => {
    let passed = 0;
    for (const part of plain) {
      passed += part.text.length + 1;
      if (offset < passed) return part.line;
    }
    return plain.at(-1)?.line ?? 0;
  };
  const sentences: Sentence[] = [];
  let from = 0;
  const take = (to: number) => {
    const words = (shaped.slice(from, to).match(/[\p{L}\p{N}][^\s]*/gu) ?? []).length;
    if (words > 0) sentences.push({ file, line: lineAt(from), words, text: text.slice(from, to).trim() });
    from = to + 1;
  };
  for (const match of shaped.matchAll(ending)) {
    const to = match.index + match[0].length;
    if (!abbreviation.test(shaped.slice(0, match.index + 1))) take(to);
  }
  if (from < text.length) take(text.length);
  return sentences;
}

export function measure(sentences: readonly Sentence[]): Measure {
  const sorted = [...sentences].sort((a, b) => a.words - b.words);
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]?.words ?? 0;
  return { sentences: sorted.length, median: rank(0.5), p90: rank(0.9), longest: sorted.slice(-10).reverse() };
}

/** Forbidden words of a page; code is left out, so that a page may quote them. */
export function wordsOf(file: string, text: string): WordUse[] {
  let isFenced = false;
  return text.split("\n").flatMap((line, at) => {
    if (line.trimStart().startsWith("```")) isFenced = !isFenced;
    if (isFenced) return [];
    const plain = line.replace(/`[^`]*`/g, "");
    return [...plain.matchAll(forbidden)].map(([word]) => ({ file, line: at + 1, word: word.toLowerCase() }));
  });
}

const comment = /(?:^|\s)(?:\/\/|\/?\*|#)\s.*$/;

/** Forbidden words in the comments of a source. A string that looks like a comment counts as one. */
export function commentWordsOf(file: string, text: string): WordUse[] {
  const comments = text.split("\n").map((line) => comment.exec(line)?.[0] ?? "");
  return wordsOf(file, comments.join("\n"));
}

export function docsSentences(): Sentence[] {
  return proseFiles().flatMap((file) => sentencesOf(file, read(file)));
}

/** The catalogue is left out: it quotes the pattern word for word. */
export function docsWords(): WordUse[] {
  return proseFiles()
    .filter((file) => file !== "docs/catalogue.md")
    .flatMap((file) => wordsOf(file, read(file)));
}

export function commentWords(): WordUse[] {
  return commentedFiles().flatMap((file) => commentWordsOf(file, read(file)));
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printMeasure(title: string, { sentences, median, p90, longest }: Measure): void {
  print(`${title}: ${sentences} sentences, median ${median} words, p90 ${p90}`);
  for (const { file, line, words, text } of longest) {
    print(`  ${String(words).padStart(3)}  ${file}:${line}  ${text.slice(0, 70)}`);
  }
}

function printWords(title: string, uses: WordUse[]): void {
  const perWord = [...Map.groupBy(uses, ({ word }) => word)].map(([word, of]) => `${word} ${of.length}`);
  print(`\n${title}: ${uses.length} forbidden words${uses.length > 0 ? ` (${perWord.join(", ")})` : ""}`);
  for (const { file, line, word } of uses) {
    const field = fieldWords[word];
    print(`  ${file}:${line}  ${word}${field === undefined ? "" : ` -> ${field}`}`);
  }
}

if (import.meta.main) {
  const sentences = docsSentences();
  printMeasure("docs", measure(sentences));
  print("");
  for (const [file, of] of Map.groupBy(sentences, (one) => one.file)) {
    const { median, p90 } = measure(of);
    print(`  ${file.padEnd(40)} ${String(of.length).padStart(4)} sentences, median ${median}, p90 ${p90}`);
  }
  printWords("docs", docsWords());
  printWords("comments", commentWords());
}
