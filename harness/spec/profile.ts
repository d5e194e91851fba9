// What a profile declares about a zone, apart from its bounds: entries that do not apply, and waivers of known
// failures. Plain data. harness/run/profile.ts reads the file; waivers.ts applies the waivers to findings.

export interface NotApplicable {
  entry: string;
  /** Every report prints it. */
  reason: string;
}

export interface Waiver {
  entry: string;
  /** Regular expression. It matches the words of one broken assertion, as they stand in `because`, and of no other. */
  signature: string;
  reason: string;
  /** The last day on which it is in force, YYYY-MM-DD, UTC. */
  expires: string;
}

export interface Declared {
  notApplicable: NotApplicable[];
  waivers: Waiver[];
}

/** Entries that every run decides. No profile may declare them not applicable. */
export const everyRun: readonly string[] = ["DUAL-0", "DUR-6", "RPC-1", "RPC-2", "RPC-3"];

/** Two active nodes and lost facts are what the pattern is for. No profile waives them. */
const neverWaived: readonly string[] = ["DUAL-0", "DUR-6", "DUR-7", "DUR-8", "INV-3"];

/** A signature names one assertion by its own words: at least so many of them, with so many letters. */
const wordsMin = 3;
const lettersMin = 12;
const longestDays = 366;

/** Why the waiver has no effect in a run of that day, apart from its end; undefined when it may have one. */
export function refusalOf({ entry, signature, expires }: Waiver, startedAt: string): string | undefined {
  if (neverWaived.includes(entry)) return `${entry} cannot be waived`;
  if (!isNarrow(signature)) return `its signature names no assertion: write at least ${wordsMin} words of its sentence`;
  const days = (Date.parse(expires) - Date.parse(startedAt)) / 86_400_000;
  return days > longestDays ? "it ends more than a year after the run" : undefined;
}

/** Each alternative has words of its own, and nothing in it may be left out. */
function isNarrow(signature: string): boolean {
  try {
    const pattern = new RegExp(signature);
    if (["", "x", "some words of no meaning, 12.5 s"].some((text) => pattern.test(text))) return false;
  } catch {
    return false;
  }
  if (/\)(?:[?*]|\{0?,)/.test(signature)) return false;
  const literal = signature.replaceAll(/\\.|\[(?:\\.|[^\]])*\]|\{[^}]*\}/g, " ");
  return literal.split("|").every(isLong);
}

function isLong(text: string): boolean {
  const words = text.match(/\p{L}+/gu) ?? [];
  return words.length >= wordsMin && words.join("").length >= lettersMin;
}

/** The signature matches these words, with a stretch that is long enough to name them. */
export function isNamedBy(words: string, { signature }: Waiver): boolean {
  const [matched] = new RegExp(signature).exec(words) ?? [];
  return matched !== undefined && isLong(matched);
}

/** Compares with the day of the run, not with today: evidence that is judged again later must give the same verdict. */
export function isExpired(waiver: Waiver, startedAt: string): boolean {
  return startedAt.slice(0, 10) > waiver.expires;
}
