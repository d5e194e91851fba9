// Wraps comments at the width of the code, which oxfmt leaves alone. A comment with a line that is too wide is filled
// again as a whole; every other comment stays as it is. `--check` writes nothing and fails where something would
// change.

import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
export const widthMax = 120;

const patterns = [
  "*.{ts,jsonc}",
  ".dependency-cruiser.cjs",
  "{harness,images,suites,tools}/**/*.{ts,sh,yaml}",
  "fixtures/**/*.{ts,yaml}",
  ".github/**/*.yml",
  "triad",
  ".ci/run",
  "images/node/rootfs/**/*",
];
const skipped = /(?:^|\/)(?:node_modules|gen|planted)(?:\/|$)/;
/** Read by a tool, so never joined with another line. */
const directive = /^(?:oxlint|eslint|@ts-|@vitest|prettier|#__|!|yaml-language-server|shellcheck)/;
/** Begins a paragraph of its own. */
const opening = /^(?:@\w+|[-*]\s|\d+\.\s)/;

interface Run {
  from: number;
  to: number;
  lines: string[];
}

/** The text with every comment that is too wide filled again. */
export function wrapComments(text: string, marker: "//" | "#"): string {
  const lines = text.split("\n");
  const runs = [...lineRuns(lines, marker), ...(marker === "//" ? blockRuns(lines) : [])];
  for (const { from, to, lines: filled } of runs.sort((a, b) => b.from - a.from)) {
    lines.splice(from, to - from, ...filled);
  }
  return lines.join("\n");
}

function lineRuns(lines: readonly string[], marker: string): Run[] {
  const shape = new RegExp(`^(\\s*)${marker}(?: (.*))?$`);
  const parts = lines.map((line) => {
    const match = shape.exec(line);
    return match === null || directive.test(match[2] ?? "")
      ? undefined
      : { indent: match[1] ?? "", text: match[2] ?? "" };
  });
  const runs: Run[] = [];
  for (let from = 0; from < lines.length; from++) {
    const indent = parts[from]?.indent;
    if (indent === undefined) continue;
    let to = from;
    while (parts[to]?.indent === indent) to++;
    const prefix = `${indent}${marker} `;
    if (isTooWide(lines, from, to)) {
      const texts = parts.slice(from, to).map((part) => part?.text ?? "");
      runs.push({ from, to, lines: fill(texts, prefix).map((line) => line.trimEnd()) });
    }
    from = to - 1;
  }
  return runs;
}

function blockRuns(lines: readonly string[]): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < lines.length; from++) {
    const open = /^(\s*)\/\*\*? ?/.exec(lines[from] ?? "");
    if (open === null) continue;
    let to = from;
    while (to < lines.length && !lines[to]?.includes("*/")) to++;
    to++;
    const isWhole = /\*\/\s*$/.test(lines[to - 1] ?? "");
    if (isWhole && isTooWide(lines, from, to)) {
      const texts = lines
        .slice(from, to)
        .map((line) => line.replace(/\s*\*\/\s*$/, ""))
        .map((line, at) => (at === 0 ? line.replace(/^\s*\/\*\*? ?/, "") : line.replace(/^\s*\*? ?/, "")));
      const isBare = (text: string | undefined) => text?.trim() === "";
      const inner = texts.slice(isBare(texts[0]) ? 1 : 0, texts.length > 1 && isBare(texts.at(-1)) ? -1 : undefined);
      const indent = open[1] ?? "";
      const mark = lines[from]?.includes("/**") ? "/**" : "/*";
      const body = fill(inner, `${indent} * `).map((line) => line.trimEnd());
      runs.push({ from, to, lines: [`${indent}${mark}`, ...body, `${indent} */`] });
    }
    from = to - 1;
  }
  return runs;
}

function isTooWide(lines: readonly string[], from: number, to: number): boolean {
  return lines.slice(from, to).some((line) => line.length > widthMax);
}

/** Paragraph by paragraph. An indented line is a picture or code and stays as it is. */
function fill(texts: readonly string[], prefix: string): string[] {
  const filled: string[] = [];
  let words: string[] = [];
  const close = () => {
    let line = prefix;
    for (const word of words) {
      const isFirst = line === prefix;
      if (!isFirst && line.length + 1 + word.length > widthMax) {
        filled.push(line);
        line = prefix + word;
      } else line += isFirst ? word : ` ${word}`;
    }
    if (words.length > 0) filled.push(line);
    words = [];
  };
  for (const text of texts) {
    const isVerbatim = text.trim() === "" || /^ {2}/.test(text);
    if (isVerbatim || opening.test(text)) close();
    if (isVerbatim) filled.push(prefix + text);
    else words.push(...text.trim().split(/ +/));
  }
  close();
  return filled;
}

/** Files whose comments would change, written unless `isCheck`. */
export function wrapFiles(isCheck: boolean): string[] {
  const files = globSync(patterns, { cwd: root, withFileTypes: true, exclude: (entry) => skipped.test(entry.name) })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !skipped.test(file.slice(root.length)));
  return files.filter((file) => {
    const text = readFileSync(file, "utf8");
    const wrapped = wrapComments(text, /\.(?:ts|cjs|jsonc)$/.test(file) ? "//" : "#");
    if (wrapped !== text && !isCheck) writeFileSync(file, wrapped);
    return wrapped !== text;
  });
}

if (import.meta.main) {
  const isCheck = process.argv.includes("--check");
  const changed = wrapFiles(isCheck).map((file) => file.slice(root.length + 1));
  for (const file of changed)
    process.stdout.write(`${isCheck ? "comment wider than 120 columns" : "wrapped"}: ${file}\n`);
  process.exitCode = isCheck && changed.length > 0 ? 1 : 0;
}
