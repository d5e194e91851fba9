// The codec of histories: JSON Lines `triad-history/2`, a header line and then one event a line. Pure. It also reads
// `triad-history/1`. It refuses what a checker could not read; whether a history makes sense is the checkers' question.

import { HarnessError } from "#base/errors.ts";
import { hasPrototypeKey } from "#base/json.ts";
import { faultNames, isFaultName } from "#spec/faults.ts";
import { nodeNames } from "#spec/node.ts";
import { type History, type HistoryEvent, type HistoryHeader, historyFormat } from "./event.ts";
import { EventTable } from "./event-table.ts";
import { FactReader } from "./fact-reader.ts";
import { eventFields, headerFields } from "./event-fields.ts";
import { faultDetailFields } from "./events/fault.ts";
import { type Field, type Fields, wrongField } from "./fields.ts";
import { wrongHeader } from "./header-shape.ts";
import { markFields, type MarkName } from "./events/mark.ts";
import { bytesOf } from "./string-interner.ts";

const olderFormat = "triad-history/1";
/** What `triad-history/1` called three event types. Nothing else differs. */
const namesBefore2: Record<string, HistoryEvent["type"]> = {
  survey: "inspection",
  inventory: "replica-dump",
  talk: "flows",
};

/** The header or an event as one line, newline included. */
export function encodeLine(value: HistoryHeader | HistoryEvent): string {
  return `${JSON.stringify(value)}\n`;
}

/** A whole history as text. */
export function encodeHistory(history: History): string {
  return encodeLine(history.header) + Array.from(history.events, encodeLine).join("");
}

/**
 * A history from its text.
 *
 * @throws HarnessError `history/bad-format` naming the line, counted from 1.
 */
export function decodeHistory(text: string): History {
  const decoder = new HistoryDecoder();
  decoder.push(Buffer.from(text));
  return decoder.end();
}

const newline = 0x0a;

/** Longest line, in bytes. The longest that any run has left is below 100 kB. */
export const lineBytesMax = 8 << 20;

/** Decodes a file in pieces. Time is linear; memory holds the columns. */
export class HistoryDecoder {
  readonly #table = new EventTable();
  readonly #facts = new FactReader(this.#table);
  #header: HistoryHeader | undefined;
  #isOlder = false;
  #line = 0;
  /** The beginning of a line whose end is in a later piece, as copies: the caller reuses its buffer. */
  #rest: Uint8Array[] = [];
  #restBytes = 0;

  /** Takes the next bytes of the file. The caller may reuse the buffer afterwards. */
  push(piece: Uint8Array): void {
    const first = piece.indexOf(newline);
    if (first < 0) return this.#keep(piece);
    this.#keep(piece.subarray(0, first));
    this.#takeRest();
    this.#keep(piece.subarray(this.#takeAll(piece, first + 1)));
  }

  #keep(part: Uint8Array): void {
    this.#restBytes += part.length;
    this.#refuseLong(this.#restBytes);
    // `slice` of a Buffer would be a view.
    if (part.length > 0) this.#rest.push(new Uint8Array(part));
  }

  #takeRest(): void {
    const line = Buffer.concat(this.#rest.splice(0), this.#restBytes);
    this.#restBytes = 0;
    this.#takeWhole(line);
  }

  #refuseLong(bytes: number): void {
    if (bytes > lineBytesMax) throw badFormat(this.#line + 1, "the line is too long", `at most ${lineBytesMax} bytes`);
  }

  /** Takes every whole line from `start` on. @returns the position after the last one. */
  #takeAll(piece: Uint8Array, start: number): number {
    const bytes = bytesOf(piece);
    let next = start;
    for (;;) {
      // The fact reader finds the end of a line while it reads it. For other lines the end must be found first.
      const known = this.#header ? this.#facts.read(bytes, next) : -1;
      const end = known < 0 ? piece.indexOf(newline, next) : known;
      if (end < 0) return next;
      if (known < 0) this.#take(piece.buffer, piece.byteOffset + next, end - next);
      else this.#line += 1;
      next = end + 1;
    }
  }

  /** The history, sorted by `t`; equal stamps keep their order in the file. */
  end(): History {
    if (this.#restBytes > 0) this.#takeRest();
    if (!this.#header)
      throw badFormat(this.#line, "the file holds no header", `a first line with format "${historyFormat}"`);
    return { header: this.#header, events: this.#table.seal() };
  }

  /** Takes bytes that are one line. */
  #takeWhole(line: Uint8Array): void {
    if (this.#header && this.#facts.read(bytesOf(line), 0, true) >= 0) this.#line += 1;
    else this.#take(line.buffer, line.byteOffset, line.length);
  }

  /** Takes one line without its newline. Empty lines are counted and skipped. */
  #take(buffer: ArrayBufferLike, start: number, length: number): void {
    this.#line += 1;
    if (length === 0) return;
    this.#refuseLong(length);
    const value = this.#parse(Buffer.from(buffer, start, length).toString("utf8"));
    if (this.#header) this.#table.add(this.#event(value));
    else this.#header = this.#readHeader(value);
  }

  #parse(line: string): Record<string, unknown> {
    let value: unknown;
    // It would be read as a prototype by code that copies fields.
    if (hasPrototypeKey(line)) throw badFormat(this.#line, `it names "__proto__"`, "plain fields");
    if (line.startsWith("\uFEFF")) throw badFormat(this.#line, "it begins with a byte order mark", "plain UTF-8");
    try {
      value = JSON.parse(line);
    } catch (cause) {
      const expected = "one whole JSON object a line";
      throw new HarnessError("history/bad-format", `line ${this.#line}: not JSON: ${excerpt(line)}`, {
        expected,
        cause,
      });
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw badFormat(this.#line, `not an object: ${excerpt(line)}`, "one JSON object a line");
    return value as Record<string, unknown>;
  }

  #readHeader(value: Record<string, unknown>): HistoryHeader {
    this.#isOlder = value["format"] === olderFormat;
    if (value["format"] !== historyFormat && !this.#isOlder)
      throw badFormat(
        this.#line,
        `format is ${JSON.stringify(value["format"])}`,
        `"${historyFormat}" or "${olderFormat}"`,
      );
    this.#checkFields(value, headerFields, "the header");
    const wrong = wrongHeader(value);
    if (wrong) throw badFormat(this.#line, `${wrong.where} of the header: ${wrong.says}`, "a header of this format");
    return { ...(value as unknown as HistoryHeader), format: historyFormat };
  }

  #event(value: Record<string, unknown>): HistoryEvent {
    if (this.#isOlder && typeof value["type"] === "string")
      value["type"] = namesBefore2[value["type"]] ?? value["type"];
    const type = value["type"];
    if (typeof type !== "string" || !Object.hasOwn(eventFields, type))
      throw badFormat(this.#line, `no event has the type ${JSON.stringify(type)}`, Object.keys(eventFields).join(", "));
    if (!Number.isFinite(value["t"])) throw badFormat(this.#line, `t is ${JSON.stringify(value["t"])}`, "nanoseconds");
    this.#checkFields(value, eventFields[type as HistoryEvent["type"]], `a ${type} event`);
    if (type === "fault") this.#checkFault(value);
    if (type === "mark") this.#checkMark(value);
    if (type === "peer") this.#event(value["event"] as Record<string, unknown>);
    return value as unknown as HistoryEvent;
  }

  #checkFault({ fault, phase, detail }: Record<string, unknown>): void {
    if (!isFaultName(fault as string))
      throw badFormat(this.#line, `this version has no fault ${JSON.stringify(fault)}`, faultNames.join(", "));
    if (phase === "intended" || phase === "effective")
      this.#checkDetail(detail, faultDetailFields[phase], `an ${phase} "${fault as string}" fault`);
  }

  /** Accepts a mark of an unknown name: no checker reads it. */
  #checkMark({ mark, detail }: Record<string, unknown>): void {
    if (Object.hasOwn(markFields, mark as string))
      this.#checkDetail(detail, markFields[mark as MarkName], `a "${mark as string}" mark`);
  }

  #checkDetail(detail: unknown, fields: Fields, what: string): void {
    this.#checkFields({ detail }, { detail: "object?" }, what);
    this.#checkFields((detail ?? {}) as Record<string, unknown>, fields, `the detail of ${what}`);
  }

  #checkFields(value: Record<string, unknown>, fields: Fields, what: string): void {
    const name = wrongField(value, fields);
    if (name === undefined) return;
    const found = excerpt(JSON.stringify(value[name]) ?? "missing");
    throw badFormat(this.#line, `${name} of ${what} is ${found}`, wordsFor[fields[name]!.replace("?", "") as Field]);
  }
}

const wordsFor: Record<Field, string> = {
  number: "a number",
  string: "a string",
  boolean: "a boolean",
  node: `one of ${nodeNames.join(", ")}`,
  nodes: `a list of ${nodeNames.join(", ")}`,
  array: "a list",
  object: "an object",
  figures: "an object of numbers",
};

/** Sorts by `t`, stable. A list in order is returned as it is. */
export function sortedByTime(events: HistoryEvent[]): HistoryEvent[] {
  for (let index = 1; index < events.length; index += 1)
    if (events[index]!.t < events[index - 1]!.t) return [...events].sort((a, b) => a.t - b.t);
  return events;
}

function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function badFormat(line: number, happened: string, expected: string): HarnessError {
  return new HarnessError("history/bad-format", `line ${line}: ${happened}`, { expected });
}
