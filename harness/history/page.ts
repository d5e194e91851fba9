// The page of a fetch as a history holds it: stretches of consecutive offsets in the order of the answer, each with the
// digests of its facts one after the other. A digest is cut to its first 16 hex digits: the client reads thousands of
// facts in a scenario, and an accidental match is out of the question. Older histories hold an object for each fact.

/** A fact of a page. `digest`: the beginning of the SHA-256 of the whole message, lower-case hex. */
export interface PageFact {
  offset: number;
  digest: string;
}

/** The first offset of a stretch, and the digests of its facts, 16 digits each. */
type PageStretch = [first: number, digests: string];

export type Page = readonly (PageFact | PageStretch)[];

const digits = 16;

export function packedPage(facts: readonly PageFact[]): Page {
  const stretches: PageStretch[] = [];
  let next = Number.NaN;
  for (const { offset, digest } of facts) {
    const cut = digest.slice(0, digits).padEnd(digits, "0");
    const last = stretches.at(-1);
    if (last && offset === next) last[1] += cut;
    else stretches.push([offset, cut]);
    next = offset + 1;
  }
  return stretches;
}

/** The facts of a page, in the order of the answer. */
export function factsOf(page: Page): PageFact[] {
  return page.flatMap((one) => (isStretch(one) ? factsIn(one) : [one]));
}

function isStretch(one: PageFact | PageStretch): one is PageStretch {
  return Array.isArray(one);
}

function factsIn([first, text]: PageStretch): PageFact[] {
  return Array.from({ length: Math.ceil(text.length / digits) }, (_, place) => ({
    offset: first + place,
    digest: text.slice(place * digits, (place + 1) * digits),
  }));
}

/** Both are the digest of one fact. Either may be cut to its beginning, to eight digits or more. */
export function isDigestOf(digest: string, inPage: string): boolean {
  return digest.length < inPage.length ? isCutOf(inPage, digest) : isCutOf(digest, inPage);
}

const digitsMin = 8;

function isCutOf(longer: string, shorter: string): boolean {
  return shorter.length >= digitsMin && longer.startsWith(shorter);
}
