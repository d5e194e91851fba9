// The house rules, as claims about the files in this tree. docs/style.md gives the reasons; what a linter can say is
// in .oxlintrc.json and not here.

import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { errorCodes } from "#base/errors.ts";
import { generatedPages } from "../tools/generate-docs.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const skipped = /^(?:node_modules|\.git|\.triad|evidence)(?:\/|$)|\/gen\//;
const glob = (...patterns: string[]) =>
  globSync(patterns, { cwd: root, exclude: (path) => skipped.test(path) }).filter((path) => !skipped.test(path));

const sources = glob("{harness,images,suites,tools}/**/*.ts");
const pages = glob("*.md", "{harness,images,suites,docs,fixtures,tools,.github}/**/*.md");
const scripts = glob("triad", ".ci/run", "{harness,images}/**/*.sh", "images/**/rootfs/**/{notify,run,up,*-check}");
const texts = [...sources, ...pages, ...scripts, ...glob("*.json", "*.cjs", ".github/**/*.yml")];
/** Files whose `text` breaks a rule, with the first line that does. */
function offenders(files: string[], rule: RegExp): string[] {
  return files.flatMap((file) => {
    const lines = read(file).split("\n");
    const at = lines.findIndex((line) => rule.test(line));
    return at < 0 ? [] : [`${file}:${at + 1}: ${lines[at]?.trim()}`];
  });
}

// Written in halves, so that this file does not break its own rules.
const word = (...halves: string[]) => halves.join("");

describe("files", () => {
  it("are found at all", () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(pages.length).toBeGreaterThan(3);
    expect(scripts).toEqual(expect.arrayContaining(["triad", ".ci/run"]));
  });

  it("open with a comment that says what they are", () => {
    const bare = sources.filter((file) => !/^(?:#!.*\n)?\/\/ \S.{15,}/.test(read(file)));
    expect(bare).toEqual([]);
  });

  it("are named for what is in them", () => {
    const vague = /(?:^|-)(?:utils?|helpers?|misc|manager|common|stuff)(?:[-.]|$)/;
    expect(sources.filter((file) => vague.test(basename(file)))).toEqual([]);
  });

  it("have at most 400 lines", () => {
    const long = texts.filter((file) => file !== "package-lock.json" && read(file).split("\n").length > 401);
    expect(long).toEqual([]);
  });

  it("leave no note to be done later", () => {
    expect(
      offenders(texts, new RegExp(`\\b(?:${word("TO", "DO")}|${word("FIX", "ME")}|${word("XX", "X")})\\b`)),
    ).toEqual([]);
  });

  it("name no path and no registry of the machine they were written on", () => {
    const places = [word("/wo", "rk/"), word("(?<![\\w}])/ro", "ot/"), word("/tmp/sp", "ike"), word("/home/", "[a-z]")];
    expect(offenders(texts, new RegExp(places.join("|")))).toEqual([]);
    const lock = [...read("package-lock.json").matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map((match) => match[1]);
    expect([...new Set(lock)].filter((host) => host !== "registry.npmjs.org")).toEqual([]);
  });
});

describe("tests", () => {
  const tests = sources.filter((file) => file.endsWith(".test.ts"));

  it("are not skipped, focused, retried or empty of meaning", () => {
    const hollow = ["\\.(?:sk", "ip|to", "do|on", "ly)\\b|\\bx(?:it|describe)\\(|expect\\(tr", "ue\\)|retry", "Times"];
    expect(offenders(tests, new RegExp(word(...hollow)))).toEqual([]);
  });
});

describe("time and chance in the harness", () => {
  it("come from base, also where a linter cannot see it", () => {
    const outside = sources.filter((file) => file.startsWith("harness/") && !file.startsWith("harness/base/"));
    // A date made from a given stamp is data; a date made from nothing reads the clock.
    expect(offenders(outside, /\bnew Date\(\)|\brandomUUID\(|\brandomInt\(|(?:^|[^.\w])Date\(\)/)).toEqual([]);
  });
});

describe("pages", () => {
  it.each(pages)("%s has one title, on its first line", (page) => {
    const isFenced = (lines: string[], at: number) =>
      lines.slice(0, at).filter((line) => line.startsWith("```")).length % 2 === 1;
    const lines = read(page).split("\n");
    const titles = lines
      .map((line, at) => (line.startsWith("# ") && !isFenced(lines, at) ? at : -1))
      .filter((at) => at >= 0);
    expect(titles).toEqual([0]);
  });

  it("link to files that exist", () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map((match) => join(page, "..", match[1] ?? ""))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${page} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it.each(generatedPages())("$path is fresh (npm run docs)", ({ path, text }) => {
    expect(read(path)).toBe(text);
  });

  it("name every folder of the harness in its reading order", () => {
    const folders = readdirSync(join(root, "harness"), { withFileTypes: true }).filter((one) => one.isDirectory());
    const rows = [...read("harness/README.md").matchAll(/^\| `([a-z]+)\/` \|/gm)].map((match) => match[1] ?? "");
    expect(rows.sort()).toEqual(folders.map((one) => one.name).sort());
  });
});

describe("the launcher", () => {
  it("speaks only codes of the table", () => {
    const spoken = [...read("triad").matchAll(/\bfail (launcher\/[a-z-]+)/g)].map((match) => match[1] ?? "");
    expect(new Set(spoken)).toEqual(new Set(Object.keys(errorCodes).filter((code) => code.startsWith("launcher/"))));
  });
});
