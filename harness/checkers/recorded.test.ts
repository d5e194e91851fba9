// Real histories that earlier versions of the harness recorded. Today's version must read each one and give the
// verdicts of its manifest, or refuse its format by name. They are frozen: a change of the format adds a recording.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { repository } from "#base/repository.ts";
import { decodeHistory } from "#history/codec.ts";
import { judge } from "./judge.ts";

interface Manifest {
  says: string;
  /** Of the file; readers know older ones. */
  format: string;
  /** Version and commit of the harness that recorded it. */
  version: string;
  commit: string;
  scenario: string;
  verdicts: Record<string, string>;
}

const folder = join(repository, "fixtures/recorded");
const names = readdirSync(folder).flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -".yaml".length)] : []));
const manifestOf = (name: string) => parse(readFileSync(join(folder, `${name}.yaml`), "utf8")) as Manifest;
const textOf = (name: string) => brotliDecompressSync(readFileSync(join(folder, `${name}.jsonl.br`))).toString("utf8");

describe("a recorded history", () => {
  it.each(names)("%s is read and judged as its manifest says", (name) => {
    const { format, scenario, verdicts } = manifestOf(name);
    const text = textOf(name);
    expect(JSON.parse(text.slice(0, text.indexOf("\n")))).toMatchObject({ format, scenario });
    const history = decodeHistory(text);
    const findings = judge(history).filter(({ entry }) => history.header.entries.includes(entry));
    expect(Object.fromEntries(findings.map(({ entry, verdict }) => [entry, verdict]))).toEqual(verdicts);
  });

  it("witnesses every format that this version reads", () => {
    expect([...new Set(names.map((name) => manifestOf(name).format))].sort()).toEqual([
      "triad-history/1",
      "triad-history/2",
    ]);
  });

  it("of an unknown format is refused by name", () => {
    const unknown = textOf(names[0]!).replace(/"format":"triad-history\/\d+"/, '"format":"triad-history/99"');
    expect(() => decodeHistory(unknown)).toThrow(/format is "triad-history\/99"/);
  });
});
