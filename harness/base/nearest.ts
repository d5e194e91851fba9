// Suggestions for a mistyped name.

/** The largest edit distance that still counts as a typing error, for a word of this length. */
const editsMax = (length: number) => Math.max(1, Math.floor(length / 3));
const suggestionsMax = 3;

/** The known names that a person may have meant, best first; empty when none is near. */
export function nearest(word: string, known: readonly string[]): string[] {
  const plain = plainOf(word);
  const near = known
    .map((name) => ({ name, edits: editsBetween(plain, plainOf(name)) }))
    .filter(({ edits }) => edits <= editsMax(plain.length))
    .sort((a, b) => a.edits - b.edits);
  const best = near[0]?.edits;
  // When a name differs only in dashes and capitals, it is the only suggestion.
  return near
    .filter(({ edits }) => best !== 0 || edits === 0)
    .slice(0, suggestionsMax)
    .map(({ name }) => name);
}

/** The end of a refusal: "did you mean FAIL-1?", or `otherwise` when no known name is near. */
export function didYouMean(word: string, known: readonly string[], otherwise: string): string {
  const names = nearest(word, known);
  return names.length > 0 ? `did you mean ${names.join(" or ")}?` : otherwise;
}

/** Case and dashes are the most common mistakes, so they cost nothing. */
function plainOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Levenshtein distance, in which two neighbours that changed places are one edit. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    [before, row] = [row, next];
  }
  return row.at(-1)!;
}
