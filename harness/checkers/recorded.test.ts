// Real histories that earlier versions of the harness recorded. Today's version must read each one and give the
// verdicts of its manifest, or refuse its format by name. They are frozen: a change of the format adds a recording.

import { describe, expect, it } from "@jest/globals";
import { decodeHistory } from "#history/codec.ts";
import { manifestOf, recordingNames, recordingText } from "#mutations/recordings.ts";
import { judge } from "./judge.ts";

const names = recordingNames();

describe("a recorded history", () => {
  it.each(names)("%s is read and judged as its manifest says", (name) => {
    const { format, scenario, verdicts } = manifestOf(name);
    const text = recordingText(name);
    expect(JSON.parse(text.slice(0, text.indexOf("\n")))).toMatchObject({ format, scenario });
    const history = decodeHistory(text);
    const all = judge(history);
    const findings = all.filter(({ entry }) => history.header.entries.includes(entry));
    expect(Object.fromEntries(findings.map(({ entry, verdict }) => [entry, verdict]))).toEqual(verdicts);
    // A rule that is asked everywhere breaks no right zone.
    const others = all.filter((one) => !findings.includes(one) && one.verdict === "broken");
    const isRight = Object.values(verdicts).every((verdict) => verdict === "kept");
    expect(isRight ? others.map(({ entry, because }) => `${entry}: ${because}`) : []).toEqual([]);
  });

  it("witnesses every format that this version reads", () => {
    expect([...new Set(names.map((name) => manifestOf(name).format))].sort()).toEqual([
      "triad-history/1",
      "triad-history/2",
    ]);
  });

  it("of an unknown format is refused by name", () => {
    const unknown = recordingText(names[0]!).replace(/"format":"triad-history\/\d+"/, '"format":"triad-history/99"');
    expect(() => decodeHistory(unknown)).toThrow(/format is "triad-history\/99"/);
  });
});
