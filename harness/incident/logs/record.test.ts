// One line of each kind of log that an engineer brings.

import { describe, expect, it } from "@jest/globals";
import { type LogRecord, type LogState, readRecord } from "./record.ts";

const state = (): LogState => ({ year: 2026 });

function recordOf(text: string, from: LogState = state()): LogRecord {
  const read = readRecord(text, 1, from);
  if (!("record" in read)) throw new Error(`no record: ${JSON.stringify(read)}`);
  return read.record;
}

const timeOf = (text: string): string => new Date(recordOf(text).atMs).toISOString();

const master = "(VI_1) Entering MASTER STATE";

describe("a line of", () => {
  it.each([
    ["journalctl -o short", `Nov 30 21:28:50 node-1 Keepalived_vrrp[145]: ${master}`, "2026-11-30T21:28:50.000Z", 1000],
    [
      "syslog with a day of one digit",
      `Apr  1 15:36:01 172 Keepalived_vrrp[52]: ${master}`,
      "2026-04-01T15:36:01.000Z",
      1000,
    ],
    ["syslog with its priority", `<30>Apr 1 15:36:01 h Keepalived[52]: ${master}`, "2026-04-01T15:36:01.000Z", 1000],
    [
      "journalctl -o short-precise",
      `Nov 30 21:28:50.817621 n Keepalived_vrrp[1]: ${master}`,
      "2026-11-30T21:28:50.817Z",
      0.001,
    ],
    [
      "journalctl -o short-iso",
      `2026-11-30T23:28:50+0200 n Keepalived_vrrp[1]: ${master}`,
      "2026-11-30T21:28:50.000Z",
      1000,
    ],
    [
      "journalctl -o short-iso-precise",
      `2026-11-30T21:28:50.817621+00:00 n Keepalived_vrrp[1]: ${master}`,
      "2026-11-30T21:28:50.817Z",
      0.001,
    ],
    [
      "journalctl -o short-full",
      `Mon 2026-11-30 21:28:50 UTC n Keepalived_vrrp[1]: ${master}`,
      "2026-11-30T21:28:50.000Z",
      1000,
    ],
    [
      "journalctl -o short-unix",
      `1796074130.817621 n Keepalived_vrrp[1]: ${master}`,
      "2026-11-30T21:28:50.817Z",
      0.001,
    ],
    ["keepalived on a console", `Mon Nov 30 21:28:50 2026: ${master}`, "2026-11-30T21:28:50.000Z", 1000],
    [
      "docker logs",
      `2026-11-30T21:28:50.817621719Z vrrp:  Mon Nov 30 21:28:50 2026: ${master}`,
      "2026-11-30T21:28:50.817Z",
      0.001,
    ],
    ["docker compose logs", `alpha-1  | Mon Nov 30 21:28:50 2026: ${master}`, "2026-11-30T21:28:50.000Z", 1000],
  ])("%s", (_, text, at, precisionMs) => {
    const record = recordOf(text);
    expect(new Date(record.atMs).toISOString()).toBe(at);
    expect(record).toMatchObject({ program: "keepalived", text: master, precisionMs });
  });

  it("nats-server's own file", () => {
    const record = recordOf("[33] 2026/11/30 21:28:41.639567 [INF] Starting nats-server");
    expect(record).toMatchObject({ program: "nats-server", text: "[INF] Starting nats-server" });
    expect(record.atMs).toBeCloseTo(Date.UTC(2026, 10, 30, 21, 28, 41) + 639.567, 3);
  });

  it("a journal as JSON, also with a message of bytes", () => {
    const entry = (MESSAGE: unknown) =>
      JSON.stringify({ __REALTIME_TIMESTAMP: "1796074130817621", SYSLOG_IDENTIFIER: "Keepalived_vrrp", MESSAGE });
    expect(recordOf(entry(master))).toMatchObject({ program: "keepalived", text: master });
    const bytes = [...Buffer.from(`\u001B[1m${master}\u001B[0m`)];
    expect(recordOf(entry(bytes)).text).toBe(master);
    expect(readRecord(entry(null), 1, state())).toHaveProperty("record.text", "");
  });
});

describe("the time of a record", () => {
  it("is that of the program where its stamp is the more exact one", () => {
    const line = (inner: string) => `2026-11-30T21:28:41.965555Z store:  [33] ${inner} [INF] Server is ready`;
    expect(timeOf(line("2026/11/30 21:28:41.695503"))).toBe("2026-11-30T21:28:41.695Z");
  });

  it("is corrected for a program that writes local time", () => {
    const from = state();
    const text = "2026-11-30T21:28:41.700000Z n nats-server[3]: [3] 2026/11/30 23:28:41.695503 [INF] x";
    expect(new Date(recordOf(text, from).atMs).toISOString()).toBe("2026-11-30T21:28:41.695Z");
    expect(from.localOffsetMs).toBe(2 * 3_600_000);
  });

  it("is that of the log where a line quotes an older one", () => {
    const text = "2026-11-30T21:28:41.700000Z n nats-server[3]: [3] 2026/11/02 23:20:00.695503 [INF] x";
    expect(timeOf(text)).toBe("2026-11-30T21:28:41.700Z");
  });

  it("goes on over New Year", () => {
    const from = state();
    recordOf("Dec 31 23:59:59 n a[1]: x", from);
    expect(new Date(recordOf("Jan  1 00:00:01 n a[1]: x", from).atMs).toISOString()).toBe("2027-01-01T00:00:01.000Z");
  });
});

describe("a line without a record", () => {
  it("is refused before the first stamp, and continues the record after it", () => {
    const from = state();
    expect(readRecord("  at foo (bar.js:1)", 1, from)).toEqual({ refused: "no-stamp" });
    recordOf("2026-11-30T21:28:41Z a[1]: x", from);
    expect(readRecord("  at foo (bar.js:1)", 2, from)).toHaveProperty("continues");
  });

  it("is a mark of journalctl", () => {
    expect(readRecord("-- Boot 0123456789abcdef --", 1, state())).toEqual({ mark: "boot" });
    expect(readRecord("-- Reboot --", 1, state())).toEqual({ mark: "boot" });
    expect(readRecord("-- Logs begin at Mon 2026-11-30 --", 1, state())).toEqual({ mark: "other" });
  });

  it("is damaged JSON", () => {
    expect(readRecord('{"MESSAGE":"a', 1, state())).toEqual({ refused: "bad-json" });
    expect(readRecord('{"MESSAGE":"a"}', 1, state())).toEqual({ refused: "no-stamp" });
  });
});
