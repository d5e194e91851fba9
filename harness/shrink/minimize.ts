// Delta debugging (Zeller's ddmin): the smallest part of a list that is still red, where no single piece can be left
// out. It asks for a version only once. Pure but for the question.

/** `isRed` decides about a part of the list. Undefined: no replay is left, and the search ends with what it has. */
export async function minimize<T>(
  items: readonly T[],
  isRed: (part: T[]) => Promise<boolean | undefined>,
): Promise<T[]> {
  let current = [...items];
  let pieces = Math.min(2, current.length);
  while (current.length > 0 && pieces > 0) {
    const parts = split(current, pieces);
    const found = await firstRed(parts, current, isRed);
    if (found === "no-replay-left") return current;
    if (found) {
      current = found;
      pieces = Math.min(Math.max(pieces - 1, 2), current.length);
    } else if (pieces >= current.length) return current;
    else pieces = Math.min(pieces * 2, current.length);
  }
  return current;
}

/** Each part alone is tried by leaving the others out; with two parts that is the same. The last part goes first. */
async function firstRed<T>(
  parts: T[][],
  whole: readonly T[],
  isRed: (part: T[]) => Promise<boolean | undefined>,
): Promise<T[] | "no-replay-left" | undefined> {
  for (const part of parts.toReversed()) {
    const left = new Set(part);
    const rest = whole.filter((one) => !left.has(one));
    const answer = await isRed(rest);
    if (answer === undefined) return "no-replay-left";
    if (answer) return rest;
  }
  return undefined;
}

function split<T>(items: readonly T[], pieces: number): T[][] {
  const parts: T[][] = [];
  for (let index = 0; index < pieces; index += 1) {
    const from = Math.floor((index * items.length) / pieces);
    const to = Math.floor(((index + 1) * items.length) / pieces);
    if (to > from) parts.push(items.slice(from, to));
  }
  return parts;
}
