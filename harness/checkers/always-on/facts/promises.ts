// What the calls of a history promised about facts, compared with the stream. Made once for all entries that ask.

import type { HistoryView } from "#history/view.ts";
import type { AcknowledgedFacts } from "./acknowledged.ts";
import { Appends } from "./appends.ts";
import { Audit } from "./audit.ts";
import { Pages } from "./pages.ts";
import { Repeats } from "./repeats.ts";

export interface Promises {
  audit: Audit;
  appends: Appends;
  acknowledged: AcknowledgedFacts;
  pages: Pages;
  repeats: Repeats;
}

const known = new WeakMap<HistoryView, Promises>();

export function promisesIn(view: HistoryView): Promises {
  const found = known.get(view);
  if (found) return found;
  const audit = new Audit(view);
  const appends = new Appends(view, audit);
  const acknowledged = appends.byOffset;
  const pages = new Pages(view, audit, acknowledged);
  const promises = { audit, appends, acknowledged, pages, repeats: new Repeats(view) };
  known.set(view, promises);
  return promises;
}
