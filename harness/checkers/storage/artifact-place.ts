// STO-1 and STO-2: an artifact is on the local storage of the node that acknowledged it, and nowhere else. After a
// failover it may be missing, and the answer has the code for that. Decided by the files and by the client's calls.

import type { FilesEvent } from "#history/event.ts";
import type { Operation } from "#history/operations.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import { type NodeName, serviceNodes } from "#spec/node.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessCallLate } from "../queries/contention.ts";
import { touchNs } from "../queries/history-queries.ts";
import { type Round, wholeRounds } from "../queries/inspection-rounds.ts";
import { isSame, isStorage } from "./shared-mounts.ts";

/** An acknowledged artifact, and the node that acknowledged it. */
interface Put {
  operation: Operation;
  node: NodeName;
  digest: string;
}

export const artifactLandsLocally = ofEachPut("STO-1", "an artifact lands on the active node", (view, put) => [
  liesOn(view, put),
  isLocal(view, put),
  isServed(view, put),
]);

export const artifactNotReplicated = ofEachPut("STO-2", "artifacts are not replicated", (view, put) => [
  ...liesNowhereElse(view, put),
  isMissedByName(view, put),
]);

/** Decides an entry about every artifact that was acknowledged, on whichever node. */
function ofEachPut(entry: string, says: string, judge: (view: HistoryView, put: Put) => Assertion[]): Checker {
  return {
    entry,
    check(view) {
      const puts = putsOf(view);
      const [first] = puts;
      if (!first) return rulingOf([undecided(says, "no artifact was acknowledged")], {});
      const node = [...new Set(puts.map((put) => put.node))].join(", ");
      return rulingOf(
        puts.flatMap((put) => judge(view, put)),
        { node, digest: first.digest },
      );
    },
  };
}

function putsOf(view: HistoryView): Put[] {
  const answered = view.operations.filter(({ f, outcome }) => f === "put" && outcome === "ok");
  return answered.flatMap((operation) => {
    const { node, digest } = operation;
    return node !== undefined && digest ? [{ operation, node, digest }] : [];
  });
}

/** Calls for that artifact after it was acknowledged. Older histories name no key, and hold one artifact. */
function getsOf(view: HistoryView, { operation }: Put): Operation[] {
  return view.operations.filter(
    ({ f, key, invokeNs }) => f === "get" && invokeNs > operation.endNs && (key === undefined || key === operation.key),
  );
}

function listsOf(view: HistoryView, node: NodeName, sinceNs: number): At<FilesEvent>[] {
  return eventsOf(view.history, "files").filter(({ event }) => event.node === node && event.t >= sinceNs);
}

const holds = ({ event }: At<FilesEvent>, digest: string) => event.files.find((file) => file.digest === digest);

/** In every list of that node from then on, unless a fault took its storage. */
function liesOn(view: HistoryView, { node, digest, operation }: Put): Assertion {
  const says = `the artifact is on ${node}, which acknowledged it`;
  const lostNs = Math.min(
    ...view.faults
      .filter(({ nodes, traits }) => nodes.includes(node) && (traits.gate === "storage" || traits.store === "lost"))
      .map(touchNs)
      .filter((ns) => ns > operation.endNs),
  );
  const all = listsOf(view, node, operation.endNs).filter(({ event }) => event.t < lostNs);
  const [first] = all;
  // Other folders of the node are listed for STO-6.
  const lists = all.filter(({ event }) => event.folder === first?.event.folder);
  if (!first) return undecided(says, `the artifacts of ${node} were not listed afterwards`);
  const without = lists.find((list) => !holds(list, digest));
  return without
    ? missed(says, `no file there has the digest ${digest.slice(0, 12)}…`, [operation.index, without.index])
    : kept(says, { saw: holds(first, digest)!.path, events: [operation.index, ...lists.map(({ index }) => index)] });
}

/** No other node mounts the file system under it. */
function isLocal(view: HistoryView, { node, operation }: Put): Assertion {
  const says = `only ${node} mounts the storage under it`;
  const folder = eventsOf(view.history, "files").find(({ event }) => event.node === node)?.event.folder;
  const round = wholeRounds(view)[0];
  if (!folder || !round) return undecided(says, "no inspection shows the mounts of all three nodes");
  const own = mountUnder(round, node, folder);
  if (!own) return undecided(says, `no mount of ${node} holds ${folder}`);
  for (const [other, { event, index }] of round.inspections) {
    if (other === node) continue;
    const same = event.mounts.find((one) => isStorage(one) && isSame(own, one));
    if (same) return refuted(says, `${own.path} is also ${same.path} of ${other}`, [operation.index, index]);
  }
  return kept(says, { saw: `${own.type} ${own.device}` });
}

/** The mount of a folder: the longest path, and of equal paths the last mount. */
function mountUnder(round: Round, node: NodeName, folder: string) {
  const mounts = round.inspections.get(node)?.event.mounts ?? [];
  const above = mounts.filter(({ path }) => path === "/" || folder === path || folder.startsWith(`${path}/`));
  const longest = Math.max(...above.map(({ path }) => path.length));
  return above.findLast(({ path }) => path.length === longest);
}

/** Each time that it is asked of that node. Another one need not have it. */
function isServed(view: HistoryView, put: Put): Assertion {
  const { node, digest } = put;
  const says = `${node} serves it unaltered`;
  const gets = getsOf(view, put).filter((one) => one.node === undefined || one.node === node);
  if (gets.length === 0) return undecided(says, "no client asked it for it afterwards");
  return overAll(
    says,
    gets.map((get) => {
      if (get.outcome !== "ok")
        return unlessCallLate(view, get, missed(says, `the answer was ${get.error ?? "none"}`, [get.index]));
      return get.digest === digest && get.node === node
        ? kept(says, { events: [get.index] })
        : refuted(says, `${get.node} answered with the digest ${get.digest?.slice(0, 12)}…`, [get.index]);
    }),
  );
}

/** Neither before nor after the failover. */
function liesNowhereElse(view: HistoryView, { node, digest, operation }: Put): Assertion[] {
  return serviceNodes
    .filter((name) => name !== node)
    .map((name) => {
      const says = `the artifact was never on ${name}`;
      const lists = listsOf(view, name, operation.endNs);
      const found = lists.find((list) => holds(list, digest));
      if (found) return refuted(says, `it was there as ${holds(found, digest)!.path}`, [operation.index, found.index]);
      const isAfter = lists.some(({ event }) =>
        view.faults.some((life) => event.t > (life.phases.effective?.event.t ?? Infinity)),
      );
      return isAfter
        ? kept(says, { saw: `${lists.length} lists`, events: lists.map(({ index }) => index) })
        : undecided(says, `the artifacts of ${name} were not listed after the fault`);
    });
}

/** Asked of the node that took over. An answer of the first node proves nothing. */
function isMissedByName(view: HistoryView, put: Put): Assertion {
  const says = "the node that took over answers that it has no such artifact";
  const gets = getsOf(view, put).filter((one) => one.node !== undefined && one.node !== put.node);
  if (gets.length === 0) return undecided(says, "no client asked another node for it");
  return overAll(
    says,
    gets.map((get) => {
      if (get.outcome === "ok") return refuted(says, `${get.node} served it`, [put.operation.index, get.index]);
      return get.error === "rpc-not-found"
        ? kept(says, { events: [get.index] })
        : unlessCallLate(view, get, missed(says, `${get.node} answered ${get.error}`, [get.index]));
    }),
  );
}
