// A timeline for a person: the files, the clocks, and the events, with repetitions drawn together. Pure.

import type { LogFile } from "./node-log.ts";
import type { SignKind } from "./sign.ts";
import type { Timeline, TimedSign } from "./timeline.ts";

/** Time of day of the common clock. */
export const clockText = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

const eventsMax = 400;
/** Lines of one kind about one thing are drawn together over this time. */
const togetherMs = 15_000;

/** Signs that tell a reader nothing on their own. */
const quiet: ReadonlySet<SignKind> = new Set(["own-address", "heard-advert"]);

export function filesText({ logs }: Timeline): string[] {
  return logs.flatMap(({ node, files }) => files.map((file) => `${node.padEnd(6)} ${fileText(file)}`));
}

function fileText(file: LogFile): string {
  const parts = [`${file.path}: ${file.lines} lines, ${file.format}`];
  if (file.firstMs !== undefined)
    parts.push(`${new Date(file.firstMs).toISOString()} to ${new Date(file.lastMs!).toISOString()}`);
  if (file.unstamped > 0) parts.push(`${file.unstamped} lines without a time`);
  if (file.badJson > 0) parts.push(`${file.badJson} damaged entries`);
  if (file.cutLines > 0) parts.push(`${file.cutLines} lines too long, cut`);
  if (file.dropped > 0) parts.push(`${file.dropped} events beyond the most that are kept, left out`);
  return parts.join("; ");
}

/** Shorter ones are usual on a quiet node. */
const silenceMinMs = 5_000;
const silencesMax = 3;

/** The longest times in which a node wrote nothing. */
export function silencesText({ silences, logs }: Timeline): string[] {
  return logs.flatMap(({ node }) =>
    silences
      .filter((one) => one.node === node && one.toMs - one.fromMs >= silenceMinMs)
      .sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))
      .slice(0, silencesMax)
      .map(
        ({ fromMs, toMs }) =>
          `${node}: no line for ${((toMs - fromMs) / 1000).toFixed(1)} s, from ${clockText(fromMs)} to ${clockText(toMs)}`,
      ),
  );
}

export function clocksText({ alignment }: Timeline): string[] {
  const lines = alignment.clocks.map(({ node, ms, withinMs }) => {
    if (node === alignment.reference) return `${node.padEnd(6)} the common clock`;
    if (ms === undefined) return `${node.padEnd(6)} unknown`;
    const events = alignment.pairs.filter(({ a, b }) => a === node || b === node).map((pair) => pair.events.length);
    const direction = ms < 0 ? "behind" : "ahead";
    return `${node.padEnd(6)} ${Math.abs(ms).toFixed(0)} ms ${direction}, within ${withinMs!.toFixed(0)} ms, from ${events.reduce((a, b) => a + b, 0)} events that it and another node saw`;
  });
  return [...lines, ...alignment.remarks];
}

export function eventsText(timeline: Timeline): string[] {
  const rows: { first: TimedSign; last: TimedSign; count: number }[] = [];
  const open = new Map<string, (typeof rows)[number]>();
  for (const seen of timeline.signs) {
    if (quiet.has(seen.sign.kind)) continue;
    const key = `${seen.node} ${JSON.stringify(seen.sign)}`;
    const row = open.get(key);
    if (row && seen.atMs - row.last.atMs < togetherMs) {
      row.last = seen;
      row.count += 1;
      continue;
    }
    const begun = { first: seen, last: seen, count: 1 };
    open.set(key, begun);
    rows.push(begun);
  }
  const shown = rows.slice(0, eventsMax).map(({ first, last, count }) => {
    const times = count > 1 ? ` (${count} times, until ${clockText(last.atMs)})` : "";
    return `${clockText(first.atMs)}  ${first.node.padEnd(6)}${describe(first, timeline)}${times}`;
  });
  return rows.length > eventsMax ? [...shown, `and ${rows.length - eventsMax} events more`] : shown;
}

/** A sign in words, with nodes for addresses. */
export function describe({ sign, text }: TimedSign, { addresses }: Pick<Timeline, "addresses">): string {
  const who = (address: string): string => addresses.get(address) ?? address;
  switch (sign.kind) {
    case "master":
    case "backup":
    case "fault":
      return `VRRP ${sign.kind.toUpperCase()}`;
    case "master-is":
      return `VRRP: hears ${who(sign.address)} as the master`;
    case "late-timer":
      return `keepalived was held up for ${Number(sign.seconds).toFixed(1)} s`;
    case "started":
      return `${sign.program} began`;
    case "booted":
      return "the node began";
    case "stopping":
      return `${sign.program} was asked to end`;
    case "ended":
      return `${sign.program} ended: ${sign.how}`;
    case "meta-leader":
      return sign.name === "self" ? "elected leader of JetStream" : `follows ${sign.name}, leader of JetStream`;
    case "stream-leader":
      return `elected leader of ${sign.stream.replace("$G > ", "")}`;
    case "route-closed":
      return `route to ${who(sign.address)} closed: ${sign.why}`;
    case "dial-failed":
      return `cannot reach the server of ${who(sign.address)}: ${sign.why.replace("connect: ", "")}`;
    default: {
      const kind = sign.kind.replaceAll("-", " ");
      const said = text.slice(0, 110);
      return said.toLowerCase().startsWith(kind) ? said : `${kind}: ${said}`;
    }
  }
}
