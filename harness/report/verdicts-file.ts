// Reads and writes verdicts.json, format `triad-verdicts/1`.

import { z } from "zod";
import { defined } from "#base/defined.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { hasPrototypeKey } from "#base/json.ts";
import { beyondSection, type EntryVerdict, type RunFacts, type VerdictsFile } from "#spec/verdict.ts";

export const verdictsFormat = "triad-verdicts/1";

export function verdictsFileOf(run: RunFacts, entries: EntryVerdict[]): VerdictsFile {
  const isBeyond = ({ section }: EntryVerdict) => section === beyondSection;
  const beyond = entries.filter(isBeyond);
  const own = entries.filter((entry) => !isBeyond(entry));
  return { format: verdictsFormat, run, entries: own, ...defined({ beyond: beyond.length > 0 ? beyond : undefined }) };
}

/** Text of verdicts.json, indented so that two runs can be compared line by line. */
export function encodeVerdicts(file: VerdictsFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

const verdict = z.enum(["kept", "broken", "unknown", "not-applicable"]);
const waived = z.looseObject({ entry: z.string(), signature: z.string() }).optional();
const entries = z.array(
  z.looseObject({
    id: z.string(),
    verdict,
    waived,
    promise: z.string(),
    because: z.string(),
    scenarios: z.array(z.looseObject({ verdict, waived })),
  }),
);
const shape = z.looseObject({
  run: z.looseObject({}),
  entries,
  beyond: entries.optional(),
  files: z.record(z.string(), z.string()).optional(),
});

/** @throws HarnessError `usage/not-evidence` when the text is not a verdicts.json of this format. */
export function decodeVerdicts(text: string): VerdictsFile {
  let file: Partial<VerdictsFile> | null;
  if (hasPrototypeKey(text)) throw new HarnessError("usage/not-evidence", 'verdicts.json names "__proto__"');
  try {
    file = JSON.parse(text) as Partial<VerdictsFile> | null;
  } catch (cause) {
    throw new HarnessError("usage/not-evidence", `verdicts.json is not JSON: ${messageOf(cause)}`, { cause });
  }
  if (file?.format !== verdictsFormat)
    throw new HarnessError("usage/not-evidence", `verdicts.json has the format ${JSON.stringify(file?.format)}`, {
      expected: verdictsFormat,
    });
  const issue = shape.safeParse(file).error?.issues[0];
  if (issue) throw new HarnessError("usage/not-evidence", `verdicts.json: ${issue.path.join(".")}: ${issue.message}`);
  return file as VerdictsFile;
}

/**
 * Entries with another verdict or waiver in a second judgement of the same run, with those beyond the pattern. Empty
 * when both agree.
 */
export function disagreements(saved: Judged, again: Judged): string[] {
  return [...differing(saved.entries, again.entries), ...differing(saved.beyond ?? [], again.beyond ?? [])];
}

type Judged = Pick<VerdictsFile, "entries" | "beyond">;

function differing(saved: readonly EntryVerdict[], again: readonly EntryVerdict[]): string[] {
  const ids = [...new Set([...saved, ...again].map((entry) => entry.id))];
  return ids.flatMap((id) => {
    const [before, after] = [saved, again].map((entries) => entries.find((entry) => entry.id === id));
    if (before?.verdict === after?.verdict && isSameWaiver(before, after)) return [];
    return [
      `${id} was ${before?.verdict ?? "absent"} and is ${after?.verdict ?? "absent"}: ${(after ?? before)!.because}`,
    ];
  });
}

function isSameWaiver(before: EntryVerdict | undefined, after: EntryVerdict | undefined): boolean {
  return before?.waived?.signature === after?.waived?.signature;
}

/** Ids of entries with the same verdict for a reason in other words, as after an update of the harness. */
export function rewordings(saved: readonly EntryVerdict[], again: readonly EntryVerdict[]): string[] {
  const before = new Map(saved.map((entry) => [entry.id, entry]));
  return again.flatMap(({ id, verdict, because }) => {
    const former = before.get(id);
    return former?.verdict === verdict && former.because !== because ? [id] : [];
  });
}
