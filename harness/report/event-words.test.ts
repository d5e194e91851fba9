// Events as sentences: each kind says what was recorded. An unknown kind is shown as JSON.

import { describe, expect, it } from "@jest/globals";
import type { HistoryEvent } from "#history/event.ts";
import { eventWords } from "./event-words.ts";

describe("an event in words", () => {
  it.each([
    [
      { type: "observed", node: "beta", isAlive: true, ownsVip: true, listens: ["198.18.0.10:9443"], isFrozen: true },
      "beta owns the VIP, listens on 198.18.0.10:9443, is frozen",
    ],
    [{ type: "observed", node: "beta", isAlive: false, listens: [] }, "beta is down"],
    [
      { type: "fault", phase: "effective", fault: "kill", nodes: ["alpha"], proof: "exited 137" },
      "fault kill on alpha: effective (exited 137)",
    ],
    [
      {
        type: "gates",
        node: "beta",
        gates: { vip: { isOpen: true, why: "" }, storage: { isOpen: false, why: "EIO" } },
      },
      "gates reported by beta: storage closed (EIO)",
    ],
    [
      { type: "handshake", row: "version TLSv1.1", outcome: "refused", error: "alert 70" },
      "handshake version TLSv1.1: refused (alert 70)",
    ],
    [
      { type: "search", node: "beta", folder: "/data", key: "b/k", filesRead: 4, found: [] },
      "4 files under /data of beta searched for b/k: not found",
    ],
    [{ type: "ok", f: "append", process: "p1", node: "beta" }, "append ok by p1 answered by beta"],
    [{ type: "peer", event: { type: "mark", mark: "steady" } }, "in the peer zone: mark steady"],
    [
      { type: "flows", seenBy: "alpha", segment: "peer", pairs: [] },
      "traffic on peer, seen by alpha: 0 pairs of addresses",
    ],
    [{ type: "info", f: "append", process: "p1", error: "timeout" }, "append info by p1 (timeout)"],
    [{ type: "not yet known", what: 1 }, '{"type":"not yet known","what":1}'],
  ])("%j", (event, words) => {
    expect(eventWords(event as unknown as HistoryEvent)).toBe(words);
  });
});
