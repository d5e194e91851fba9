// A history by hand: what it decides, what it leaves open and why, and what a program that ran by hand does to it.

import { describe, expect, it } from "@jest/globals";
import { atNs, vip } from "#corpus/builders/history-builder.ts";
import { takeover, type TakeoverOptions } from "#corpus/builders/failure.ts";
import type { History, HistoryEvent } from "#history/event.ts";
import type { Finding } from "#spec/verdict.ts";
import { judge } from "../judge.ts";

const asked = ["FAIL-1", "FAIL-2", "FAIL-4", "DUAL-0", "MECH-4", "INV-3", "GATE-4", "REC-5", "BOOT-2"];

/** Alpha was killed by hand; what is planned is what was done. */
function byHand(
  change: (events: HistoryEvent[]) => HistoryEvent[] = (events) => events,
  options: TakeoverOptions = {},
): History {
  const { header, events } = takeover({ entries: asked, ...options }).build();
  const changed = change([...events]).sort((a, b) => a.t - b.t);
  return { header: { ...header, byHand: true }, events: changed };
}
const findingsOf = (history: History): Record<string, Finding> =>
  Object.fromEntries(judge(history).map((finding) => [finding.entry, finding]));
const program = (s: number): HistoryEvent => ({
  t: atNs(s),
  type: "mark",
  mark: "by-hand",
  detail: { user: "ann", command: "pkill gate", phase: "begun", node: "beta" },
});

describe("a history by hand", () => {
  it("decides the entries whose fault was done and undone, and those that every scenario decides", () => {
    const found = findingsOf(byHand());
    expect([found["FAIL-1"]?.verdict, found["DUAL-0"]?.verdict]).toEqual(["kept", "kept"]);
  });

  it("names the fault, the steps or the start that another entry needs", () => {
    const found = findingsOf(byHand());
    expect(["FAIL-2", "FAIL-4", "INV-3", "REC-5"].map((id) => [found[id]?.verdict, found[id]?.because])).toEqual([
      ["unknown", expect.stringMatching(/^it needs: .* beta, and nothing else$/)],
      ["unknown", expect.stringMatching(/^it needs: kill alpha, then kill beta, and nothing else$|^it needs: kill/)],
      ["unknown", expect.stringMatching(/the step "read-back".*which no command does by hand/)],
      ["unknown", expect.any(String)],
    ]);
  });

  it("leaves an entry open while its fault stands, and says how to undo it", () => {
    const standing = (events: HistoryEvent[]) =>
      events.filter((event) => event.type !== "fault" || (event.phase !== "healing" && event.phase !== "healed"));
    const found = findingsOf(byHand(standing));
    expect(found["FAIL-1"]).toMatchObject({
      verdict: "unknown",
      because: expect.stringMatching(/is not undone: .\/triad heal/),
    });
    expect(found["DUAL-0"]?.verdict).toBe("kept");
  });

  it("shows a violation that was seen, also of an entry that it does not decide", () => {
    const alsoOnGamma = (events: HistoryEvent[]): HistoryEvent[] => [
      ...events,
      {
        t: atNs(20),
        type: "observed",
        node: "gamma",
        sinceNs: atNs(19.9),
        isAlive: true,
        ownsVip: true,
        listens: [`${vip}:9443`],
        isFrozen: false,
      },
    ];
    const { header, events } = byHand(alsoOnGamma);
    const found = findingsOf({ header: { ...header, entries: ["MECH-1", "NET-5"] }, events });
    expect(found["NET-5"]?.verdict).toBe("broken");
  });

  it("is unknown once a person ran a program in a node, and nothing after that is broken", () => {
    const kept = findingsOf(byHand((events) => [...events, program(5)]));
    expect(kept["DUAL-0"]).toMatchObject({
      verdict: "unknown",
      because: 'ann ran "pkill gate" in beta: what it changed is not known',
    });
    const split = { way: "isolate", stopsAfterS: 20 } as const;
    const dual = (s: number) => findingsOf(byHand((events) => [...events, program(s)], split))["DUAL-0"];
    expect(findingsOf(byHand(undefined, split))["DUAL-0"]?.verdict).toBe("broken");
    expect(dual(5)).toMatchObject({
      verdict: "unknown",
      because: expect.stringMatching(/^after "pkill gate" was run/),
    });
    expect(dual(55)?.verdict).toBe("broken");
  });
});
