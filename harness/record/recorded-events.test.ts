// What the recorder writes into the file, and what it knows all the same.

import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { nowNs } from "#base/clock.ts";
import type { HistoryEvent, HistoryHeader } from "#history/event.ts";
import { LiveHistory } from "#scenario/live-history.ts";
import { beginRecord, recordedHistory } from "#zones/record-files.ts";
import { readClosing, readRecorded, RecordedEvents } from "./recorded-events.ts";

const formerCache = process.env["TRIAD_CACHE"];
beforeEach(() => {
  process.env["TRIAD_CACHE"] = mkdtempSync(join(tmpdir(), "triad-recorded-"));
  const header = { format: "triad-history/2" } as unknown as HistoryHeader;
  beginRecord("a", header, { zoneId: "kept-a", startedAt: "2026-01-01", seed: 1, hasLoad: true });
});
afterEach(() => {
  rmSync(process.env["TRIAD_CACHE"]!, { recursive: true });
  if (formerCache === undefined) delete process.env["TRIAD_CACHE"];
  else process.env["TRIAD_CACHE"] = formerCache;
});

const look = (startedNs?: number): HistoryEvent => ({
  t: nowNs(),
  type: "observed",
  node: "beta",
  sinceNs: nowNs(),
  isAlive: true,
  ownsVip: false,
  listens: [],
  isFrozen: false,
  role: "BACKUP",
  ...(startedNs === undefined ? {} : { startedNs }),
});

it("leaves out the first look at a node that ran before, and the recorder knows its state", async () => {
  using history = new LiveHistory(new RecordedEvents("a"));
  history.record(look(nowNs() - 60e9));
  expect(history.lastLook("beta")).toMatchObject({ isAlive: true, role: "BACKUP" });
  expect((await readRecorded("a")).events).toEqual([]);
  history.record(look(nowNs()));
  history.record(look());
  expect((await readRecorded("a")).events).toHaveLength(2);
});

it("keeps what closes the history out of it, and only while it closes", async () => {
  using events = new RecordedEvents("a");
  using history = new LiveHistory({ write: events.write, [Symbol.dispose]: () => {} });
  events.beginClosing();
  history.mark("load-paused");
  history.mark("audited");
  events.endClosing();
  history.mark("audited");
  const marks = (await readRecorded("a")).events.map((event) => (event.type === "mark" ? event.mark : event.type));
  expect(marks).toEqual(["load-paused", "audited"]);
  expect(await readClosing("a")).toHaveLength(1);
});

it("counts lines that are no whole event", async () => {
  using events = new RecordedEvents("a");
  events.write(look());
  const path = recordedHistory("a");
  appendFileSync(path, '{"t":1,"ty');
  expect(await readRecorded("a")).toMatchObject({ damaged: 1, events: [expect.anything()] });
});
