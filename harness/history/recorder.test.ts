// The recorder writes the header first and each event at once, and reports two open operations of a process as trouble.

import { describe, expect, it } from "@jest/globals";

import { decodeHistory } from "./codec.ts";
import type { HistoryHeader, OperationEvent } from "./event.ts";
import { HistoryRecorder } from "./recorder.ts";

const header = {
  format: "triad-history/1",
  suite: "s",
  scenario: "x",
  repeat: 1,
  seed: 1,
  entries: [],
  plannedFaults: [],
  bounds: {},
  zone: {
    vip: "v",
    rpcPort: 1,
    nodes: { alpha: { zoneAddress: "a" }, beta: { zoneAddress: "b" }, gamma: { zoneAddress: "c" } },
    spec: {},
  },
} as unknown as HistoryHeader;
const call = (t: number, type: OperationEvent["type"], op: number, process = "client-0"): OperationEvent => ({
  t,
  type,
  op,
  process,
  f: "append",
});

function begun(): { recorder: HistoryRecorder; lines: string[] } {
  const lines: string[] = [];
  const recorder = new HistoryRecorder((line) => lines.push(line));
  recorder.begin(header);
  return { recorder, lines };
}

describe("the recorder", () => {
  it("refuses an event before the header, and a second header", () => {
    const recorder = new HistoryRecorder(() => {});
    expect(() => recorder.record(call(1, "invoke", 1))).toThrow("before the header");
    recorder.begin(header);
    expect(() => recorder.begin(header)).toThrow("second one");
  });

  it("writes each event at once, as a line the codec reads", () => {
    const { recorder, lines } = begun();
    recorder.record(call(1, "invoke", 1));
    expect(lines).toHaveLength(2);
    recorder.record(call(2, "ok", 1));
    expect(Array.from(decodeHistory(lines.join("")).events, (event) => event.type)).toEqual(["invoke", "ok"]);
    expect({ events: recorder.events, troubles: recorder.troubles }).toEqual({ events: 2, troubles: 0 });
  });

  it("raises trouble when a process opens a second operation, and keeps the event", () => {
    const { recorder, lines } = begun();
    recorder.record(call(1, "invoke", 1));
    recorder.record(call(2, "invoke", 2));
    expect(Array.from(decodeHistory(lines.join("")).events, (event) => event.type)).toEqual([
      "invoke",
      "invoke",
      "trouble",
    ]);
    expect(recorder.troubles).toBe(1);
  });

  it("raises trouble when an outcome is not that of the open operation", () => {
    const { recorder } = begun();
    recorder.record(call(1, "ok", 1));
    expect(recorder.troubles).toBe(1);
  });

  it("lets two processes have one open operation each", () => {
    const { recorder } = begun();
    recorder.record(call(1, "invoke", 1));
    recorder.record(call(2, "invoke", 2, "client-1"));
    expect(recorder.troubles).toBe(0);
  });
});
