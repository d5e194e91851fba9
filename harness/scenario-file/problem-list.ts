// What is wrong with a file, each once, at the place where the author wrote it.

import type { Path, Problem } from "./source.ts";

export class ProblemList {
  readonly problems: Problem[] = [];
  /** A sweep of many values must not say the same of each. */
  readonly #told = new Set<string>();
  /** Where the value stands that took the place of a `$name`, by the place of that. */
  readonly #origins = new Map<string, Path>();

  /** The value at `path` was written at `origin`. */
  standsFor(path: Path, origin: Path): void {
    this.#origins.set(JSON.stringify(path), origin);
  }

  tell(found: Problem): void {
    const problem = { ...found, path: this.#originOf(found.path) };
    const text = JSON.stringify(problem);
    if (!this.#told.has(text)) this.problems.push(problem);
    this.#told.add(text);
  }

  /** The place of a wrong value, which may stand in the list of a sweep. */
  #originOf(path: Path): Path {
    for (let length = path.length; length > 0; length -= 1) {
      const origin = this.#origins.get(JSON.stringify(path.slice(0, length)));
      if (origin) return origin;
    }
    return path;
  }
}
