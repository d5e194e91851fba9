// The voters, as the servers answer: the leader of the meta group names them, every server counts them. Several
// checkers use these assertions. No checker is in this file.

import type { ServerEvent } from "#history/event.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Assertion, kept, refuted, undecided } from "../assertions.ts";
import { nodeOf } from "../queries/judged-node.ts";

export type Servers = Partial<Record<NodeName, At<ServerEvent>>>;

/** The last answer of each server in [fromNs, toNs]. */
export function serversIn(view: HistoryView, fromNs: number, toNs: number): Servers {
  const found: Servers = {};
  for (const at of eventsOf(view.history, "server"))
    if (at.event.t >= fromNs && at.event.t <= toNs) found[at.event.node] = at;
  return found;
}

/** The voters are the three nodes: the leader names them, each server counts them. `when` ends the sentence. */
export function threeVoters(servers: Servers, when: string): Assertion {
  const says = `exactly the three nodes were voters ${when}`;
  const named: number[] = [];
  for (const node of nodeNames) {
    const at = servers[node];
    if (!at) return undecided(says, `the server of ${node} was not asked`);
    const { isReachable, error, metaSize, voters } = at.event;
    if (!isReachable) return undecided(says, `the server of ${node} did not answer: ${error ?? "no reason given"}`);
    const names = voters?.map((one) => one.name).sort() ?? [];
    const others = names.filter((name) => !(nodeNames as readonly string[]).includes(name));
    if (others.length > 0) return refuted(says, `${node} counts ${others.join(", ")} as a voter`, [at.index]);
    if (metaSize !== undefined && metaSize !== nodeNames.length)
      return refuted(says, `${node} counts ${metaSize} voters`, [at.index]);
    if (voters && names.length !== nodeNames.length)
      return refuted(says, `${node} names ${names.join(", ")} as voters`, [at.index]);
    if (metaSize === undefined) return undecided(says, `${node} gave no number of voters`);
    if (voters) named.push(at.index);
  }
  return named.length > 0 ? kept(says, { events: named }) : undecided(says, "no server named the voters");
}

/** Each server is configured with exactly the route addresses of the other two. */
export function staticRoutes(view: HistoryView, servers: Servers): Assertion {
  const says = "each server is configured with the addresses of the other two, and no others";
  const events: number[] = [];
  for (const node of nodeNames) {
    const at = servers[node];
    const configured = at?.event.configuredRoutes;
    if (!at || !configured) return undecided(says, `the server of ${node} did not list its configured routes`);
    const wanted = nodeNames
      .filter((other) => other !== node)
      .map((other) => `${view.history.header.zone.nodes[other].zoneAddress}:${nodeOf(view).ports.natsCluster}`);
    const isSame = configured.length === wanted.length && wanted.every((address) => configured.includes(address));
    if (!isSame) return refuted(says, `${node} is configured with ${configured.join(", ") || "none"}`, [at.index]);
    events.push(at.index);
  }
  return kept(says, { events });
}
