// A history by hand: what it decides, what it leaves open and why, and what a program that ran by hand does to it.

import { describe, expect, it } from "@jest/globals";
import { atNs, type HistoryBuilder, vip } from "#corpus/builders/history-builder.ts";
import { jetstreamDown } from "#corpus/builders/bootstrap.ts";
import { bothFail, takeover, type TakeoverOptions } from "#corpus/builders/failure.ts";
import { mutate } from "#corpus/cases/case.ts";
import type { History, HistoryEvent } from "#history/event.ts";
import { viewOf } from "#history/view.ts";
import type { Finding } from "#spec/verdict.ts";
import { judge } from "../judge.ts";
import { whyUndecided } from "./undecided.ts";

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

/** Nothing was done. */
const untouched = () =>
  mutate(takeover(), (event) =>
    event.type === "fault" || (event.type === "mark" && event.mark === "provoked") ? undefined : event,
  );
/** Of the same nodes at the same times, by another fault. */
const by = (fault: "wiped" | "kill", builder: HistoryBuilder) =>
  mutate(builder, (event) => (event.type === "fault" ? { ...event, fault } : event));
const why = (entry: string, builder: HistoryBuilder) => whyUndecided(entry, viewOf(builder.build()));

describe("the reason that an entry is left open", () => {
  it("is none for entries of every scenario, and for what the recorder's inspection shows", () => {
    const found = ["DUAL-0", "DUR-6", "RPC-1", "RPC-2", "RPC-3", "DUAL-2", "NET-5"].map((entry) =>
      why(entry, takeover()),
    );
    expect(found.filter((one) => one !== undefined)).toEqual([]);
  });

  it("is, for lost facts, that more than one node lost its disk", () => {
    expect(why("DUR-6", by("wiped", bothFail()))).toBe("more than one node lost its disk");
    expect([why("DUR-6", by("wiped", takeover())), why("DUR-6", bothFail())]).toEqual([undefined, undefined]);
    expect(why("DUAL-0", by("wiped", bothFail()))).toBeUndefined();
  });

  it("is, for the time of a failover, that no node had to take over", () => {
    const none = "nothing was done that the other service node must take over from";
    expect([why("TIME-1", untouched()), why("TIME-1", bothFail())]).toEqual([none, none]);
    // Alpha's fault is the second one.
    expect([why("TIME-1", takeover()), why("TIME-1", jetstreamDown())]).toEqual([undefined, undefined]);
  });

  it("is what no command does by hand", () => {
    expect(why("NO-1", takeover())).toBe("no scenario decides it");
    expect(why("BOOT-2", untouched())).toBe(
      "it needs a cold start that is watched from before it, which no command does by hand",
    );
    expect(why("MON-1", untouched())).toBe(
      'it needs its monitors in the history, the step "await-monitors", which no command does by hand',
    );
    expect(why("DUR-4", untouched())).toBe(
      'it needs the step "count-disks", a zone with stores "ext4", which no command does by hand',
    );
  });

  it("is, of a zone that has the wanted settings, only what else is missing", () => {
    const onExt4 = untouched();
    onExt4.header.zone.spec["stores"] = "ext4";
    expect(why("DUR-4", onExt4)).toBe('it needs the step "count-disks", which no command does by hand');
  });

  it("is that of the scenario that is nearest to what was done", () => {
    expect(why("INV-3", takeover())).toBe('it needs the step "read-back", which no command does by hand');
    expect(why("STO-6", takeover())).toBe("it needs a zone without a fault");
    expect(why("FAIL-4", takeover())).toMatch(/^it needs: (kill|pause|stop|power)/);
    expect(why("FAIL-2", by("kill", bothFail()))).toMatch(/^it needs: .* beta, and nothing else$/);
  });

  it("compares order, nodes and programs of the faults", () => {
    expect(why("FAIL-4", bothFail())).toBe('it needs the step "probe-quorum", which no command does by hand');
    // The first fault is the wanted one, the second is on another node.
    const onGamma = mutate(bothFail(), (event) =>
      event.type === "fault" && event.nodes.includes("beta") ? { ...event, nodes: ["gamma"] } : event,
    );
    expect(why("FAIL-4", onGamma)).toMatch(/^it needs: kill alpha, then kill beta/);
    const other = mutate(takeover(), (event) => (event.type === "fault" ? { ...event, nodes: ["gamma"] } : event));
    expect([why("FAIL-1", other), why("FAIL-3", other)]).toEqual([expect.any(String), undefined]);
  });
});
