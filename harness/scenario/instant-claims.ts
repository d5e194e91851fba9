// Finds sentences that claim recovery to any instant, and counts those that deny it. Pure. Weakness: it knows the
// field's usual words only, and takes every sentence with a negation for a denial.

export interface InstantClaims {
  claims: string[];
  denials: number;
}

const anyInstant =
  /point[- ]in[- ]time|\bPITR\b|\b(?:any|every|arbitrary|each)\s+(?:point|moment|instant|second|time)\b/i;
/** "At any moment" occurs in sentences about other things too. */
const recovery =
  /\b(?:recover\w*|restor\w*|rewind\w*|roll(?:s|ed|ing)?[- ]?back|replay\w*|PITR|snapshots?|backups?)\b/i;
const denial = /\b(?:no|not|never|none|nothing|nobody|neither|nor|without|cannot)\b|n't\b/i;

/** Finds candidates: an extended regular expression for grep, to be matched without regard to case. */
export const candidatePattern =
  "point[- ]in[- ]time|PITR|(any|every|arbitrary|each) (point|moment|instant|second|time)";

export function instantClaims(text: string): InstantClaims {
  const found = sentencesOf(text).filter((one) => anyInstant.test(one) && recovery.test(one));
  const claims = found.filter((one) => !denial.test(one));
  return { claims, denials: found.length - claims.length };
}

/** A row of a list or a table counts as a sentence. A line break inside a paragraph does not end one. */
function sentencesOf(text: string): string[] {
  return text
    .split(/\n\s*\n|\n(?=\s*(?:[-*|#>]|\d+[.]))|(?<=[.;!?])\s+/)
    .map((one) => one.replaceAll(/\s+/g, " ").trim())
    .filter((one) => one !== "");
}
