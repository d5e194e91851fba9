// How findings become verdicts: no entry is kept because something is missing, or because a checker failed.

import { describe, expect, it } from "@jest/globals";

import type { CatalogueEntry } from "#spec/catalogue.ts";
import type { Figures } from "#spec/figures.ts";
import type { Finding } from "#spec/verdict.ts";
import { judge } from "./judge.ts";
import { type JudgedScenario, mergeFindings } from "./merge-findings.ts";
import { atNs, vip } from "#corpus/builders/history-builder.ts";
import { takeover } from "#corpus/builders/failure.ts";

const entry = (id: string): CatalogueEntry => ({
  id,
  slug: id.toLowerCase(),
  section: "failure",
  says: `promise of ${id}`,
});
const found = (id: string, verdict: Finding["verdict"], measured: Figures = {}): Finding => ({
  entry: id,
  verdict,
  because: `${id} is ${verdict}`,
  measured,
  events: [],
});
const run = (repeat: number, ...findings: Finding[]): JudgedScenario => ({
  scenario: "fail-1-kill",
  repeat,
  history: `fail-1-kill-${repeat}.jsonl`,
  findings,
});

describe("judge", () => {
  it("turns a checker that throws into unknown, with its message", () => {
    const throwing = {
      entry: "FAIL-1",
      check: () => {
        throw new Error("boom");
      },
    };
    expect(judge(takeover().build(), [throwing])[0]).toMatchObject({
      entry: "FAIL-1",
      verdict: "unknown",
      because: expect.stringContaining("boom"),
    });
  });

  it("says unknown for an entry that no checker decides", () => {
    const history = takeover({ entries: ["MON-3"] }).build();
    expect(judge(history)).toEqual([expect.objectContaining({ entry: "MON-3", verdict: "unknown" })]);
  });

  it("keeps a violation that was seen broken, also with an unmet assumption", () => {
    const history = takeover({ way: "isolate", stopsAfterS: 20 })
      .add({ t: atNs(33), type: "trouble", code: "agent/lost", message: "gone" })
      .build();
    const byEntry = Object.fromEntries(judge(history).map((finding) => [finding.entry, finding.verdict]));
    expect(byEntry).toMatchObject({ "DUAL-0": "broken", "DUR-6": "unknown", "TIME-1": "unknown" });
  });

  it("gives the same findings for the same history, in the order of the plan", () => {
    expect(judge(takeover().build())).toEqual(judge(takeover().build()));
    expect(judge(takeover().build()).map((finding) => finding.entry)).toEqual(["FAIL-1", "DUAL-0", "DUR-6", "TIME-1"]);
  });
});

describe("mergeFindings", () => {
  it("takes the worst of all runs", () => {
    const [merged] = mergeFindings(
      [entry("FAIL-1")],
      [run(1, found("FAIL-1", "kept")), run(2, found("FAIL-1", "broken")), run(3, found("FAIL-1", "unknown"))],
    );
    expect(merged).toMatchObject({
      verdict: "broken",
      slug: "fail-1",
      promise: "promise of FAIL-1",
      measured: { runs: 3, kept: 1, broken: 1, unknown: 1 },
    });
    expect(merged!.because).toBe("fail-1-kill #2: FAIL-1 is broken (1 of 3 runs)");
  });

  it("says unknown when no scenario judged an entry", () => {
    expect(mergeFindings([entry("FAIL-2")], [])[0]).toMatchObject({
      verdict: "unknown",
      because: "no scenario ran that decides it",
    });
  });

  it("says unknown when a planned repeat left no history", () => {
    const planned = [1, 2].map((repeat) => ({ scenario: "fail-1-kill", repeat, entries: ["FAIL-1"] }));
    expect(mergeFindings([entry("FAIL-1")], [run(1, found("FAIL-1", "kept"))], planned)[0]).toMatchObject({
      verdict: "unknown",
      because: expect.stringContaining("fail-1-kill #2 was planned and left no history"),
    });
  });

  it("says unknown when a history leaves out an entry that was planned for it", () => {
    const planned = [{ scenario: "fail-1-kill", repeat: 1, entries: ["FAIL-1", "DUR-6"] }];
    const merged = mergeFindings([entry("FAIL-1"), entry("DUR-6")], [run(1, found("FAIL-1", "kept"))], planned);
    expect(merged.map(({ verdict }) => verdict)).toEqual(["kept", "unknown"]);
  });

  it("does not take a kept from a scenario that was not planned", () => {
    expect(mergeFindings([entry("FAIL-1")], [run(7, found("FAIL-1", "kept"))], [])[0]).toMatchObject({
      verdict: "unknown",
    });
  });

  it("gives the spread of failover times and the confidence that the number of runs allows", () => {
    const phases = { vipMs: 5000, gatesMs: 4000, startMs: 200, answerMs: 50 };
    const runs = Array.from({ length: 20 }, (_, place) =>
      run(place + 1, found("TIME-1", "kept", { way: place % 2 ? "pause" : "kill", failoverS: 10 + place, phases })),
    );
    const [merged] = mergeFindings([entry("TIME-1")], runs);
    expect(merged!.measured).toMatchObject({
      n: 20,
      minS: 10,
      medianS: 19.5,
      p95S: 28,
      maxS: 29,
      phases,
      byWay: { kill: { n: 10, minS: 10 }, pause: { n: 10, minS: 11 } },
      decision: "20 of 20 failovers inside the bound: at least 86% of failovers are, with 95% confidence",
    });
  });

  it("promises nothing about all failovers when one was outside", () => {
    const [merged] = mergeFindings(
      [entry("TIME-1")],
      [run(1, found("TIME-1", "kept", { failoverS: 10 })), run(2, found("TIME-1", "broken", { failoverS: 3 }))],
    );
    expect(merged!.measured.decision).toBe("1 of 2 failovers inside the bound");
  });
});

describe("an entry that is asked everywhere", () => {
  /** Beta also listens on its own address, in a scenario that does not decide DUAL-2. */
  const listensElsewhere = () =>
    takeover().observe(50, "beta", { ownsVip: true, listens: [`${vip}:9443`, "198.18.0.12:9443"] });

  it("is broken where a violation was seen, after the entries of the scenario", () => {
    const findings = judge(listensElsewhere().build());
    expect(findings.map(({ entry }) => entry)).toEqual(["FAIL-1", "DUAL-0", "DUR-6", "TIME-1", "DUAL-2"]);
    expect(findings.at(-1)).toMatchObject({ verdict: "broken", because: expect.stringMatching(/198\.18\.0\.12:9443/) });
  });

  it("decides nothing without a violation", () => {
    expect(judge(takeover().build()).map(({ entry }) => entry)).toEqual(["FAIL-1", "DUAL-0", "DUR-6", "TIME-1"]);
  });

  it("is merged although the plan does not hold it there", () => {
    const violation = found("DUAL-2", "broken");
    const planned = [{ scenario: "fail-1-kill", repeat: 1, entries: ["FAIL-1"] }];
    const merged = mergeFindings([entry("DUAL-2")], [run(1, found("FAIL-1", "kept"), violation)], planned);
    expect(merged).toMatchObject([{ id: "DUAL-2", verdict: "broken" }]);
  });
});
