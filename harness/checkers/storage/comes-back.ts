// STO-4: an artifact that a failover lost is served again, from the copy in the peer zone. Decided by the files of both
// zones and by the digest that the client received.

import type { Operation } from "#history/operations.ts";
import { eventsOf } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessCallLate } from "../queries/contention.ts";
import { effectNs, faultOn } from "../queries/history-queries.ts";
import { fileIn, type Named, namedArtifacts, type Zone, zonesOf } from "./two-zones.ts";

export const comesBackFromPeer: Checker = {
  entry: "STO-4",
  check(view) {
    const zones = zonesOf(view);
    if (!zones) return rulingOf([undecided("a lost artifact comes back", "the scenario has one zone")], {});
    const [named] = namedArtifacts(zones.own);
    if (!named)
      return rulingOf([undecided("a lost artifact comes back", "no artifact was acknowledged and named")], {});
    const get = getAfterLoss(zones.own, named);
    const assertions = [
      copied(zones.peer, named),
      ...(get
        ? [wasLost(zones.own, named, get), served(zones.own, named, get), ...liesAgain(zones.own, named, get)]
        : []),
    ];
    if (!get) assertions.push(undecided("it is served again", "no client asked for it after its node was lost"));
    const backMs = get ? Math.round((get.endNs - get.invokeNs) / 1e6) : null;
    return rulingOf(assertions, { key: named.key, digest: named.digest, backMs });
  },
};

/** The first call for the artifact after the node that acknowledged it was lost. */
function getAfterLoss({ view }: Zone, { put, key }: Named): Operation | undefined {
  const lostNs = effectNs(faultOn(view, put.node ?? "alpha", put.endNs));
  return view.operations.find((one) => one.f === "get" && one.key === key && one.invokeNs > lostNs);
}

function copied(peer: Zone, { digest }: Named): Assertion {
  const says = `${peer.name} holds a copy`;
  const copy = fileIn(peer, digest);
  if (copy) return kept(says, { saw: copy.path, events: [peer.indexOf(copy.list.index)] });
  // Without a copy in the peer zone the entry was not tested.
  return undecided(says, "no list of its artifacts shows one");
}

/** The node that serves now did not have it before. */
function wasLost(own: Zone, { digest, put }: Named, get: Operation): Assertion {
  const says = "the node that took over did not have it";
  if (get.node === put.node) return undecided(says, `${get.node} still served`);
  const node = get.node ?? (put.node === "alpha" ? "beta" : "alpha");
  const lists = listsOf(own, node).filter(({ event }) => event.t < get.invokeNs);
  if (lists.length === 0) return undecided(says, `the artifacts of ${node} were not listed before it was asked for`);
  const had = lists.find(({ event }) => event.files.some((one) => one.digest === digest));
  return had ? undecided(says, `${node} had it already`) : kept(says, { events: [lists.at(-1)!.index] });
}

function served({ view }: Zone, { digest }: Named, get: Operation): Assertion {
  const says = "it is served again and its digest matches";
  if (get.outcome !== "ok")
    return unlessCallLate(view, get, missed(says, `the answer was ${get.error ?? "none"}`, [get.index]));
  if (get.digest !== digest)
    return refuted(says, `${get.node} served content with the digest ${get.digest?.slice(0, 12)}…`, [get.index]);
  return kept(says, { saw: get.node ?? "", events: [get.index] });
}

/** From then on it is on the node's own storage. Not judged when nothing was served. */
function liesAgain(own: Zone, { digest }: Named, get: Operation): Assertion[] {
  if (get.outcome !== "ok" || !get.node) return [];
  const says = `it is on ${get.node} again`;
  const lists = listsOf(own, get.node).filter(({ event }) => event.t > get.endNs);
  if (lists.length === 0) return [undecided(says, `the artifacts of ${get.node} were not listed afterwards`)];
  const has = lists.find(({ event }) => event.files.some((one) => one.digest === digest));
  return [has ? kept(says, { events: [has.index] }) : missed(says, "no file there has its digest", [lists[0]!.index])];
}

function listsOf({ view }: Zone, node: NodeName) {
  return eventsOf(view.history, "files").filter(({ event }) => event.node === node);
}
