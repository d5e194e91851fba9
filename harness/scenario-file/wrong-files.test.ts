// The incidents of this repository, each made wrong in one line: every such file is refused, and the line is named.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import { parseScenario } from "./parse-scenario.ts";

/** A way to make a line wrong; the line as it was when the way does not apply to it. */
const ways: Readonly<Record<string, (line: string) => string>> = {
  "an unknown node": (line) => line.replace(/node: (?:alpha|beta|gamma)/, "node: delta"),
  "a node with a typing error": (line) => line.replace(/\balpha\b(?=[\],}]|$)/, "alhpa"),
  "an unknown fault": (line) => line.replace(/fault: [a-z-]+/, "fault: explode"),
  "a fault with a typing error": (line) => line.replace(/fault: ([a-z])([a-z])/, "fault: $2$1$2"),
  "an unknown step": (line) => line.replace(/- (?:hold|repair|inspect|sweep|loop|random|every|parallel)\b/, "- dance"),
  "a step with a typing error": (line) => line.replace(/- (hold|repair|await-answer|sweep|loop|random)\b/, "- $1d"),
  "an unknown field of a fault": (line) => line.replace(/\{ fault: ([^{}]*) \}/, "{ fault: $1, colour: red }"),
  "a duration that is none": (line) => line.replace(/hold: [0-9].*/, "hold: soon"),
  "a duration of the wrong unit": (line) => line.replace(/hold: ([0-9.]+)m?s/, "hold: $1h"),
  "a negative duration": (line) => line.replace(/hold: ([0-9])/, "hold: -$1"),
  "a count that is none": (line) => line.replace(/times: \d+/, "times: often"),
  "a count of zero": (line) => line.replace(/times: \d+/, "times: 0"),
  "an endless loop": (line) => line.replace(/times: \d+/, "times: .inf"),
  "a loop without end": (line) => line.replace(/times: \d+/, "times: 1e9"),
  "a name without a value": (line) => line.replace(/\$[a-z]+/, "$nowhere"),
  "an unknown head": (line) => line.replace(/^(title|source|zone|expect|monitors|entries):/, "$1s:"),
  "an entry that is none": (line) => line.replace(/\[DUAL-0/, "[DUAL-99"),
  "a tier that is none": (line) => line.replace(/tier: critical/, "tier: diamond"),
  "a trigger that is none": (line) => line.replace(/sees: [a-z-]+/, "sees: ghosts"),
  "a segment that is none": (line) => line.replace(/segments: \[zone/, "segments: [moon"),
  "a list in place of a word": (line) => line.replace(/node: ([a-z]+)/, "node: [$1, $1]"),
  "a number in place of a word": (line) => line.replace(/way: [a-z-]+/, "way: 7"),
  "an alias": (line) => line.replace(/hold: .*/, "hold: *wait"),
  "a tag": (line) => line.replace(/- \{ fault/, "- !fault { fault"),
  "an open bracket": (line) => line.replace(/ \}$/, ""),
};

const files = globSync("fixtures/incidents/*.yaml", { cwd: repository }).sort();
const wrong = files.flatMap((path) => {
  const lines = readFileSync(join(repository, path), "utf8").split("\n");
  return Object.entries(ways).flatMap(([way, change]) =>
    lines.flatMap((line, at) => {
      const changed = line.startsWith("#") ? line : change(line);
      return changed === line ? [] : [{ way, path, at: at + 1, text: lines.with(at, changed).join("\n") }];
    }),
  );
});

describe("a file that is wrong in one line", () => {
  it("comes in more than two hundred kinds", () => {
    expect(wrong.length).toBeGreaterThan(200);
    expect(new Set(wrong.map(({ way }) => way))).toEqual(new Set(Object.keys(ways)));
  });

  it("is refused, and the line is named", () => {
    const known = ["DUAL-0", "DUAL-1", "DUR-3", "DUR-6", "FAIL-3", "MON-6", "NET-5"];
    const missed = wrong.flatMap(({ way, path, at, text }) => {
      const says = refusal(text, known);
      const [, line] = /^f[.]yaml:(\d+):\d+: /.exec(says) ?? [];
      // A bracket that stays open is noticed where the next item begins.
      const isNear = Number(line) === at || (way === "an open bracket" && Number(line) > at);
      return isNear ? [] : [`${path}:${at} with ${way}: ${says}`];
    });
    expect(missed).toEqual([]);
  });
});

function refusal(text: string, known: readonly string[]): string {
  try {
    parseScenario(text, "f.yaml", { known });
    return "accepted";
  } catch (error) {
    const { code, message } = HarnessError.from(error);
    return code === "usage/bad-scenario" ? message : `${code}: ${message}`;
  }
}
