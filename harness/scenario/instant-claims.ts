// Sentences about recovery to any instant: those that claim it and those that deny it. Pure; whose texts they are is the
// caller's to know. Weakness: it knows the field's usual words, and takes a sentence with a negation for a denial.

export interface InstantClaims {
  claims: string[];
  denials: number;
}

const anyInstant =
  /point[- ]in[- ]time|\bPITR\b|\b(?:any|every|arbitrary|each)\s+(?:point|moment|instant|second|time)\b/i;
/** "At any moment" is said of much else. */
const recovery =
  /\b(?:recover\w*|restor\w*|rewind\w*|roll(?:s|ed|ing)?[- ]?back|replay\w*|PITR|snapshots?|backups?)\b/i;
const denial = /\b(?:no|not|never|none|nothing|nobody|neither|nor|without|cannot)\b|n't\b/i;

/** What a grep finds candidates by, as an extended regular expression without regard to case. */
export const candidatePattern =
  "point[- ]in[- ]time|PITR|(any|every|arbitrary|each) (point|moment|instant|second|time)";

export function instantClaims(text: string): InstantClaims {
  const found = sentencesOf(text).filter((one) => anyInstant.test(one) && recovery.test(one));
  const claims = found.filter((one) => !denial.test(one));
  return { claims, denials: found.length - claims.length };
}

/** A list's or a table's row is a sentence too; a paragraph's line break is none. */
function sentencesOf(text: string): string[] {
  return text
    .split(/\n\s*\n|\n(?=\s*(?:[-*|#>]|\d+[.]))|(?<=[.;!?])\s+/)
    .map((one) => one.replaceAll(/\s+/g, " ").trim())
    .filter((one) => one !== "");
}
