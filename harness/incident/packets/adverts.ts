// What a capture of VRRP tells: who sent adverts when, and whether two did at once. Pure.

import type { NodeName } from "#spec/node.ts";
import type { Addresses } from "../timeline/addresses.ts";
import { agreedDifference } from "../timeline/align-clocks.ts";
import { clockText } from "../timeline/print-timeline.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Advert, Capture } from "./read-capture.ts";

/** Adverts of one source without a gap. */
export interface AdvertSpan {
  source: string;
  node?: NodeName;
  fromMs: number;
  toMs: number;
  adverts: number;
  /** Its last advert gave the role up. */
  isGivenUp: boolean;
}

/** Adverts of a master come once a second; keepalived's default is the same. */
const gapMaxMs = 3_500;

export function advertSpans(adverts: readonly Advert[], addresses: Addresses): AdvertSpan[] {
  const open = new Map<string, AdvertSpan>();
  const all: AdvertSpan[] = [];
  for (const { source, atMs, priority } of adverts) {
    const current = open.get(source);
    if (current && atMs - current.toMs <= gapMaxMs && !current.isGivenUp) {
      current.toMs = atMs;
      current.adverts += 1;
      current.isGivenUp = priority === 0;
      continue;
    }
    const node = addresses.get(source);
    const span = { source, ...(node ? { node } : {}), fromMs: atMs, toMs: atMs, adverts: 1, isGivenUp: priority === 0 };
    open.set(source, span);
    all.push(span);
  }
  return all;
}

/** Two nodes that sent adverts at the same time. One advert each is a hand-over. */
export function bothAtOnce(spans: readonly AdvertSpan[]): { fromMs: number; toMs: number; sources: string[] }[] {
  const found = [];
  for (const [index, a] of spans.entries())
    for (const b of spans.slice(index + 1)) {
      const fromMs = Math.max(a.fromMs, b.fromMs);
      const toMs = Math.min(a.toMs, b.toMs);
      if (a.source !== b.source && toMs - fromMs > 1_000) found.push({ fromMs, toMs, sources: [a.source, b.source] });
    }
  return found;
}

/** The capture on the common clock: a node's first advert goes out when it logs that it is MASTER. */
function captureSkew(spans: readonly AdvertSpan[], { signs }: Timeline): { ms: number; withinMs: number } | undefined {
  const masters = signs.filter(({ sign }) => sign.kind === "master");
  const bounds = spans.flatMap((span) =>
    masters
      .filter(({ node }) => node === span.node)
      .map(({ atMs, precisionMs }) => ({ loMs: span.fromMs - atMs - precisionMs - 20, hiMs: span.fromMs - atMs + 40 })),
  );
  return agreedDifference(bounds);
}

export function captureText(capture: Capture, spans: readonly AdvertSpan[], timeline: Timeline): string[] {
  const skew = captureSkew(spans, timeline);
  const at = (ms: number): string => clockText(ms - (skew?.ms ?? 0));
  const name = (source: string): string => timeline.addresses.get(source) ?? `${source}, no node of these logs`;
  return [
    `${capture.packets} packets, ${capture.adverts.length} VRRP adverts${capture.isCutShort ? "; the file is cut short" : ""}`,
    skew
      ? `its clock is ${Math.abs(skew.ms).toFixed(0)} ms ${skew.ms < 0 ? "behind" : "ahead of"} the common one, within ${skew.withinMs.toFixed(0)} ms`
      : "no advert begins when a log says MASTER: its times are taken as they are",
    ...spans.map(
      ({ source, fromMs, toMs, adverts, isGivenUp }) =>
        `${at(fromMs)} to ${at(toMs)}  ${name(source)}: ${adverts} adverts${isGivenUp ? ", the last one gave the role up" : ""}`,
    ),
    ...bothAtOnce(spans).map(
      ({ fromMs, toMs, sources }) =>
        `${at(fromMs)} to ${at(toMs)}  both ${sources.map(name).join(" and ")} sent adverts: two masters for ${((toMs - fromMs) / 1000).toFixed(1)} s`,
    ),
  ];
}
