// Captures of VRRP, made byte by byte in both orders of bytes.

import { describe, expect, it } from "@jest/globals";
import { timelineOf } from "../timeline/timeline.ts";
import { advertSpans, bothAtOnce, captureText } from "./adverts.ts";
import { CaptureReader, type Capture } from "./read-capture.ts";

interface Sent {
  atMs: number;
  source: string;
  priority: number;
  protocol?: number;
}

function captureOf(sent: Sent[], { isLittle = true, linkType = 1, isNano = false } = {}): Buffer {
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    if (isLittle) bytes.writeUInt32LE(value >>> 0);
    else bytes.writeUInt32BE(value >>> 0);
    return bytes;
  };
  const header = [isNano ? 0xa1b23c4d : 0xa1b2c3d4, 0x00040002, 0, 0, 65_535, linkType].map(word);
  const packets = sent.map(({ atMs, source, priority, protocol = 112 }) => {
    const ip = Buffer.from([
      0x45,
      0,
      0,
      28,
      0,
      0,
      0,
      0,
      255,
      protocol,
      0,
      0,
      ...source.split(".").map(Number),
      10,
      0,
      1,
      12,
    ]);
    const vrrp = Buffer.from([0x31, 51, priority, 1, 0, 100, 0, 0]);
    const ethernet = linkType === 1 ? Buffer.from([1, 0, 94, 0, 0, 18, 2, 0, 0, 0, 0, 1, 8, 0]) : Buffer.alloc(0);
    const packet = Buffer.concat([ethernet, ip, vrrp]);
    const fraction = Math.round((atMs % 1000) * (isNano ? 1e6 : 1e3));
    return Buffer.concat([
      word(Math.floor(atMs / 1000)),
      word(fraction),
      word(packet.length),
      word(packet.length),
      packet,
    ]);
  });
  return Buffer.concat([...header, ...packets]);
}

function read(bytes: Buffer, chunk = 7): Capture {
  const reader = new CaptureReader("control.pcap");
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk));
  return reader.end();
}

const every = (source: string, fromMs: number, count: number): Sent[] =>
  Array.from({ length: count }, (_, index) => ({ atMs: fromMs + index * 1_000, source, priority: 150 }));

const start = Date.UTC(2026, 10, 30, 12);

describe("a capture", () => {
  it.each([
    { isLittle: true, linkType: 1, isNano: false },
    { isLittle: false, linkType: 1, isNano: true },
    { isLittle: true, linkType: 101, isNano: false },
  ])("is read in chunks of any size: %p", (format) => {
    const bytes = captureOf([{ atMs: start + 250.5, source: "10.0.1.11", priority: 150 }], format);
    for (const chunk of [1, 7, 4_096])
      expect(read(bytes, chunk).adverts).toEqual([{ atMs: start + 250.5, source: "10.0.1.11", priority: 150 }]);
  });

  it("holds adverts among other packets", () => {
    const { adverts, packets } = read(
      captureOf([...every("10.0.1.11", start, 2), { atMs: start, source: "10.0.1.11", priority: 0, protocol: 17 }]),
    );
    expect([adverts.length, packets]).toEqual([2, 3]);
  });

  it("says that it is cut short", () => {
    const bytes = captureOf(every("10.0.1.11", start, 3));
    expect(read(bytes.subarray(0, bytes.length - 5))).toMatchObject({ isCutShort: true, packets: 2 });
  });

  it("is refused when it is something else", () => {
    expect(() => read(Buffer.from("this is a text and no capture at all"))).toThrow(/no header of a capture/);
    const next = Buffer.alloc(64);
    next.writeUInt32LE(0x0a0d0d0a);
    expect(() => read(next)).toThrow(/the format pcapng/);
    expect(() => read(Buffer.alloc(3))).toThrow(/fewer bytes/);
    const huge = captureOf(every("10.0.1.11", start, 1));
    huge.writeUInt32LE(0xffffffff, 32);
    expect(() => read(huge)).toThrow(/a packet of 4294967295 bytes/);
  });
});

describe("adverts", () => {
  const adverts = [...every("10.0.1.11", start, 20), ...every("10.0.1.12", start + 10_000, 15)].sort(
    (a, b) => a.atMs - b.atMs,
  );

  it("of two sources at once are two masters", () => {
    const spans = advertSpans(adverts, new Map());
    expect(bothAtOnce(spans)).toEqual([
      { fromMs: start + 10_000, toMs: start + 19_000, sources: ["10.0.1.11", "10.0.1.12"] },
    ]);
  });

  it("of one source end with a gap, and with priority 0", () => {
    const gap = [...every("10.0.1.11", start, 3), ...every("10.0.1.11", start + 20_000, 2)];
    expect(advertSpans(gap, new Map())).toHaveLength(2);
    const given = [...every("10.0.1.11", start, 3), { atMs: start + 3_000, source: "10.0.1.11", priority: 0 }];
    expect(advertSpans(given, new Map())[0]).toMatchObject({ adverts: 4, isGivenUp: true });
  });

  it("are told with the names of the nodes", () => {
    const capture = { adverts, packets: 35, dropped: 0, isCutShort: false };
    const addresses = new Map([["10.0.1.11", "alpha"] as const]);
    const timeline = { ...timelineOf([]), addresses };
    expect(captureText(capture, advertSpans(adverts, addresses), timeline).join("\n")).toMatch(
      /both alpha and 10\.0\.1\.12, no node of these logs sent adverts: two masters for 9\.0 s/,
    );
  });
});
