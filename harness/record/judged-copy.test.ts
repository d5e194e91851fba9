// The copy of a zone's history that is judged: where it ends, what of an earlier closing it leaves out, and what it
// says when the recorder is gone.

import { describe, expect, it } from "@jest/globals";
import type { HistoryEvent, HistoryHeader } from "#history/event.ts";
import { judgedCopy, lastSeenNs } from "./judged-copy.ts";
import { openDeeds } from "./closing.ts";

const header = { entries: [], plannedFaults: [], byHand: true } as unknown as HistoryHeader;
const mark = (t: number, name: string, detail?: object): HistoryEvent =>
  ({ t, type: "mark", mark: name, ...(detail ? { detail } : {}) }) as HistoryEvent;
const fault = (t: number, phase: string, id = 1): HistoryEvent =>
  ({
    t,
    type: "fault",
    fault: "kill",
    id,
    nodes: ["alpha"],
    phase,
    ...(phase === "intended" ? { detail: { fault: "kill", node: "alpha", words: "kill alpha" } } : {}),
  }) as HistoryEvent;
const looks = (t: number): HistoryEvent => ({ t, type: "looks", looks: 200, gapMaxNs: 1, cpuNs: 1 });
const recorded = (events: HistoryEvent[], damaged = 0) => ({ header, events, damaged });
const namesOf = (events: readonly HistoryEvent[]) =>
  events.map((event) => (event.type === "mark" ? event.mark : event.type));

describe("the copy that is judged", () => {
  it("ends where its closing ended, with a load that stopped there and not earlier", () => {
    const first = [mark(1, "load-started"), mark(5, "load-paused"), mark(6, "load-resumed")];
    const second = [mark(9, "load-paused"), looks(10), mark(12, "load-resumed")];
    const closing = [mark(9.5, "load-stopped"), mark(11, "audited")];
    const copy = judgedCopy(recorded([...first, ...second]), ["DUAL-0"], {
      kind: "closed",
      fromNs: 8,
      toNs: 11,
      closing,
    });
    expect(namesOf(copy.events)).toEqual([
      "load-started",
      "load-paused",
      "load-resumed",
      "load-stopped",
      "looks",
      "audited",
    ]);
    expect(copy.header.entries).toEqual(["DUAL-0"]);
  });

  it("plans what was done, in order, and nothing that was impossible", () => {
    const events = [fault(1, "intended"), fault(2, "effective"), fault(3, "intended", 2), fault(4, "impossible", 2)];
    const copy = judgedCopy(recorded(events), [], { kind: "closed", fromNs: 5, toNs: 5, closing: [] });
    expect(copy.faults).toEqual([{ fault: "kill", node: "alpha" }]);
    expect(copy.header.plannedFaults).toEqual([
      { fault: "kill", nodes: ["alpha"], spec: { fault: "kill", node: "alpha" } },
    ]);
    expect(copy.events.filter(({ type }) => type === "fault")).toHaveLength(2);
  });

  it("says from when on nothing was seen, where the recorder is gone, although commands wrote on", () => {
    const events = [looks(0), looks(5e9), fault(20e9, "intended")];
    expect(lastSeenNs(events)).toBe(5e9);
    const copy = judgedCopy(recorded(events), [], { kind: "lost", why: "the recorder was killed" });
    expect(copy.events.at(-1)).toMatchObject({
      type: "trouble",
      message: "nothing was seen from second 5 of the record on: the recorder was killed",
    });
  });

  it("says that lines are damaged", () => {
    const copy = judgedCopy(recorded([looks(1)], 2), [], { kind: "closed", fromNs: 2, toNs: 2, closing: [] });
    expect(copy.events.at(-1)).toMatchObject({ type: "trouble", message: "2 lines of the record are damaged" });
  });
});

describe("what the closing waits for", () => {
  const provoked = (t: number) => mark(t, "provoked", { expectsFailover: true, from: "alpha", to: "beta" });

  it("is the takeover that no closing has waited for, and the nodes that came back since", () => {
    const events = [provoked(1), fault(2, "injecting"), fault(5, "healed"), mark(6, "repaired", { node: "alpha" })];
    expect(openDeeds(events)).toEqual({
      takeover: { node: "beta", sinceNs: 1 },
      returned: [{ node: "alpha", sinceNs: 6 }],
      standing: false,
    });
    const done = [...events, mark(7, "failed-over", { node: "beta" }), mark(8, "recovered", { node: "alpha" })];
    expect(openDeeds(done)).toEqual({ returned: [], standing: false });
  });

  it("is not the service while a fault stands", () => {
    expect(openDeeds([provoked(1), fault(2, "injecting")]).standing).toBe(true);
  });

  it("is no node that a fault hit again after its return", () => {
    const again = [mark(6, "repaired", { node: "alpha" }), fault(7, "injecting")];
    expect(openDeeds(again).returned).toEqual([]);
  });
});
