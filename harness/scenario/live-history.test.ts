// A history while it is written: what waiters, followers and the file see of each event.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import type { HistoryEvent, HistoryHeader } from "#history/event.ts";
import { readHistory } from "#history/read-history.ts";
import { during, useFakeClock } from "./fakes/fake-clock.ts";
import { memoryHistory } from "./fakes/fake-context.ts";
import { headerOf } from "./history-header.ts";
import { LiveHistory } from "./live-history.ts";
import { fakeJob } from "./fakes/fake-job.ts";

useFakeClock();

const ok = (offset: number): HistoryEvent => ({
  t: 1,
  type: "ok",
  op: offset,
  process: "client-0",
  f: "append",
  offset,
});
const isOk = ({ type }: HistoryEvent) => type === "ok";
const waitFor = (signal = new AbortController().signal) => ({ what: "an answer", deadlineMs: 1_000, signal });

describe("a waiter", () => {
  it("gets the next event that matches, and none from before", async () => {
    const history = memoryHistory([]);
    history.record(ok(1));
    const next = history.next(isOk, waitFor());
    history.mark("steady");
    history.record(ok(2));
    history.record(ok(3));
    expect(await next).toEqual(ok(2));
  });

  it("gets an event that is already written", async () => {
    const written: HistoryEvent[] = [];
    const history = memoryHistory(written);
    const seen = history.next(isOk, waitFor()).then(() => written.length);
    history.record(ok(1));
    expect(await seen).toBe(1);
  });

  it("ends at its deadline, and says what it waited for", async () => {
    const history = memoryHistory([]);
    await expect(during(1_000, history.next(isOk, waitFor()))).rejects.toMatchObject({
      code: "wait/timeout",
      message: expect.stringContaining("1000 ms for an answer"),
    });
  });

  it("ends with an aborted signal, before or after it began to wait", async () => {
    const history = memoryHistory([]);
    const stop = new AbortController();
    const next = history.next(isOk, waitFor(stop.signal));
    stop.abort(new Error("interrupted"));
    await expect(next).rejects.toThrow("interrupted");
    await expect(history.next(isOk, waitFor(stop.signal))).rejects.toThrow("interrupted");
  });
});

describe("a follower", () => {
  it("sees every event until it is disposed", () => {
    const history = memoryHistory([]);
    const seen: HistoryEvent[] = [];
    const following = history.follow((event) => void seen.push(event));
    history.record(ok(1));
    following[Symbol.dispose]();
    history.record(ok(2));
    expect(seen).toEqual([ok(1)]);
  });
});

describe("a closed history", () => {
  it("writes no more, but waiters and the last look still see events", async () => {
    const written: HistoryEvent[] = [];
    const history = memoryHistory(written);
    history.close();
    const next = history.next(isOk, waitFor());
    history.record(ok(1));
    expect(await next).toEqual(ok(1));
    expect(written).toEqual([]);
  });
});

describe("the history of a peer", () => {
  it("is written into the same file, wrapped, and unseen by this zone's waiters", async () => {
    const written: HistoryEvent[] = [];
    const history = memoryHistory(written);
    const peer = history.ofPeer();
    const here = history.next(isOk, waitFor());
    const there = peer.next(isOk, waitFor());
    peer.record(ok(7));
    expect(written).toEqual([{ t: 1, type: "peer", event: ok(7) }]);
    expect(await there).toEqual(ok(7));
    expect(await Promise.race([here, Promise.resolve("none")])).toBe("none");
    history.record(ok(8));
    await here;
  });

  it("is not written once this history is closed", () => {
    const written: HistoryEvent[] = [];
    const history = memoryHistory(written);
    const peer = history.ofPeer();
    history.close();
    peer.record(ok(1));
    expect(written).toEqual([]);
  });
});

describe("the first offset", () => {
  it("lies 1,000 before the first acknowledged fact, because so many may have overtaken it", () => {
    const history = memoryHistory([]);
    expect(history.firstOffset).toBe(1);
    history.record(ok(4_500));
    history.record(ok(100));
    expect(history.firstOffset).toBe(3_500);
  });
});

describe("a history in a file", () => {
  it("has each event on disk before the next one, trouble too", () => {
    const folder = mkdtempSync(join(tmpdir(), "triad-live-"));
    try {
      const path = join(folder, "history.jsonl");
      const header: HistoryHeader = headerOf(fakeJob({ folder }));
      using history = LiveHistory.open(path, header);
      history.trouble(new HarnessError("agent/lost", "the stream ended"));
      const read = readHistory(path);
      expect(read.header).toEqual(header);
      expect([...read.events]).toMatchObject([{ type: "trouble", code: "agent/lost", message: "the stream ended" }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
