// One line of a log as a record: when, which program, what it said. Knows journald's JSON and text formats, syslog,
// container logs, and the stamps of nats-server and keepalived inside them. Pure.

import { innerStamp, outerStamp, type Stamp } from "./stamps.ts";

export type Program = "keepalived" | "nats-server" | "controller" | "systemd" | "kernel" | "other";

export interface LogRecord {
  /** Milliseconds since 1970 on the clock of the node. */
  atMs: number;
  /** The true time lies less than this after `atMs`. */
  precisionMs: number;
  program: Program;
  /** As the log names it, e.g. "Keepalived_vrrp", "chronyd". */
  identifier: string;
  text: string;
  /** Line of the file, counted from 1. */
  line: number;
  /** The first record of another boot than the record before it. */
  isNewBoot?: true;
}

/** What is known about a file while it is read. */
export interface LogState {
  /** Year for stamps without one. Goes up when the month goes from December to January. */
  year: number;
  /**
   * Local time minus UTC, where the log showed both stamps in one line. Stamps without a zone are corrected by it;
   * without it they are taken as UTC.
   */
  localOffsetMs?: number;
  lastMs?: number;
  /** journald's id of the last boot. */
  bootId?: string;
  format?: string;
}

export type ReadLine =
  | { record: LogRecord }
  | { refused: "no-stamp" | "bad-json" }
  | { continues: string }
  /** A line of journalctl itself, which has no time. */
  | { mark: "boot" | "other" };

const journalMark = /^-- .+ --$/;
const bootMark = /^-- (?:Boot [0-9a-f]+|Reboot) --$/;

/** Reads one line. A line without a stamp continues the record before it. */
export function readRecord(text: string, line: number, state: LogState): ReadLine {
  const plain = text.startsWith("data: ") ? text.slice(6) : text;
  if (plain.startsWith("{")) return fromJson(plain, line, state);
  if (journalMark.test(plain)) return { mark: bootMark.test(plain) ? "boot" : "other" };
  return fromText(withoutComposePrefix(plain), line, state);
}

interface JournalEntry {
  __REALTIME_TIMESTAMP?: unknown;
  MESSAGE?: unknown;
  SYSLOG_IDENTIFIER?: unknown;
  _COMM?: unknown;
  _SYSTEMD_UNIT?: unknown;
  _BOOT_ID?: unknown;
}

function fromJson(text: string, line: number, state: LogState): ReadLine {
  let entry: JournalEntry;
  try {
    entry = JSON.parse(text) as JournalEntry;
  } catch {
    return { refused: "bad-json" };
  }
  const micros = Number(wordOf(entry.__REALTIME_TIMESTAMP));
  if (!Number.isFinite(micros) || micros <= 0) return { refused: "no-stamp" };
  state.format ??= "journal JSON";
  const identifier = wordOf(entry.SYSLOG_IDENTIFIER) || wordOf(entry._COMM) || wordOf(entry._SYSTEMD_UNIT);
  const stamp = { atMs: micros / 1000, precisionMs: 0.001, hasZone: true, lacksYear: false };
  const record = unfold({ stamp, identifier, text: messageOf(entry.MESSAGE), line }, state);
  return { record: isNewBoot(wordOf(entry._BOOT_ID), state) ? { ...record, isNewBoot: true } : record };
}

function isNewBoot(bootId: string, state: LogState): boolean {
  if (bootId === "" || bootId === state.bootId) return false;
  const isFirst = state.bootId === undefined;
  state.bootId = bootId;
  return !isFirst;
}

/** Of a field that occurs twice, journald writes an array. */
function wordOf(value: unknown): string {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === "string" || typeof one === "number" ? String(one) : "";
}

/** journald writes a message that is not plain UTF-8 text as an array of bytes. */
function messageOf(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one === "number"))
    return Buffer.from(value as number[])
      .toString("utf8")
      .replaceAll(/\u001B\[[0-9;]*m/g, "");
  return wordOf(value);
}

/** `docker compose logs` writes "alpha-1  | " before each line. */
function withoutComposePrefix(text: string): string {
  return text.replace(/^[\w.-]+\s+\| /, "");
}

/** Host and program of a syslog line: "plant-a-1 Keepalived_vrrp[144285]: ". */
const header = /^([^\s[]\S*) ([\w@./() -]{1,80}?)(?:\[\d+\])?: ?/;
/** Names that the reference node puts before the lines of its programs. */
const supervised = /^(vrrp|store|gate|controller|init): +/;

function fromText(text: string, line: number, state: LogState): ReadLine {
  const stamp = outerStamp(text, state.year);
  if (!stamp) {
    // A file that nats-server or keepalived wrote itself.
    if (innerStamp(text))
      return { record: unfold({ stamp: undefined, identifier: "", text, line }, note(state, "program's own")) };
    return state.lastMs === undefined ? { refused: "no-stamp" } : { continues: text };
  }
  const inYear = stamp.lacksYear ? correctYear(stamp, state) : stamp;
  const own = supervised.exec(stamp.rest);
  if (own) {
    note(state, "container");
    return {
      record: unfold({ stamp: inYear, identifier: own[1]!, text: stamp.rest.slice(own[0].length), line }, state),
    };
  }
  const head = innerStamp(stamp.rest) ? null : header.exec(stamp.rest);
  note(state, head ? "journal or syslog text" : "container");
  const identifier = head ? head[2]! : "";
  const body = head ? stamp.rest.slice(head[0].length) : stamp.rest;
  return { record: unfold({ stamp: inYear, identifier, text: body, line }, state) };
}

function note(state: LogState, format: string): LogState {
  state.format ??= format;
  return state;
}

const halfYearMs = 183 * 86_400_000;

/** Over New Year the stamps seem to go back by a year. */
function correctYear(stamp: Stamp, state: LogState): Stamp {
  if (state.lastMs === undefined || state.lastMs - stamp.atMs < halfYearMs) return stamp;
  state.year += 1;
  const date = new Date(stamp.atMs);
  date.setUTCFullYear(state.year);
  return { ...stamp, atMs: date.getTime() + (stamp.atMs % 1) };
}

type Outer = Omit<Stamp, "rest">;

/** Takes the inner stamp, if there is one, off the text, and decides which time counts. */
function unfold(
  { stamp, identifier, text, line }: { stamp: Outer | undefined; identifier: string; text: string; line: number },
  state: LogState,
): LogRecord {
  const inner = innerStamp(text);
  const body = inner ? inner.rest : text;
  const program = inner?.program ?? programOf(identifier, body);
  const { atMs, precisionMs } = timeOf(stamp, inner, state);
  state.lastMs = atMs;
  return { atMs, precisionMs, program, identifier, text: body, line };
}

/** Zones differ from UTC by multiples of this. */
const zoneStepMs = 15 * 60_000;
const zoneMaxMs = 14 * 3_600_000;
/** A line of a program reaches its log this late at most. */
const lateMaxMs = 60_000;

function timeOf(
  outer: Outer | undefined,
  inner: Stamp | undefined,
  state: LogState,
): Pick<Stamp, "atMs" | "precisionMs"> {
  if (!inner) return outer!.hasZone ? outer! : { ...outer!, atMs: outer!.atMs - (state.localOffsetMs ?? 0) };
  const apartMs = outer?.hasZone ? inner.atMs - outer.atMs : 0;
  const zoneMs = Math.round(apartMs / zoneStepMs) * zoneStepMs;
  // A line that quotes an older one, or was kept back for minutes.
  if (outer && (Math.abs(zoneMs) > zoneMaxMs || Math.abs(apartMs - zoneMs) > lateMaxMs)) return outer;
  if (outer?.hasZone) state.localOffsetMs = zoneMs;
  const local = state.localOffsetMs ?? 0;
  // A line may reach the log late: the program's own stamp is nearer to the event when it is exact.
  if (outer && inner.precisionMs > outer.precisionMs)
    return outer.hasZone ? outer : { ...outer, atMs: outer.atMs - local };
  return { atMs: inner.atMs - local, precisionMs: inner.precisionMs };
}

const identifiers: readonly [RegExp, Program][] = [
  [/^keepalived|^vrrp$/i, "keepalived"],
  [/^nats|^store$/i, "nats-server"],
  [/^kernel$/, "kernel"],
  [/^(?:systemd|systemd-\w+|init|chronyd|ntpd)$/, "systemd"],
  [/bsfg|controller|^gate$|promoter/i, "controller"],
];

function programOf(identifier: string, text: string): Program {
  const known = identifiers.find(([pattern]) => pattern.test(identifier));
  if (known) return known[1];
  return /^\[(?:INF|WRN|ERR|FTL|DBG)\] /.test(text) ? "nats-server" : "other";
}
