// The text of a scenario file as plain data, with the place of each value, so that a refusal can name line and column.
// Limits come first: a file that is too large, too deep, or full of aliases is refused before it costs anything.

import { type Document, isAlias, isMap, isNode, LineCounter, parseDocument, visit } from "yaml";
import { defined } from "#base/defined.ts";
import { HarnessError, messageOf } from "#base/errors.ts";

export type Path = readonly (string | number)[];

/** What is wrong, where, and what would be right. */
export interface Problem {
  path: Path;
  /** The place is this key of the mapping at `path`. */
  key?: string;
  what: string;
  expected?: string;
}

/** Far more than an incident needs: 1,000 lines of steps. */
export const bytesMax = 64 * 1_024;
const depthMax = 40;
const problemsMax = 5;

export class Source {
  readonly #from: string;
  readonly #lines: LineCounter;
  readonly #document: Document;
  readonly data: unknown;

  /**
   * @param from how the file is called in refusals.
   * @throws HarnessError `usage/bad-scenario`
   */
  constructor(text: string, from: string) {
    this.#from = from;
    this.#lines = new LineCounter();
    const bytes = Buffer.byteLength(text);
    if (bytes > bytesMax) throw this.#refusal([1, 1], `the file has ${bytes} bytes`, `at most ${bytesMax} bytes`);
    this.#refuseDepth(text);
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      version: "1.2",
      schema: "core",
    });
    const error = this.#document.errors[0] ?? this.#document.warnings[0];
    if (error) throw this.#refusalAt(error.pos[0], `no valid YAML: ${error.message.split("\n", 1)[0]}`);
    this.#refuseAliases();
    this.data = this.#document.toJS({ maxAliasCount: 0 });
  }

  /** Refuses the file for these problems, the first ones in full. */
  refuse(problems: readonly Problem[]): never {
    const sorted = problems
      .map((problem) => ({ ...problem, at: this.#offsetOf(problem) }))
      .toSorted((one, other) => one.at - other.at);
    const shown = sorted
      .slice(0, problemsMax)
      .map(({ at, what }, place) => (place === 0 ? what : `${this.#place(at)}: ${what}`));
    const rest = sorted.length - shown.length;
    const [first] = sorted;
    if (!first) throw new HarnessError("run/internal", "a scenario file was refused without a problem");
    const told = [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n  ");
    throw this.#refusalAt(first.at, told, first.expected);
  }

  /** Deep nesting overflows the reader's stack. Brackets and indentation are counted before it starts. */
  #refuseDepth(text: string): void {
    for (const [place, line] of text.split("\n").entries()) {
      const open = line.replaceAll(/[^[{]/g, "").length;
      const dashes = /^[\s-]*/.exec(line)?.[0].replaceAll(/[^-]/g, "").length ?? 0;
      const indent = /^ */.exec(line)?.[0].length ?? 0;
      if (Math.max(open, dashes) > depthMax || indent > depthMax * 8)
        throw this.#refusal([place + 1, 1], "the line is nested too deeply", `at most ${depthMax} levels`);
    }
  }

  #refuseAliases(): void {
    visit(this.#document, (_, found) => {
      if (isAlias(found))
        throw this.#refusalAt(found.range?.[0] ?? 0, `an alias, *${found.source}`, "the value itself");
      if (isNode(found) && found.tag?.startsWith("!") === true)
        throw this.#refusalAt(found.range?.[0] ?? 0, `a tag, ${found.tag}`, "a value without a tag");
      if (isMap(found) && found.items.some(({ key }) => String(key) === "__proto__"))
        throw this.#refusalAt(found.range?.[0] ?? 0, "the key __proto__");
    });
  }

  #offsetOf({ path, key }: Problem): number {
    // A field that is missing has no place: the mapping that lacks it has.
    for (let length = path.length; length >= 0; length -= 1) {
      const found: unknown = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (!isNode(found) || !found.range) continue;
      if (length === path.length && key !== undefined && isMap(found)) {
        const at = found.items.map((pair) => pair.key).find((one) => isNode(one) && String(one) === key);
        if (isNode(at) && at.range) return at.range[0];
      }
      return found.range[0];
    }
    return 0;
  }

  #place(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#from}:${line}:${col}`;
  }

  #refusalAt(offset: number, what: string, expected?: string): HarnessError {
    const { line, col } = this.#lines.linePos(offset);
    return this.#refusal([line, col], what, expected);
  }

  #refusal([line, column]: readonly [number, number], what: string, expected?: string): HarnessError {
    return new HarnessError("usage/bad-scenario", `${this.#from}:${line}:${column}: ${what}`, defined({ expected }));
  }
}

/** Text of a scenario file. @throws HarnessError `usage/bad-scenario` */
export function sourceOf(text: string, from: string): Source {
  try {
    return new Source(text, from);
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw new HarnessError("usage/bad-scenario", `${from}:1:1: no valid YAML: ${messageOf(error)}`, { cause: error });
  }
}
