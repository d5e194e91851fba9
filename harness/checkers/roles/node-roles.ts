// ROLE-1 to ROLE-3: the role of each node in the steady zone. Alpha serves, Beta is a standby, Gamma votes. Decided by
// the kernel's processes and sockets, and by the votes that the other servers report.

import { endOf } from "#history/local-address.ts";
import { type HistoryView, markOf } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import type { NodeName } from "#spec/node.ts";
import { vrrpProtocol } from "#spec/sockets.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import * as node from "../failure/node-assertions.ts";
import { unlessContendedBefore } from "../queries/contention.ts";
import { type Round, roundsOf, steadyRounds, undisturbed, whileSteady } from "../queries/inspection-rounds.ts";
import { answersEachRequest, serviceFigures } from "../queries/service.ts";
import { effectNs, loadEndNs, marksOf, returnNs } from "../queries/history-queries.ts";
import { isProgram } from "../queries/judged-node.ts";

/** Alpha runs the controller while it holds the VIP and votes. */
export const alphaServes: Checker = {
  entry: "ROLE-1",
  check(view) {
    const assertions = [
      alphaStaysActive(view),
      answersEachRequest(view, undisturbed(view)),
      whileSteady(view, (round) => runsController(view, round, "alpha")),
      whileSteady(view, (round) => votes(view, round, "alpha")),
    ];
    return rulingOf(assertions, { ...figuresOf(view), ...serviceFigures(view) });
  },
};

function alphaStaysActive(view: HistoryView): Assertion {
  if (!markOf(view, "steady")) return undecided("alpha stayed active", "the zone never became steady");
  return node.stayedActive(view, "alpha", undisturbed(view));
}

/** Beta is a standby that can be promoted and votes. */
export const betaStandsBy: Checker = {
  entry: "ROLE-2",
  check(view) {
    const { toNs } = undisturbed(view);
    const assertions = [
      node.stayedStandby(view, "beta", { fromNs: view.firstNs, toNs }),
      { ...node.isStandby(view, "beta", toNs), says: "beta was a standby" },
      runsNo({ view, rounds: steadyRounds(view) }, "beta", "controller"),
      whileSteady(view, (round) => votes(view, round, "beta")),
      ...promoted(view),
    ];
    return rulingOf(assertions, figuresOf(view));
  },
};

/** Gamma votes and runs neither controller nor keepalived. */
export const gammaVotes: Checker = {
  entry: "ROLE-3",
  check(view) {
    const rounds = roundsOf(view);
    const assertions = [
      node.neverServed(view, "gamma", { fromNs: view.firstNs, toNs: loadEndNs(view) }),
      runsNo({ view, rounds }, "gamma", "controller"),
      runsNo({ view, rounds }, "gamma", "keepalived"),
      speaksNoVrrp(view, rounds),
      whileSteady(view, (round) => votes(view, round, "gamma")),
    ];
    return rulingOf(assertions, {
      ...figuresOf(view),
      inspections: rounds.filter(({ inspections }) => inspections.has("gamma")).length,
    });
  },
};

function figuresOf(view: HistoryView): Figures {
  const [round] = steadyRounds(view);
  const leader = [...(round?.servers.values() ?? [])].find(({ event }) => event.voters);
  return { voters: leader?.event.voters?.map(({ name }) => name) ?? null };
}

/** The node has the VIP, and the process with the listener on it is the controller. */
function runsController(view: HistoryView, round: Round | undefined, name: NodeName): Assertion {
  const says = `${name} held the VIP under keepalived, and its controller listened on it`;
  const inspection = round?.inspections.get(name);
  if (!inspection) return undecided(says, `no inspection shows ${name} in the steady state`);
  const { addresses, sockets, processes } = inspection.event;
  const { vip, rpcPort } = view.endpoint;
  const events = [inspection.index];
  const inCalm = (assertion: Assertion) => unlessContendedBefore(view, inspection.event.t, assertion);
  if (!addresses.some(({ address }) => address === vip))
    return inCalm(refuted(says, `the VIP is not among its addresses`, events));
  if (!processes.some((one) => isProgram(view, "keepalived", one)))
    return refuted(says, "it runs no keepalived", events);
  const listener = sockets.find(({ state, local }) => state === "LISTEN" && endOf(local).port === rpcPort);
  if (!listener) return inCalm(missed(says, `nothing listens on port ${rpcPort}`, events));
  const owner = processes.find(({ pid }) => pid === listener.pid);
  if (!owner) return undecided(says, `the owner of the listener on ${listener.local} was not found`);
  return isProgram(view, "controller", owner)
    ? kept(says, { events })
    : refuted(says, `${listener.local} belongs to ${owner.argv.join(" ").slice(0, 80)}`, events);
}

function runsNo(
  { view, rounds }: { view: HistoryView; rounds: readonly Round[] },
  name: NodeName,
  program: "controller" | "keepalived",
): Assertion {
  const says = `${name} runs no ${program}`;
  const looks = rounds.flatMap(({ inspections }) => inspections.get(name) ?? []);
  if (looks.length === 0) return undecided(says, `no inspection shows ${name}`);
  for (const { event, index } of looks) {
    if (event.processes.length === 0) return undecided(says, `an inspection of ${name} names no process`);
    const found = event.processes.find((one) => isProgram(view, program, one));
    if (found) return refuted(says, `process ${found.pid} is "${found.argv.join(" ").slice(0, 80)}"`, [index]);
  }
  return kept(says, { events: looks.map(({ index }) => index) });
}

function speaksNoVrrp(view: HistoryView, rounds: readonly Round[]): Assertion {
  const says = "gamma has no socket for VRRP and none on the RPC port";
  const looks = rounds.flatMap(({ inspections }) => inspections.get("gamma") ?? []);
  for (const inspection of looks) {
    const found = inspection.event.sockets.find(({ protocol, state, local }) => {
      const { port } = endOf(local);
      if (protocol.startsWith("raw")) return port === vrrpProtocol;
      return state === "LISTEN" && port === view.endpoint.rpcPort;
    });
    if (found) return refuted(says, `it has a ${found.protocol} socket on ${found.local}`, [inspection.index]);
  }
  return looks.some(({ event }) => event.sockets.length > 0)
    ? kept(says, { events: looks.map(({ index }) => index) })
    : undecided(says, "no inspection shows the sockets of gamma");
}

/** The leader of the meta group names the node. When the node is the leader, another server must follow it. */
export function votes(view: HistoryView, round: Round | undefined, name: NodeName): Assertion {
  const says = `${name} votes in the JetStream quorum`;
  const own = round?.servers.get(name);
  if (!round || !own) return undecided(says, `the server of ${name} was not asked in the steady state`);
  if (own.event.hasJetStream === false) return refuted(says, "its server runs without JetStream", [own.index]);
  const answers = [...round.servers.values()];
  const leader = answers.find(({ event }) => event.voters);
  const voter = leader?.event.voters?.find((one) => one.name.includes(name));
  if (!leader) return undecided(says, "no server named the voters");
  if (!voter)
    return refuted(says, `${leader.event.node} counts ${leader.event.voters!.map((one) => one.name).join(", ")}`, [
      leader.index,
    ]);
  if (!voter.isOnline) {
    const assertion = missed(says, `${leader.event.node} counts it as offline`, [leader.index]);
    return unlessContendedBefore(view, leader.event.t, assertion);
  }
  const isFollowed = answers.some(({ event }) => event.node !== name && event.metaLeader?.includes(name));
  return leader.event.node !== name || isFollowed
    ? kept(says, { events: [leader.index] })
    : undecided(says, `only ${name} itself reports it`);
}

/** When the scenario moves the VIP to Beta, Beta must serve. */
function promoted(view: HistoryView): Assertion[] {
  const isAsked = marksOf(view, "provoked").some(({ event }) => event.detail.to === "beta");
  const life = view.faults[0];
  if (!isAsked || !life) return [];
  return [node.tookOver(view, "beta", { fromNs: effectNs(life), toNs: Math.min(returnNs(life), loadEndNs(view)) })];
}
