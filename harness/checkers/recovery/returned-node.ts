// REC-1 and REC-2: a node comes back without its store, on a new disk or as a new container. It gets its replicas again
// and then holds each fact in its own store. The figures are the time and the bytes that it took.

import { acknowledgedFacts } from "../always-on/acknowledged-facts.ts";
import { type Checker, counted, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import {
  isRunning,
  isStandby,
  neverServed,
  replicasCurrent,
  servedAtTheEnd,
  stayedActive,
  stayedStandby,
} from "../failure/node-assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import { roundsOf } from "../queries/inspection-rounds.ts";
import { activeAt, beforeNs, effectNs, loadEndNs, marksOf, returnNs } from "../queries/history-queries.ts";
import { type FaultLife, type HistoryView, markOf } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { isServiceNode, type NodeName, nodeNames } from "#spec/node.ts";
import { auditedAs, difference, replicaDumpsOf } from "./compare-replicas.ts";
import { nodeOf } from "../queries/judged-node.ts";

/** REC-1: a node whose disk was replaced rejoins and catches up. */
export const diskReplaced: Checker = { entry: "REC-1", check: (view) => rulingAfter(view, "wiped", () => []) };

/** REC-2: a lost node is rebuilt from its peers, and the roles are as before. */
export const nodeRebuilt: Checker = {
  entry: "REC-2",
  check: (view) =>
    rulingAfter(view, "rebuilt", (life) => [
      ...rolesAsBefore(view, life.nodes[0]!),
      ...(isOfNewIdentity(life) ? [oldOneRemoved(view, life.nodes[0]!)] : []),
    ]),
};

/** Label of the replica dump at the end of the scenario. */
const label = "returned";

function rulingAfter(view: HistoryView, fault: string, more: (life: FaultLife) => Assertion[]) {
  const lives = view.faults.filter((life) => life.fault === fault && effectNs(life) < Infinity);
  if (lives.length === 0) return rulingOf([undecided("a node lost its store", `no fault "${fault}" took effect`)], {});
  const assertions = [
    ...lives.flatMap((life) => [storeWasThere(life), caughtUp(view, life), ...more(life)]),
    ...lives.map((life) => holdsEachFact(view, life.nodes[0]!)),
    factsReadBack(view),
    servedAtTheEnd(view),
  ];
  return rulingOf(assertions, figuresOf(view, lives));
}

/** A disk with less than half of what the server held is not the disk that the server writes to. */
function storeWasThere({ nodes, phases }: FaultLife): Assertion {
  const [node] = nodes;
  const says = `${node} lost its store`;
  const { files, bytes, heldBytes } = phases.effective?.event.detail ?? {};
  if (bytes === undefined || heldBytes === undefined) return undecided(says, "the size of the loss is not known");
  const events = [phases.effective!.index];
  if (bytes >= heldBytes / 2) return kept(says, { saw: `${bytes} bytes`, events });
  const saw = `its server held ${heldBytes} bytes, and the disk at the contract's path held ${bytes} in ${counted(files ?? 0, "file")}`;
  return refuted(says, saw, events);
}

/** The mark that every replica on the node was current again. */
function catchUpOf(view: HistoryView, life: FaultLife) {
  return marksOf(view, "caught-up").find(
    ({ event }) => event.t >= returnNs(life) && event.detail.node === life.nodes[0],
  );
}

function caughtUp(view: HistoryView, life: FaultLife): Assertion {
  const says = `every stream had a current replica on ${life.nodes[0]} again`;
  const mark = catchUpOf(view, life);
  if (!mark) return undecided(says, "the scenario did not wait for it");
  const { isTimedOut, saw } = mark.event.detail;
  if (!isTimedOut) return kept(says, { events: [mark.index] });
  const waited = { fromNs: returnNs(life), toNs: mark.event.t };
  return unlessContended(view, waited, { assertion: missed(says, String(saw), [mark.index]) });
}

/** Compares the node's own store with what the audit read from the stream's leader. */
function holdsEachFact(view: HistoryView, node: NodeName): Assertion {
  const says = `${node} holds each fact that was read back`;
  const own = replicaDumpsOf(view, label).find(
    ({ event }) => event.node === node && event.stream === nodeOf(view).streams.facts,
  );
  if (!own) return undecided(says, `the replica on ${node} was not read`);
  if (!markOf(view, "audited")) return undecided(says, "the stream was not read back to its end");
  const audited = auditedAs(view, own.event);
  if (audited.messages === 0) return undecided(says, "no fact was read back in that range");
  const differs = difference(own.event, audited);
  return differs ? refuted(says, differs, [own.index]) : kept(says, { events: [own.index] });
}

function factsReadBack(view: HistoryView): Assertion {
  const says = "every acknowledged fact was read back";
  const { verdict, because, events, rests } = acknowledgedFacts.check(view);
  if (verdict === "kept") return kept(says, { events });
  if (verdict === "unknown") return undecided(says, because);
  return rests === "seen" ? refuted(says, because, events) : missed(says, because, events);
}

/** From the node's restart to the last look: no role changed, and the node has its old role. */
function rolesAsBefore(view: HistoryView, node: NodeName): Assertion[] {
  const life = view.faults.find((one) => one.fault === "rebuilt" && one.nodes[0] === node)!;
  const endNs = loadEndNs(view);
  const active = activeAt(view, beforeNs(life));
  return [
    isServiceNode(node) ? isStandby(view, node, endNs) : isRunning(view, node, endNs),
    (isServiceNode(node) ? stayedStandby : neverServed)(view, node, { fromNs: returnNs(life), toNs: endNs }),
    active
      ? stayedActive(view, active, { fromNs: beforeNs(life), toNs: endNs })
      : undecided("the active node stayed active", "no node was seen active before the loss"),
    // It may have caught up once and fallen behind again.
    replicasCurrent(view, node, endNs),
  ];
}

function isOfNewIdentity(life: FaultLife): boolean {
  return life.spec.identity === "new";
}

/** By the last answer of the meta group's leader. */
function oldOneRemoved(view: HistoryView, node: NodeName): Assertion {
  const says = `there are three voters, without the old ${node}`;
  const named = roundsOf(view)
    .flatMap((round) => [...round.servers.values()])
    .findLast(({ event }) => event.voters !== undefined);
  if (!named) return undecided(says, "no server named the voters");
  const names = named.event.voters!.map((voter) => voter.name);
  const isRight =
    names.length === nodeNames.length && !names.includes(node) && names.some((name) => name.startsWith(node));
  return isRight
    ? kept(says, { saw: names.join(", "), events: [named.index] })
    : refuted(says, `${named.event.node} names ${names.join(", ")}`, [named.index]);
}

/**
 * For each node: the time from its restart until every replica was current, what it held then, and what it received.
 */
function figuresOf(view: HistoryView, lives: readonly FaultLife[]): Figures {
  const rows = lives.flatMap((life) => {
    const mark = catchUpOf(view, life);
    if (!mark || mark.event.detail.isTimedOut) return [];
    const { bytes = 0, receivedBytes = 0 } = mark.event.detail;
    const catchUpS = secondsOf(mark.event.t - returnNs(life));
    return [{ node: life.nodes[0]!, catchUpS, bytes, receivedBytes }];
  });
  const most = (of: (row: (typeof rows)[number]) => number) => Math.max(0, ...rows.map(of));
  if (rows.length === 0) return {};
  return {
    byNode: Object.fromEntries(rows.map(({ node, ...row }) => [node, row])),
    catchUpS: most((row) => row.catchUpS),
    movedBytes: most((row) => row.receivedBytes),
    storeBytes: most((row) => row.bytes),
  };
}
