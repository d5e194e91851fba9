// The codec reads histories back exactly, in order of time, and refuses what it cannot read, naming the line.

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import type { HarnessError } from "#base/errors.ts";
import { decodeHistory, encodeHistory, encodeLine, HistoryDecoder } from "./codec.ts";
import { type HistoryEvent, type HistoryHeader, historyFormat } from "./event.ts";

const header: HistoryHeader = {
  format: historyFormat,
  suite: "s",
  scenario: "fail-1-kill",
  repeat: 1,
  seed: 7,
  entries: ["FAIL-1"],
  plannedFaults: [],
  zone: {
    vip: "198.18.0.10",
    rpcPort: 9443,
    nodes: { alpha: { zoneAddress: "a" }, beta: { zoneAddress: "b" }, gamma: { zoneAddress: "c" } },
    spec: {},
  },
  bounds: {},
};
const mark = (t: number, detail: { saw?: string } = {}): HistoryEvent => ({ t, type: "mark", mark: "steady", detail });
const refusal = (text: string): HarnessError => {
  try {
    decodeHistory(text);
  } catch (thrown) {
    return thrown as HarnessError;
  }
  throw new Error("it was read");
};

describe("the codec", () => {
  it("reads back exactly what it wrote, unknown details and newlines inside text included", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.dictionary(fc.string(), fc.string()))), (rows) => {
        const events = rows.map(([t, detail]) => mark(t, { saw: JSON.stringify(detail) })).sort((a, b) => a.t - b.t);
        const decoded = decodeHistory(encodeHistory({ header, events }));
        expect({ header: decoded.header, events: [...decoded.events] }).toEqual({ header, events });
      }),
    );
  });

  it("reads triad-history/1, which had other names for three event types", () => {
    const older = [
      { ...header, format: "triad-history/1" },
      { t: 1, type: "survey", node: "alpha", processes: [], sockets: [], addresses: [], mounts: [], sysctls: {} },
      { t: 2, type: "peer", event: { t: 2, type: "talk", seenBy: "alpha", segment: "peer", pairs: [] } },
      { t: 3, type: "inventory", label: "l", node: "beta", stream: "s", messages: 0, blocks: {}, consumers: [] },
    ];
    const decoded = decodeHistory(older.map((line) => `${JSON.stringify(line)}\n`).join(""));
    expect(decoded.header.format).toBe(historyFormat);
    expect(Array.from(decoded.events)).toMatchObject([
      { type: "inspection" },
      { type: "peer", event: { type: "flows" } },
      { type: "replica-dump" },
    ]);
    expect(refusal(encodeHistory({ header, events: [{ ...older[1] } as never] })).message).toContain("survey");
  });

  it("reads calls and stored messages back exactly, whatever their texts and numbers, in pieces of any size", () => {
    const number = fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme-ascii" }),
      fc.constantFrom("a", "ab"),
    );
    const call = fc.record(
      {
        t: number,
        type: fc.constantFrom("invoke", "ok", "fail", "info"),
        op: number,
        process: text,
        f: fc.constantFrom("append", "fetch", "confirm"),
        messageId: text,
        digest: text,
        offset: number,
        count: fc.nat(),
        node: fc.constantFrom("alpha", "beta"),
        error: text,
        page: fc.constant([{ offset: 1, digest: "d" }]),
        more: text,
      },
      { requiredKeys: ["t", "type", "op", "process", "f"] },
    );
    const stored = fc.record({ t: number, type: fc.constant("stored"), offset: number, messageId: text, digest: text });
    fc.assert(
      fc.property(fc.array(fc.oneof(call, stored)), fc.integer({ min: 1, max: 400 }), (rows, pieceBytes) => {
        const events = (rows as HistoryEvent[]).toSorted((a, b) => a.t - b.t);
        const bytes = Buffer.from(encodeHistory({ header, events }));
        const decoder = new HistoryDecoder();
        const piece = Buffer.alloc(pieceBytes);
        for (let at = 0; at < bytes.length; at += pieceBytes) decoder.push(piece.subarray(0, bytes.copy(piece, 0, at)));
        expect(JSON.parse(JSON.stringify([...decoder.end().events]))).toEqual(JSON.parse(JSON.stringify(events)));
      }),
    );
  });

  it("sorts by t and keeps the order of the file among equal stamps", () => {
    const lines = [mark(5, { saw: "1" }), mark(3, { saw: "2" }), mark(5, { saw: "3" }), mark(3, { saw: "4" })]
      .map(encodeLine)
      .join("");
    expect(
      Array.from(
        decodeHistory(encodeLine(header) + lines).events,
        (event) => event.type === "mark" && event.mark === "steady" && event.detail?.saw,
      ),
    ).toEqual(["2", "4", "1", "3"]);
  });

  it.each([
    ["an empty file", "", /line 0: the file holds no header/],
    ["another format", '{"format":"triad-history/3"}\n', /line 1: format is "triad-history\/3"/],
    ["events before a header", encodeLine(mark(1)), /line 1: format is undefined/],
    ["a line cut short", `${encodeLine(header)}${encodeLine(mark(1))}{"t":2,"type":"ma`, /line 3: not JSON/],
    ["a call cut short", `${encodeLine(header)}{"t":2,"type":"ok","op":3,"process":`, /line 2: not JSON/],
    [
      "two on one line",
      `${encodeLine(header)}{"t":2,"type":"ok","op":3,"process":"p","f":"append"}{}\n`,
      /line 2: not JSON/,
    ],
    ["an unknown type", `${encodeLine(header)}{"t":1,"type":"wish"}\n`, /line 2: no event has the type "wish"/],
    [
      "a fault of another version",
      `${encodeLine(header)}{"t":1,"type":"fault","phase":"intended","fault":"meteor","id":1,"nodes":[]}\n`,
      /line 2: this version has no fault "meteor"/,
    ],
    ["a stamp that is no number", `${encodeLine(header)}{"t":"1","type":"mark","mark":"steady"}\n`, /line 2: t is "1"/],
    [
      "a missing field",
      `${encodeLine(header)}\n{"t":1,"type":"stored","offset":1}\n`,
      /line 3: messageId of a stored event is missing/,
    ],
    [
      "a mark without what its name promises",
      `${encodeLine(header)}{"t":1,"type":"mark","mark":"repaired"}\n`,
      /line 2: node of the detail of a "repaired" mark is missing/,
    ],
    [
      "a mark with a field of another type",
      `${encodeLine(header)}{"t":1,"type":"mark","mark":"flushed","detail":{"beganNs":1,"nodes":["delta"]}}\n`,
      /line 2: nodes of the detail of a "flushed" mark is \["delta"\]/,
    ],
    [
      "a fault whose spec has a field of another type",
      `${encodeLine(header)}{"t":1,"type":"fault","phase":"intended","fault":"cut","id":1,"nodes":[],"detail":{"segments":"zone"}}\n`,
      /line 2: segments of the detail of an intended "cut" fault is "zone"/,
    ],
    ["a list", `${encodeLine(header)}[1]\n`, /line 2: not an object/],
  ])("refuses %s, naming the line", (_what, text, words) => {
    expect(refusal(text)).toMatchObject({ code: "history/bad-format", message: expect.stringMatching(words) });
  });
});
