// Whether a history was made by a harness that collects a kind of evidence. Its absence then makes a rule undecided. A
// history of an older version does not name it, and the rule is not asked.

import type { EvidenceKind } from "#history/event.ts";
import type { HistoryView } from "#history/view.ts";

export function collects({ history }: HistoryView, kind: EvidenceKind): boolean {
  return history.header.evidence?.includes(kind) ?? false;
}
