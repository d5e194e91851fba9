// DUR-1 to DUR-3: streams and durable consumers have three replicas, and the cluster has exactly three voters. Decided
// by what each of the three servers holds and counts. What one server says about the others is not enough.

import type { HeldStream } from "#history/event.ts";
import type { HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { nodeNames } from "#spec/node.ts";
import { type Checker, counted, type Ruling } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { allowedSettings, storesOnDisk } from "./store-settings.ts";
import { isOurs, type Round, steadyRounds, whileSteady } from "../queries/inspection-rounds.ts";

const replicasWanted = 3;

export const streamReplicas: Checker = {
  entry: "DUR-1",
  check(view) {
    const [round] = steadyRounds(view);
    const assertions = [
      whileSteady(view, streamsTripled),
      ...steadyRounds(view).flatMap((one) => [...allowedSettings(view, one), ...storesOnDisk(view, one)]),
    ];
    return decided(assertions, { streams: summaryOf(round) });
  },
};

export const consumerReplicas: Checker = {
  entry: "DUR-2",
  check(view) {
    const [round] = steadyRounds(view);
    const names = [...new Set(heldBy(round).flatMap(({ stream }) => stream.consumers.map((one) => one.name)))];
    const assertions = [
      whileSteady(view, (one) => consumersTripled(view, one)),
      ...steadyRounds(view).flatMap((one) => allowedSettings(view, one, isOfValues)),
    ];
    return decided(assertions, { durableConsumers: names, streams: summaryOf(round) });
  },
};

export const threeVoters: Checker = {
  entry: "DUR-3",
  check(view) {
    const [round] = steadyRounds(view);
    const sizes = [...(round?.servers.values() ?? [])].map(({ event }) => [event.node, event.metaSize ?? null]);
    return decided([whileSteady(view, exactlyThree)], { voters: Object.fromEntries(sizes) });
  },
};

/** When all is kept, what was seen for the first assertion is the reason. */
function decided(assertions: Assertion[], measured: Figures): Ruling {
  const [{ says, saw }] = assertions as [Assertion, ...Assertion[]];
  const ruling = rulingOf(assertions, measured);
  return ruling.verdict === "kept" ? { ...ruling, because: `${says}: ${saw}` } : ruling;
}

interface Held {
  node: string;
  index: number;
  stream: HeldStream;
}

/** Every replica that the servers of a round hold, except those of the harness's own streams. */
function heldBy(round: Round | undefined): Held[] {
  return [...(round?.servers.values() ?? [])].flatMap(({ event, index }) =>
    (event.streams ?? []).filter(({ name }) => !isOurs(name)).map((stream) => ({ node: event.node, index, stream })),
  );
}

const summaryOf = (round: Round | undefined) => countsOf(namesOf(heldBy(round)));

const namesOf = (held: readonly Held[]) => held.map(({ stream }) => stream.name);

/** On how many servers each name is. */
function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** A sentence for the first of these names that a server of the round lacks. */
function lackingIn(round: Round, names: readonly string[]): string | undefined {
  const counts = countsOf(names);
  const servers = round.servers.size;
  const name = Object.keys(counts).find((one) => counts[one] !== servers);
  return name && `${name} is held by ${counts[name]} of ${counted(servers, "server")}`;
}

/** A sentence when a node that is up was not asked, or its server did not answer. */
function unasked(round: Round | undefined): string {
  if (!round) return "no server was asked while all was well";
  const silent = [...round.servers.values()].find(
    ({ event }) => !event.isReachable || event.hasJetStream === undefined,
  );
  return silent ? `the server of ${silent.event.node} said ${silent.event.error ?? "nothing of JetStream"}` : "";
}

export function streamsTripled(round: Round | undefined): Assertion {
  return tripled(round, heldBy(round));
}

function tripled(round: Round | undefined, held: readonly Held[]): Assertion {
  const says = "each stream has three replicas on three servers, on disk";
  const few = held.find(({ stream }) => stream.replicas !== replicasWanted);
  if (few)
    return refuted(says, `${few.stream.name} is made for ${counted(few.stream.replicas, "replica")}`, [few.index]);
  const inMemory = held.find(({ stream }) => stream.storage !== "file");
  if (inMemory)
    return refuted(says, `${inMemory.stream.name} is kept in ${inMemory.stream.storage} on ${inMemory.node}`, [
      inMemory.index,
    ]);
  const why = unasked(round);
  if (why) return undecided(says, why);
  if (held.length === 0) return undecided(says, "the servers hold no stream");
  const names = namesOf(held);
  const lacking = lackingIn(round!, names);
  return lacking
    ? missed(says, lacking)
    : kept(says, {
        saw: [...new Set(names)].join(", "),
        events: [...round!.servers.values()].map(({ index }) => index),
      });
}

/**
 * A zone may keep the positions of its consumers in its own streams, without a durable consumer. Then the replicas of
 * all streams except the facts' decide. Confirmed offsets show that positions are kept at all.
 */
export function consumersTripled(view: HistoryView, round: Round | undefined): Assertion {
  const says = "what a consumer has confirmed is kept in three replicas";
  const consumers = heldBy(round).flatMap(({ node, index, stream }) =>
    stream.consumers.map((one) => ({ ...one, stream: stream.name, node, index })),
  );
  const few = consumers.find(({ replicas }) => replicas !== replicasWanted);
  if (few)
    return refuted(says, `durable consumer ${few.name} of ${few.stream} has ${counted(few.replicas, "replica")}`, [
      few.index,
    ]);
  const why = unasked(round);
  if (why) return undecided(says, why);
  if (consumers.length > 0) {
    const lacking = lackingIn(
      round!,
      consumers.map((one) => `durable consumer ${one.name} of ${one.stream}`),
    );
    return lacking ? missed(says, lacking) : kept(says, { saw: counted(consumers.length, "consumer replica") });
  }
  const isConfirmed = view.operations.some(({ f, outcome }) => f === "confirm" && outcome === "ok");
  if (!isConfirmed) return undecided(says, "there is no durable consumer, and no client confirmed an offset");
  const streams = tripled(
    round,
    heldBy(round).filter(({ stream }) => isOfValues(stream.name)),
  );
  if (streams.verdict !== "kept") return { ...streams, says };
  return kept(says, { saw: `there is no durable consumer; cursors are kept in the streams: ${streams.saw}` });
}

/** The facts' own streams, by the node contract. */
const factShape = /^facts_/;

/** A stream of cursors or of the lease. */
function isOfValues(stream: string): boolean {
  return !factShape.test(stream);
}

export function exactlyThree(round: Round | undefined): Assertion {
  const says = "alpha, beta and gamma are the only voters";
  for (const { event, index } of round?.servers.values() ?? []) {
    if (event.hasJetStream === false) return refuted(says, `the server of ${event.node} has no JetStream`, [index]);
    if (event.metaSize !== undefined && event.metaSize !== nodeNames.length)
      return refuted(says, `${event.node} counts ${counted(event.metaSize, "voter")}`, [index]);
    const other = event.voters?.find((voter) => !nodeNames.some((name) => voter.name.includes(name)));
    if (other) return refuted(says, `${event.node} names ${other.name}`, [index]);
  }
  const why = unasked(round);
  if (why) return undecided(says, why);
  const named = [...round!.servers.values()].find(({ event }) => event.voters);
  if (!named) return undecided(says, "no server named the voters");
  const lacking = nodeNames.find((name) => !named.event.voters!.some((voter) => voter.name.includes(name)));
  return lacking
    ? refuted(says, `${named.event.node} does not name ${lacking}`, [named.index])
    : kept(says, { saw: "each of the three servers counts three", events: [named.index] });
}
