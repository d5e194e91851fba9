// The assertions about one node, each in a history that just holds it and in one that just does not.

import { describe, expect, it } from "@jest/globals";
import type { HistoryEvent, InspectionEvent } from "#history/event.ts";
import { type HistoryView, viewOf } from "#history/view.ts";
import { takeover } from "#corpus/builders/failure.ts";
import { atNs, type HistoryBuilder, vip } from "#corpus/builders/history-builder.ts";
import { steadyLook } from "#corpus/builders/steady.ts";
import { mutate } from "#corpus/cases/case.ts";
import type { Assertion } from "../assertions.ts";
import * as node from "./node-assertions.ts";

const valid = viewOf(takeover().build());
const window = (fromS: number, toS: number): node.Window => ({ fromNs: atNs(fromS), toNs: atNs(toS) });
const after = window(45, 56);
const without = (isGone: (event: HistoryEvent) => boolean) =>
  viewOf(mutate(takeover(), (event) => (isGone(event) ? undefined : event)).build());
const seen = (change: (builder: HistoryBuilder) => HistoryBuilder) => viewOf(change(takeover()).build());
const isAnswerOf = (event: HistoryEvent, name: string) => event.type === "ok" && event.node === name;
/** What an assertion says that holds: its verdict, and that it names what it rests on. */
const verdictOf = ({ verdict, rests }: Assertion) => (verdict === "broken" ? `${verdict}, ${rests}` : verdict);
const eventsAt = (view: HistoryView, { events }: Assertion) =>
  events.map((index) => [...view.history.events][index]!.type);

describe("was active", () => {
  it("holds with a span and an answer before, and names both", () => {
    const holds = node.wasActive(valid, "alpha", atNs(11.45));
    expect([holds.verdict, eventsAt(valid, holds)]).toEqual(["kept", ["observed", "ok"]]);
  });

  it("is not known without a span, without an answer, or with a later one", () => {
    expect(node.wasActive(valid, "beta", atNs(11.45))).toMatchObject({
      verdict: "unknown",
      saw: "beta was not seen active",
    });
    const unanswered = without((event) => isAnswerOf(event, "alpha"));
    expect(node.wasActive(unanswered, "alpha", atNs(11.45)).saw).toBe("alpha had answered no client");
    expect(node.wasActive(valid, "alpha", atNs(5)).saw).toBe("alpha had answered no client");
    expect(node.wasActive(valid, "alpha", atNs(6.003)).verdict).toBe("kept");
  });
});

describe("took over", () => {
  const takes = (view: HistoryView, fromS = 12, toS = 45) => node.tookOver(view, "beta", window(fromS, toS));

  it("holds with the VIP, a listener and an answer in the window, and names the last two", () => {
    expect([takes(valid).verdict, eventsAt(valid, takes(valid))]).toEqual(["kept", ["observed", "ok"]]);
  });

  it("names the first of the three that is absent", () => {
    const never = without((event) => event.type === "observed" && event.node === "beta" && event.ownsVip);
    const silent = without((event) => event.type === "observed" && event.node === "beta" && event.listens.length > 0);
    const unanswered = without((event) => isAnswerOf(event, "beta"));
    expect([never, silent, unanswered].map((view) => [verdictOf(takes(view)), takes(view).saw])).toEqual([
      ["broken, absent", "beta did not own the VIP within 33 s"],
      ["broken, absent", "beta owned the VIP and did not listen on it within 33 s"],
      ["broken, absent", "beta was active and answered no client within 33 s"],
    ]);
    expect(takes(silent).events).not.toEqual([]);
    expect(takes(unanswered).events).not.toEqual([]);
  });

  it("counts nothing that began before the window or ended after it", () => {
    expect(takes(valid, 25.5, 45).saw).toMatch(/did not listen/);
    expect(takes(valid, 12, 24.9).saw).toMatch(/did not listen/);
    expect(takes(valid, 12, 25).saw).toMatch(/answered no client/);
  });
});

describe("stayed active", () => {
  it("holds over a window that the span covers", () => {
    expect(node.stayedActive(valid, "beta", after)).toMatchObject({ verdict: "kept", events: [expect.any(Number)] });
  });

  it("is absent when the node was not active at all", () => {
    expect(verdictOf(node.stayedActive(valid, "alpha", after))).toBe("broken, absent");
  });

  it("is refuted by a span that begins late or ends early", () => {
    const late = node.stayedActive(valid, "beta", window(20, 40));
    const early = node.stayedActive(valid, "alpha", window(10, 20));
    expect([late, early].map(({ saw }) => saw)).toEqual([
      expect.stringMatching(/^it became active only 4\.9\d* s into that time$/),
      expect.stringMatching(/^it stopped being active (?:1\.99\d|2)\d* s into that time$/),
    ]);
    expect([late, early].map(verdictOf)).toEqual(["broken, seen", "broken, seen"]);
    expect([late.events, early.events]).not.toContainEqual([]);
  });
});

describe("never served", () => {
  it("holds for a node that was looked at", () => {
    expect(node.neverServed(valid, "gamma", window(0, 56)).verdict).toBe("kept");
  });

  it("is refuted by the VIP or by a listener, for as long as it was in the window", () => {
    const owner = node.neverServed(valid, "beta", window(30, 40));
    expect(owner).toMatchObject({ verdict: "broken", rests: "seen", saw: "beta owned the VIP for 10000 ms" });
    expect(owner.events).not.toEqual([]);
    const listener = seen((builder) =>
      builder.observe(30, "gamma", { listens: [`${vip}:9443`] }).observe(31, "gamma", { listens: [] }),
    );
    expect(node.neverServed(listener, "gamma", window(0, 56)).saw).toMatch(/^gamma had a listener for (?:99\d|100\d)/);
    expect(node.neverServed(listener, "gamma", window(40, 56)).verdict).toBe("kept");
  });

  it("is not known for a node that was not looked at", () => {
    const unseen = without((event) => event.type === "observed" && event.node === "gamma");
    expect(node.neverServed(unseen, "gamma", window(0, 56)).verdict).toBe("unknown");
  });
});

describe("not active after its return", () => {
  it("holds for a standby, and is refuted by an active span", () => {
    expect(node.notActive(valid, "alpha", after).verdict).toBe("kept");
    const active = node.notActive(valid, "beta", window(30, 40));
    expect(active).toMatchObject({ verdict: "broken", rests: "seen", saw: expect.stringMatching(/for \d+/) });
    expect(active.events).not.toEqual([]);
  });
});

describe("is a standby", () => {
  const standby = (change: (builder: HistoryBuilder) => HistoryBuilder) =>
    node.isStandby(seen(change), "alpha", atNs(56));

  it("holds by the role that it wrote, where nothing was inspected, and says so", () => {
    expect(node.isStandby(valid, "alpha", atNs(56))).toMatchObject({
      verdict: "kept",
      saw: "by the role that it wrote; it was not inspected",
      events: [expect.any(Number)],
    });
  });

  it.each([
    ["down", { isAlive: false }, /not running/],
    ["frozen", { isFrozen: true }, /still frozen/],
    ["the owner of the VIP", { ownsVip: true }, /owned the VIP/],
    ["listening", { listens: ["1.2.3.4:9443", "5.6.7.8:1"] }, /listened on 1\.2\.3\.4:9443, 5\.6\.7\.8:1 at/],
    ["in FAULT", { role: "FAULT" }, /in FAULT/],
  ])("is absent for a node that is %s at the end, and not later", (_, change, saw) => {
    const broken = standby((builder) => builder.observe(50, "alpha", change));
    expect(broken).toMatchObject({ verdict: "broken", rests: "absent", saw: expect.stringMatching(saw) });
    expect(broken.events).toHaveLength(1);
    expect(standby((builder) => builder.observe(56.5, "alpha", change)).verdict).toBe("kept");
  });

  it("is not known without a look, or without a role", () => {
    const unseen = without((event) => event.type === "observed" && event.node === "alpha");
    expect(node.isStandby(unseen, "alpha", atNs(56))).toMatchObject({
      verdict: "unknown",
      saw: "the observer never looked at alpha",
    });
    const roleless = viewOf(
      mutate(takeover(), (event) => {
        if (event.type !== "observed") return event;
        const { role: _, ...rest } = event;
        return rest;
      }).build(),
    );
    expect(node.isStandby(roleless, "alpha", atNs(56)).saw).toBe("the role of keepalived on alpha is not known");
  });
});

describe("is a standby by an inspection", () => {
  const vipAddress = { interface: "eth0", address: vip };
  const listener = { state: "LISTEN", local: "198.18.0.12:9443" };
  /** Beta in a zone at rest, with each of its inspections changed. */
  const inspected = (change: (event: InspectionEvent) => Partial<InspectionEvent>) => {
    const builder = mutate(steadyLook(), (event) =>
      event.type === "inspection" && event.node === "beta" ? { ...event, ...change(event) } : event,
    );
    const view = viewOf(builder.build());
    return node.isStandby(view, "beta", view.lastNs);
  };

  it("holds, and names the inspections", () => {
    const holds = inspected(() => ({}));
    expect(holds).toMatchObject({ verdict: "kept", saw: "" });
    expect(holds.events.length).toBeGreaterThan(1);
  });

  it("is absent without keepalived, or with a controller, the VIP or a listener", () => {
    const like = (event: InspectionEvent) => ({ ...event.sockets[0]!, ...listener });
    const wrong = [
      inspected(({ processes }) => ({
        processes: processes.filter((one) => !JSON.stringify(one).includes("keepalived")),
      })),
      inspected(({ addresses }) => ({ addresses: [...addresses, vipAddress] })),
      inspected((event) => ({ sockets: [...event.sockets, like(event)] })),
    ];
    expect(wrong.map(({ saw }) => saw)).toEqual([
      "beta ran no keepalived",
      "beta had the VIP",
      "beta listened on 198.18.0.12:9443",
    ]);
    expect(wrong.map(verdictOf)).toEqual(["broken, absent", "broken, absent", "broken, absent"]);
    expect(wrong.every(({ events }) => events.length === 1)).toBe(true);
  });

  it("is not broken by a connection or by a listener on another port", () => {
    const change = (socket: object) =>
      inspected((event) => ({ sockets: [...event.sockets, { ...like(event), ...socket }] }));
    const like = (event: InspectionEvent) => ({ ...event.sockets[0]!, ...listener });
    expect(change({ state: "ESTABLISHED" }).verdict).toBe("kept");
    expect(change({ local: "198.18.0.12:9444" }).verdict).toBe("kept");
  });
});

describe("runs again", () => {
  it("holds for a node that is alive and not frozen", () => {
    const runs = (change: object) =>
      node.isRunning(
        seen((builder) => builder.observe(50, "gamma", change)),
        "gamma",
        atNs(56),
      );
    expect(runs({}).verdict).toBe("kept");
    expect(runs({ isFrozen: true })).toMatchObject({ verdict: "broken", saw: "gamma was frozen at the end" });
    expect(runs({ isAlive: false })).toMatchObject({ verdict: "broken", saw: "gamma was down at the end" });
    const unseen = without((event) => event.type === "observed" && event.node === "gamma");
    expect(node.isRunning(unseen, "gamma", atNs(56)).verdict).toBe("unknown");
  });
});

describe("replicas are current", () => {
  const asked = (...answers: readonly object[]) =>
    node.replicasCurrent(
      seen((builder) => {
        for (const [place, answer] of answers.entries())
          builder.add({
            t: atNs(55.1 + place / 10),
            type: "stream",
            node: "gamma",
            stream: "facts_operational",
            leader: "beta",
            replicas: ["alpha", "gamma"].map((name) => ({ name, isCurrent: true, lag: 0 })),
            messages: 1,
            ...answer,
          } as HistoryEvent);
        return builder;
      }),
      "alpha",
      atNs(45),
    );
  const lagging = { replicas: [{ name: "alpha", isCurrent: false, lag: 7 }] };

  it("holds by the last answer of each server on each stream", () => {
    const holds = asked();
    expect([holds.verdict, holds.events.length]).toEqual(["kept", 1]);
    expect(asked(lagging, {}).verdict).toBe("kept");
    expect(asked({}, { ...lagging, error: "timeout" }).verdict).toBe("kept");
    expect(asked({ stream: "a" }, { stream: "b" }, { stream: "c" }).events).toHaveLength(3);
  });

  it("is absent when one lags, or when the node holds none", () => {
    const lags = asked(lagging);
    expect(lags).toMatchObject({
      verdict: "broken",
      rests: "absent",
      saw: "alpha lags in facts_operational by 7 messages, says gamma",
      events: [expect.any(Number)],
    });
    expect(asked(lagging, { node: "beta" }).verdict).toBe("broken");
    const none = asked({ replicas: [{ name: "gamma", isCurrent: true, lag: 0 }] });
    expect(none).toMatchObject({
      verdict: "broken",
      saw: "alpha holds no replica of facts_operational, says gamma",
      events: [expect.any(Number)],
    });
    expect(asked({ leader: "alpha", replicas: [] }).verdict).toBe("kept");
  });

  it("is not known when no server was asked after the repair", () => {
    expect(node.replicasCurrent(valid, "alpha", atNs(55) + 1).verdict).toBe("unknown");
    expect(node.replicasCurrent(valid, "alpha", atNs(55)).verdict).toBe("kept");
  });
});

describe("served at the end", () => {
  it("holds with an append of the last five seconds on the client host, by that node", () => {
    const holds = node.servedAtTheEnd(valid);
    expect([holds.verdict, eventsAt(valid, holds)]).toEqual(["kept", ["ok"]]);
    expect(node.servedAtTheEnd(valid, "beta").verdict).toBe("kept");
    expect(node.servedAtTheEnd(valid, "alpha")).toMatchObject({
      verdict: "broken",
      rests: "absent",
      saw: "no fact was acknowledged by alpha in the last 5 s of load",
    });
  });

  it("counts no answer from before or after, none inside a node, and no read", () => {
    const last = (s: number, process = "client-9") =>
      node.servedAtTheEnd(
        viewOf(
          mutate(takeover(), (event) => (isAnswerOf(event, "beta") ? undefined : event))
            .append({ s, process, node: "beta" })
            .build(),
        ),
        "beta",
      ).verdict;
    expect([45.9, 51, 55.9, 56].map((s) => last(s))).toEqual(["broken", "kept", "kept", "broken"]);
    expect(last(54, "alpha-1")).toBe("broken");
    const reads = mutate(takeover(), (event) => (isAnswerOf(event, "beta") ? undefined : event)).reads(
      { fromS: 52, toS: 54 },
      [{ fromS: 0, toS: 99, node: "beta" }],
    );
    expect(node.servedAtTheEnd(viewOf(reads.build())).saw).toBe("no fact was acknowledged in the last 5 s of load");
  });
});

describe("an end of the load without answers", () => {
  it("decides nothing for ten seconds, where the return of a node may have caused an election", () => {
    const quietFrom = (s: number) =>
      node.servedAtTheEnd(
        viewOf(mutate(takeover(), (one) => (isAnswerOf(one, "beta") && one.t > atNs(s) ? undefined : one)).build()),
      ).verdict;
    // The load ends at 56, and alpha is back at 45.
    expect([52, 50, 46.3, 45.5].map((s) => quietFrom(s))).toEqual(["kept", "unknown", "unknown", "broken"]);
  });
});

describe("none answered", () => {
  it("holds when calls were tried and none was answered in the window", () => {
    expect(node.noneAnswered(valid, window(12, 24))).toMatchObject({ verdict: "kept", saw: "49 calls were tried" });
  });

  it("is refuted by one answer, and names it", () => {
    const answered = node.noneAnswered(valid, window(12, 30));
    expect(answered).toMatchObject({ verdict: "broken", rests: "seen", events: [expect.any(Number)] });
    expect(answered.saw).toMatch(/^beta answered operation \d+$/);
  });

  it("counts only calls that began in the window and were answered in it", () => {
    const one = seen((builder) => builder.append({ s: 15, process: "client-9", node: "beta" }));
    expect(node.noneAnswered(one, window(15, 20)).verdict).toBe("broken");
    expect(node.noneAnswered(one, window(15.001, 20)).verdict).toBe("kept");
    expect(node.noneAnswered(one, window(12, 15)).verdict).toBe("kept");
    expect(node.noneAnswered(one, window(12, 15.003)).verdict).toBe("broken");
  });

  it("is not known when nobody tried", () => {
    expect(node.noneAnswered(valid, window(57, 60)).verdict).toBe("unknown");
  });
});
