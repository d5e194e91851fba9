// INV-6: artifacts stay outside the message streams. Decided by a search of every node's message store for the content
// of one artifact, and by the growth of the streams. A search proves nothing unless it finds the artifact in the
// artifact storage.

import type { HeldStream, SearchEvent } from "#history/event.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import { nodeNames } from "#spec/node.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { marksOf } from "../queries/history-queries.ts";
import { isOurs, wholeRounds } from "../queries/inspection-rounds.ts";
import { nodeOf } from "../queries/judged-node.ts";

export const artifactsOutside: Checker = {
  entry: "INV-6",
  check(view) {
    const put = view.operations.find(({ f, outcome }) => f === "put" && outcome === "ok");
    if (!put) return rulingOf([undecided("no stream holds an artifact", "no artifact was acknowledged")], {});
    const searches = eventsOf(view.history, "search").filter(({ event }) => event.t > put.endNs);
    const { artifacts } = nodeOf(view).stores;
    const stores = searches.filter(({ event }) => event.folder !== artifacts);
    const assertions = [
      canFind(artifacts, searches),
      ...nodeNames.map((name) =>
        holdsNone(
          stores.filter(({ event }) => event.node === name),
          name,
        ),
      ),
      grewByMessages(view, put.invokeNs, put.endNs),
    ];
    const bytes = stores.map(({ event }) => [event.node, event.bytesRead]);
    return rulingOf(assertions, { bytesSearched: Object.fromEntries(bytes) });
  },
};

function canFind(artifacts: string, searches: readonly At<SearchEvent>[]): Assertion {
  const says = "the search finds the artifact in the artifact storage";
  const found = searches.find(({ event }) => event.folder === artifacts && event.found.length > 0);
  return found ? kept(says, { events: [found.index] }) : undecided(says, "it found the artifact on no node's disk");
}

function holdsNone(searches: readonly At<SearchEvent>[], name: string): Assertion {
  const says = `the message store of ${name} holds nothing of the artifact`;
  const found = searches.find(({ event }) => event.found.length > 0);
  if (found) return refuted(says, `${found.event.folder}/${found.event.found[0]} holds part of it`, [found.index]);
  const read = searches.find(({ event }) => event.filesRead > 0);
  return read ? kept(says, { events: [read.index] }) : undecided(says, "it was not searched, or it was empty");
}

/** Messages of a stream have similar sizes. A stream that grows by more than twice that size holds something else. */
const growthFactor = 2;

/** For streams in memory, which are in no file. */
function grewByMessages(view: HistoryView, putNs: number, acknowledgedNs: number): Assertion {
  const says = "no stream grew by more than its messages account for";
  if (marksOf(view, "filled").length > 0) return undecided(says, "the harness filled a stream");
  const rounds = wholeRounds(view);
  const before = rounds.findLast((round) => [...round.servers.values()].every(({ event }) => event.t < putNs));
  const after = rounds.find((round) => round.fromNs > acknowledgedNs);
  if (!before || !after) return undecided(says, "the servers were not asked before and after");
  const artifact = eventsOf(view.history, "files").flatMap(({ event }) => event.files.map(({ bytes }) => bytes))[0];
  if (artifact === undefined) return undecided(says, "no list of files has the artifact's size");
  for (const [node, { event, index }] of after.servers)
    for (const stream of (event.streams ?? []).filter(({ name }) => !isOurs(name))) {
      const excess = excessOf(before.servers.get(node)!.event.streams ?? [], stream);
      if (excess > artifact / 2)
        return refuted(says, `${stream.name} on ${node} grew by ${Math.round(excess)} bytes more`, [index]);
    }
  return kept(says, { events: [...after.servers.values()].map(({ index }) => index) });
}

function excessOf(before: readonly HeldStream[], now: HeldStream): number {
  const then = before.find(({ name }) => name === now.name);
  if (!then || then.messages === 0) return now.messages === 0 ? 0 : now.bytes - now.messages * newMessageBytes;
  const sizeBytes = then.bytes / then.messages;
  return now.bytes - then.bytes - Math.max(0, now.messages - then.messages) * sizeBytes * growthFactor;
}

/** Allowed size of each message in a stream that was empty before. */
const newMessageBytes = 2_048;
