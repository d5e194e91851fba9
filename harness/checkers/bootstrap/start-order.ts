// BOOT-2 and BOOT-3: in any order of starts the zone reaches the same steady state. Alpha serves, Beta is a standby,
// Gamma only votes; there are three voters, and every replica is current.

import { eventsOf, type HistoryView, markOf } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { type Checker, type Ruling, nsPerMs, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { type ServiceNode, nodeNames, serviceNodes } from "#spec/node.ts";
import { noControllerWithoutVip } from "../gates/listeners.ts";
import * as node from "../failure/node-assertions.ts";
import { activeSpans, covering, firstAnswer, isOutside } from "../queries/history-queries.ts";
import { becameSteady, type ColdStart, coldStartOf, inCalm, noColdStart, watchedThroughout } from "./cold-start.ts";
import { serversIn, threeVoters } from "./voters.ts";
import { isProgram } from "../queries/judged-node.ts";

export const startOrder: Checker = {
  entry: "BOOT-2",
  check(view) {
    const cold = coldStartOf(view);
    return cold ? sameSteadyState(view, cold, []) : rulingOf([noColdStart], {});
  },
};

export const gammaLast: Checker = {
  entry: "BOOT-3",
  check(view) {
    const cold = coldStartOf(view);
    if (!cold) return rulingOf([noColdStart], {});
    const says = "gamma was started last";
    const isLast = cold.order.at(-1) === "gamma" && gapsNs(cold).every((gapNs) => gapNs > atOnceNs);
    return sameSteadyState(view, cold, [
      isLast ? kept(says) : undecided(says, `the order was ${cold.order.join(", ")}`),
    ]);
  },
};

/** Starts closer to each other than this count as one instant: the daemon needs longer to start one node. */
const atOnceNs = 500 * nsPerMs;

function sameSteadyState(view: HistoryView, cold: ColdStart, first: Assertion[]): Ruling {
  const steady = becameSteady(view, cold);
  const whole = { fromNs: cold.fromNs, toNs: cold.endNs };
  const assertions = [...first, watchedThroughout(view, cold), steady];
  // When the zone is not steady, the other assertions would only repeat that.
  if (steady.verdict === "kept")
    assertions.push(
      alphaServes(view, cold),
      node.isStandby(view, "beta", cold.endNs),
      node.neverServed(view, "gamma", whole),
      node.isRunning(view, "gamma", cold.endNs),
      ...nodeNames.flatMap((name) => noControllerWithoutVip(view, name, whole)),
      ...serviceNodes.map((name) => runsKeepalived(view, cold, name)),
      threeVoters(serversIn(view, cold.lastNs, cold.endNs), "in the steady state"),
      ...nodeNames.map((name) => node.replicasCurrent(view, name, cold.lastNs)),
    );
  return rulingOf(assertions, figuresOf(view, cold));
}

function alphaServes(view: HistoryView, cold: ColdStart): Assertion {
  const says = "alpha is active in the steady state";
  const sinceNs = markOf(view, "steady")!.event.t;
  const span = covering(activeSpans(view, "alpha"), sinceNs, cold.endNs);
  const answer = firstAnswer(view, (o) => o.node === "alpha" && isOutside(o.process) && o.invokeNs >= sinceNs);
  if (span && answer) return kept(says, { events: [span.events[0], answer.index] });
  const other = (["beta", "gamma"] as const).find((name) => covering(activeSpans(view, name), sinceNs, cold.endNs));
  const events = other ? activeSpans(view, other).map((one) => one.events[0]) : [];
  const assertion = refuted(
    says,
    other ? `${other} is` : span ? "it answered no client" : "it was not active all the time",
    events,
  );
  const held = activeSpans(view, "alpha").find((one) => one.toNs >= sinceNs);
  const lostNs = held && held.fromNs <= sinceNs && held.toNs < cold.endNs ? held.toNs : sinceNs;
  return inCalm(view, lostNs, assertion);
}

/** Without it the node could neither keep the VIP nor take it. */
function runsKeepalived(view: HistoryView, cold: ColdStart, name: ServiceNode): Assertion {
  const says = `${name} runs keepalived in the steady state`;
  const sinceNs = markOf(view, "steady")!.event.t;
  const looks = eventsOf(view.history, "inspection").filter(
    ({ event }) => event.node === name && event.t >= sinceNs && event.t <= cold.endNs,
  );
  const without = looks.find(({ event }) => !event.processes.some((one) => isProgram(view, "keepalived", one)));
  if (without) return refuted(says, "an inspection shows none", [without.index]);
  return looks.length > 0
    ? kept(says, { events: looks.map(({ index }) => index) })
    : undecided(says, `${name} was not inspected`);
}

function gapsNs({ order, startingNs }: ColdStart): number[] {
  return order.slice(1).map((name, place) => startingNs[name] - startingNs[order[place]!]);
}

function figuresOf(view: HistoryView, cold: ColdStart): Figures {
  const answer = firstAnswer(view, (o) => o.f === "append" && isOutside(o.process));
  const gaps = gapsNs(cold);
  const leader = eventsOf(view.history, "server").findLast(({ event }) => event.metaLeader)?.event.metaLeader;
  return {
    order: gaps.every((gapNs) => gapNs <= atOnceNs) ? "at once" : cold.order.join(", "),
    gapsS: gaps.map(secondsOf),
    firstAnswerS: answer ? secondsOf(answer.endNs - cold.fromNs) : null,
    firstAnswerAfterLastStartS: answer ? secondsOf(answer.endNs - cold.lastNs) : null,
    metaLeader: leader ?? null,
  };
}
