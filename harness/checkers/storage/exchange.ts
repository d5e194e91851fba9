// STO-3: facts and artifacts cross between two zones only through the BSFG RPC, and each crosses once. Three things
// decide: the traffic on the segment between the zones, the sockets of all six nodes, and both streams as read back.

import { endOf, isLoopback, unmapped } from "#history/local-address.ts";
import type { Operation } from "#history/operations.ts";
import { eventsOf, type HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { nodeNames } from "#spec/node.ts";
import { type Checker, counted, nsPerS } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";

import { unlessContended } from "../queries/contention.ts";
import { loadEndNs, marksOf } from "../queries/history-queries.ts";
import { acknowledgedBy, factsAtEnd, fileIn, namedArtifacts, type Zone, zonesOf } from "./two-zones.ts";

export const crossesByRpcOnly: Checker = {
  entry: "STO-3",
  check(view) {
    const zones = zonesOf(view);
    if (!zones) return rulingOf([undecided("two zones exchange facts", "the scenario has one zone")], {});
    const { own, peer } = zones;
    const [there, back] = [crossing(view, own, peer), crossing(view, peer, own)];
    const assertions = [
      onlyVipsTalk(own, peer),
      onlyRpcConnects(own, peer),
      ...there.assertions,
      ...back.assertions,
      cameToRest(view),
      ...copies(own, peer),
      ...copies(peer, own),
    ];
    return rulingOf(assertions, { ...there.measured, ...back.measured });
  },
};

const rpcEnd = ({ view }: Zone) => `${view.endpoint.vip}:${view.endpoint.rpcPort}`;

/** All captured traffic on the segment between the zones, except ARP and the kernels' own IPv6 messages. */
function onlyVipsTalk(own: Zone, peer: Zone): Assertion {
  const says = "only the two VIPs speak on the segment between the zones, one of them on its RPC port";
  const talks = eventsOf(own.view.history, "flows").filter(({ event }) => event.segment === "peer");
  const ends = [rpcEnd(own), rpcEnd(peer)];
  const vips = [own.view.endpoint.vip, peer.view.endpoint.vip];
  let packets = 0;
  for (const { event, index } of talks)
    for (const pair of event.pairs) {
      if (pair.protocol === "arp" || isOwnChatter(pair)) continue;
      const isBetweenVips = [pair.from, pair.to].map((end) => endOf(end).host).every((host) => vips.includes(host));
      if (pair.protocol !== "tcp" || !isBetweenVips || !ends.some((end) => end === pair.from || end === pair.to))
        return refuted(says, `${event.seenBy} saw ${pair.protocol} from ${pair.from} to ${pair.to}`, [index]);
      packets += pair.packets;
    }
  if (packets === 0) return undecided(says, "no packet between the VIPs was seen");
  return kept(says, { saw: `${packets} packets`, events: talks.map(({ index }) => index) });
}

/**
 * Messages that a kernel sends by itself, to multicast groups and without a port, although the zones use no IPv6:
 * duplicate address detection, group membership, router solicitation. Old captures cut the receiver at its first colon:
 * "ff02".
 */
function isOwnChatter({ protocol, from, to }: { protocol: string; from: string; to: string }): boolean {
  const isKernels = /^(?:::|fe80:[\da-f:]+)$/.test(from) && /^ff02(?:::1|::2|::16|::1:ff[\da-f:]+)?$/.test(to);
  return protocol === "ip6" && isKernels;
}

/** The only connections between the zones are from VIP to VIP on the RPC port. */
function onlyRpcConnects(own: Zone, peer: Zone): Assertion {
  const says = "processes of one zone are connected to the other only at its RPC endpoint, from VIP to VIP";
  let rounds = 0;
  let seen = 0;
  for (const [here, there] of [[own, peer] as const, [peer, own] as const])
    for (const { event, index } of eventsOf(here.view.history, "inspection")) {
      rounds += 1;
      for (const socket of event.sockets) {
        const [local, remote] = [unmapped(socket.local), unmapped(socket.remote)];
        if (!isOf(there, remote) && !isStrayIpv6(remote)) continue;
        const isRpc = [local, remote].some((end) => end === rpcEnd(here) || end === rpcEnd(there));
        if (!isRpc || !isVip(here, local) || !isVip(there, remote))
          return refuted(says, `${event.node} of ${here.name} has ${local} to ${remote}`, [here.indexOf(index)]);
        seen += 1;
      }
    }
  if (seen === 0) return undecided(says, `${rounds} inspections show no connection between the zones at all`);
  return kept(says, { saw: `${seen} connections in ${rounds} inspections` });
}

function isVip({ view }: Zone, end: string): boolean {
  return endOf(end).host === view.endpoint.vip;
}

/** An address of the zone, on its own segments or on the one between the zones. */
function isOf(zone: Zone, end: string): boolean {
  const { host } = endOf(end);
  const { nodes } = zone.view.history.header.zone;
  const subnets = nodeNames.flatMap((name) => [nodes[name].zoneAddress, nodes[name].controlAddress ?? ""]);
  const peerAddresses = nodeNames.map((name) => nodes[name].peerAddress);
  return (
    peerAddresses.includes(host) || subnets.some((address) => address !== "" && prefixOf(address) === prefixOf(host))
  );
}

/** The zones use no IPv6. An IPv6 address other than loopback and the wildcard belongs to an unknown host. */
function isStrayIpv6(end: string): boolean {
  const { host } = endOf(end);
  return host.startsWith("[") && host !== "[::]" && !isLoopback(end);
}

function prefixOf(address: string): string {
  return address.slice(0, address.lastIndexOf("."));
}

/** The facts that one zone acknowledged, in the other zone. */
function crossing(view: HistoryView, from: Zone, to: Zone): { assertions: Assertion[]; measured: Figures } {
  const there = factsAtEnd(to);
  const here = factsAtEnd(from);
  const acknowledged = acknowledgedBy(from);
  const lost = acknowledged.filter(({ messageId }) => !there.has(messageId!));
  const twice = [...there].filter(([, { offsets }]) => offsets.size > 1);
  const apart = [...here.keys()].filter((id) => !there.has(id));
  const came = acknowledged.filter(({ messageId }) => there.has(messageId!)).map(({ offset = -1 }) => offset);
  const once = `no fact is in ${to.name} twice`;
  const same = `${to.name} holds what ${from.name} holds`;
  const assertions = [
    unlessOnTheWay(view, allCame({ from, to, acknowledged, there }, lost), {
      missing: lost.map(({ offset = -1 }) => offset),
      came,
    }),
    twice.length > 0
      ? refuted(
          once,
          tell(
            "stored twice",
            twice.map(([id]) => id),
          ),
          [to.indexOf(twice[0]![1].index)],
        )
      : kept(once, { saw: counted(there.size, "fact") }),
    apart.length > 0
      ? unlessOnTheWay(view, missed(same, tell("missing", apart), [from.indexOf(here.get(apart[0]!)!.index)]), {
          missing: apart.flatMap((id) => [...here.get(id)!.offsets]),
          came,
        })
      : kept(same, { saw: counted(here.size, "fact") }),
  ];
  const figure = (what: "facts" | "lost" | "twice") => `${shortName(from)}_to_${shortName(to)}_${what}` as const;
  return {
    assertions,
    measured: {
      [figure("facts")]: acknowledged.length,
      [figure("lost")]: lost.length,
      [figure("twice")]: twice.length,
    },
  };
}

interface Crossed {
  from: Zone;
  to: Zone;
  acknowledged: readonly Operation[];
  there: ReturnType<typeof factsAtEnd>;
}

function allCame({ from, to, acknowledged, there }: Crossed, lost: readonly Operation[]): Assertion {
  const says = `every fact that ${from.name} acknowledged is in ${to.name}, unaltered`;
  const idsOf = (operations: readonly Operation[]) => operations.map(({ messageId }) => messageId!);
  if (acknowledged.length === 0) return undecided(says, `${from.name} acknowledged nothing`);
  if (lost[0]) return missed(says, tell("never came", idsOf(lost)), [from.indexOf(lost[0].index)]);
  const altered = acknowledged.filter(({ messageId, digest }) => {
    const found = there.get(messageId!);
    return found !== undefined && digest !== undefined && found.digest !== digest;
  });
  if (altered[0]) return refuted(says, tell("came altered", idsOf(altered)), [from.indexOf(altered[0].index)]);
  return kept(says, { saw: counted(acknowledged.length, "fact") });
}

function tell(what: string, ids: readonly string[]): string {
  return `${counted(ids.length, "fact")} ${what} (first ${ids[0]})`;
}

function shortName({ name }: Zone): string {
  return name.replace("-bsfg", "");
}

/** The streams were read after the exchange was complete. */
export function cameToRest(view: HistoryView): Assertion {
  const says = "the exchange was complete after the load";
  const mark = marksOf(view, "exchanged").at(-1);
  if (!mark) return undecided(says, "the scenario did not wait for it");
  if (mark.event.detail?.isTimedOut !== true) return kept(says, { events: [mark.index] });
  const assertion = missed(says, JSON.stringify(mark.event.detail.saw ?? "it did not"), [mark.index]);
  // What is left to come when the load ends was late before.
  const span = { fromNs: loadEndNs(view) - 5 * nsPerS, toNs: mark.event.t };
  return unlessContended(view, span, { assertion });
}

/**
 * Facts that had not come when the wait for them ended may be late. They come in the order of their offsets, so one
 * that a later one overtook is lost.
 */
export function unlessOnTheWay(
  view: HistoryView,
  assertion: Assertion,
  { missing, came }: { missing: readonly number[]; came: readonly number[] },
): Assertion {
  const atRest = cameToRest(view);
  if (assertion.verdict !== "broken" || atRest.verdict !== "unknown" || marksOf(view, "exchanged").length === 0)
    return assertion;
  const firstMissing = missing.reduce((least, offset) => Math.min(least, offset), Infinity);
  if (missing.length === 0 || came.some((offset) => offset > firstMissing)) return assertion;
  return undecided(assertion.says, `${assertion.saw}, and ${atRest.saw}`);
}

/** The other zone has an artifact that a fact named, with the same digest. */
function copies(from: Zone, to: Zone): Assertion[] {
  const named = namedArtifacts(from);
  const says = `an artifact of ${from.name} that a fact names is copied to ${to.name}`;
  if (named.length === 0) return [undecided(says, `${from.name} acknowledged none`)];
  return named.map(({ key, digest, put }) => {
    const copy = fileIn(to, digest);
    if (copy) return kept(says, { saw: `${key} on ${copy.list.event.node}`, events: [to.indexOf(copy.list.index)] });
    const isListed = eventsOf(to.view.history, "files").some(({ event }) => event.t > put.endNs);
    if (!isListed) return undecided(says, `the artifacts of ${to.name} were not listed`);
    return missed(says, `no file in ${to.name} has the digest of ${key}`, [from.indexOf(put.index)]);
  });
}
