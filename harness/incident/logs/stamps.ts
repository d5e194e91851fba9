// Time stamps as programs of a zone write them: ISO 8601, syslog without a year, nats-server, keepalived. Pure. A stamp
// without a zone is taken as UTC; align-clocks.ts finds the difference.

export interface Stamp {
  /** Milliseconds since 1970, with fractions. */
  atMs: number;
  /** The true time lies less than this after `atMs`: the stamp is cut to that unit. */
  precisionMs: number;
  /** The stamp says its own zone. */
  hasZone: boolean;
  /** The stamp has no year: `atMs` is in the year that was given. */
  lacksYear: boolean;
  /** The text after the stamp. */
  rest: string;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const monthOf = (text: string): number => months.indexOf(text.slice(0, 3).toLowerCase());

const clock = String.raw`(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?`;
const isoStamp = new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})[T ]${clock} ?(Z|UTC|[+-]\d{2}:?\d{2})?(?=\s|$)\s*`);
const syslogStamp = new RegExp(String.raw`^(?:<\d{1,3}>)?([A-Z][a-z]{2}) +(\d{1,2}) ${clock}(?:\s+|$)`);
/** `journalctl -o short-full`: "Mon 2026-11-30 21:28:41 UTC". */
const fullStamp = new RegExp(String.raw`^[A-Z][a-z]{2} (\d{4})-(\d{2})-(\d{2}) ${clock} ([A-Z]{3,5})\s+`);
const natsStamp = new RegExp(String.raw`^\[(\d+)\] (\d{4})/(\d{2})/(\d{2}) ${clock} `);
/** The stamp of C's `ctime`, as keepalived writes it to a console: "Mon Nov 30 21:28:41 2026: ". */
const ctimeStamp = new RegExp(String.raw`^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) ${clock} (\d{4}): ?`);
/** `journalctl -o short-unix`. */
const unixStamp = /^(\d{9,10})\.(\d{3,9})\s+/;

interface Fields {
  year: number;
  month: number;
  day: number;
  clock: (string | undefined)[];
}

function timeOf({ year, month, day, clock: [hour, minute, second, fraction] }: Fields): number {
  const whole = Date.UTC(year, month, day, Number(hour), Number(minute), Number(second));
  return whole + (fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000);
}

const precisionOf = (fraction: string | undefined): number =>
  fraction === undefined ? 1000 : 1000 / 10 ** Math.min(fraction.length, 6);

function offsetMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}

/** The stamp at the beginning of a line, in any of the known forms. `year` is used where the stamp has none. */
export function outerStamp(text: string, year: number): Stamp | undefined {
  const first = text.charCodeAt(0);
  // Digits begin ISO and Unix stamps, capitals and "<" syslog and ctime.
  if (first >= 48 && first <= 57) return isoOf(text) ?? unixOf(text);
  return syslogOf(text, year) ?? fullOf(text);
}

function isoOf(text: string): Stamp | undefined {
  const match = isoStamp.exec(text);
  if (!match) return undefined;
  const [whole, year, month, day, ...rest] = match;
  const zone = rest[4];
  const atMs = timeOf({ year: Number(year), month: Number(month) - 1, day: Number(day), clock: rest });
  return {
    atMs: atMs - (zone ? offsetMs(zone) : 0),
    precisionMs: precisionOf(rest[3]),
    hasZone: zone !== undefined,
    lacksYear: false,
    rest: text.slice(whole.length),
  };
}

function unixOf(text: string): Stamp | undefined {
  const match = unixStamp.exec(text);
  if (!match) return undefined;
  const [whole, seconds, fraction] = match;
  const atMs = Number(seconds) * 1000 + Number(`0.${fraction}`) * 1000;
  const precisionMs = precisionOf(fraction);
  return { atMs, precisionMs, hasZone: true, lacksYear: false, rest: text.slice(whole.length) };
}

function syslogOf(text: string, year: number): Stamp | undefined {
  const match = syslogStamp.exec(text);
  if (!match) return undefined;
  const [whole, month, day, ...rest] = match;
  if (monthOf(month!) < 0) return undefined;
  const atMs = timeOf({ year, month: monthOf(month!), day: Number(day), clock: rest });
  return {
    atMs,
    precisionMs: precisionOf(rest[3]),
    hasZone: false,
    lacksYear: true,
    rest: text.slice(whole.length),
  };
}

function fullOf(text: string): Stamp | undefined {
  const match = fullStamp.exec(text);
  if (!match) return undefined;
  const [whole, year, month, day, ...rest] = match;
  const atMs = timeOf({ year: Number(year), month: Number(month) - 1, day: Number(day), clock: rest });
  // Names of zones other than UTC mean different things in different places.
  const hasZone = rest[4] === "UTC" || rest[4] === "GMT";
  return { atMs, precisionMs: precisionOf(rest[3]), hasZone, lacksYear: false, rest: text.slice(whole.length) };
}

/** The stamp that nats-server or keepalived put into its own line. */
export function innerStamp(text: string): (Stamp & { program: "nats-server" | "keepalived" }) | undefined {
  const nats = natsStamp.exec(text);
  if (nats) {
    const [whole, , year, month, day, ...rest] = nats;
    const atMs = timeOf({ year: Number(year), month: Number(month) - 1, day: Number(day), clock: rest });
    const stamp = { atMs, precisionMs: precisionOf(rest[3]), hasZone: false, lacksYear: false };
    return { ...stamp, rest: text.slice(whole.length), program: "nats-server" };
  }
  const ctime = ctimeStamp.exec(text);
  if (!ctime) return undefined;
  const [whole, month, day, ...rest] = ctime;
  if (monthOf(month!) < 0) return undefined;
  const atMs = timeOf({ year: Number(rest[4]), month: monthOf(month!), day: Number(day), clock: rest });
  const stamp = { atMs, precisionMs: precisionOf(rest[3]), hasZone: false, lacksYear: false };
  return { ...stamp, rest: text.slice(whole.length), program: "keepalived" };
}
