// `triad bench exchange N`: N facts each way between two zones, with a failover in each zone and a cut of a minute
// between them. It counts the facts that arrived, that were lost and that arrived twice, and measures the time. Calls
// are counted and not recorded one by one.

import { delay, elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { freshSeed } from "#base/random.ts";
import { ownerOf } from "#engine/owner.ts";
import { cut } from "#faults/network/cut.ts";
import type { CutSpec } from "#spec/faults.ts";
import { defaultLoad, peerZoneId } from "#spec/scenario.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { IdAudit } from "#protocol/commands/server.ts";
import { endPair, startPair } from "#zone/pair.ts";
import { acknowledgedSoFar, auditIds, lagMs, pace, type Side, sideOf, stop } from "./exchange-side.ts";
import { type Comparison, compareIdAudits } from "./id-audit.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { BenchmarkOptions } from "#api/run-options.ts";
import { Environment } from "#zone/environment.ts";

/** About as much as two cores can carry for both zones together. */
const appendPerS = 320;
/**
 * The load while the backlog of the cut is read: that of a scenario. At the full rate two cores would have nothing left
 * for the backlog, and the time to catch up would say nothing.
 */
const backlogPerS = defaultLoad.appendPerS;
const cutMs = 60_000;
const readyDeadlineMs = 90_000;
const returnDeadlineMs = 60_000;
const exchangeDeadlineMs = 600_000;
const pollMs = 1_000;
const keepsUpMs = 1_000;

interface ExchangeFigures extends Comparison {
  factsPerS: number;
  /** From the first call until the last fact is in both zones. */
  tookS: number;
  /**
   * From the end of the cut until the oldest unconfirmed fact of each zone is younger than a second, at `backlogPerS`.
   */
  caughtUpS: number;
}

export async function benchExchange(
  { facts }: BenchmarkOptions["exchange"],
  { progress, signal }: RunContext,
): Promise<Answer> {
  const step = progress.step("exchange between two zones");
  await using environment = await Environment.open((line) => step.update(line));
  const report = (phase: string) => step.update(phase);
  const figures = await measureExchange(environment, { facts, signal, report });
  step.done();
  const { messages, acknowledged, lost, twice, differing, factsPerS, tookS, caughtUpS } = figures;
  const lines = [
    `acknowledged             ${acknowledged.join(" and ")} facts, ${factsPerS} a second in each zone`,
    `in the two zones         ${messages.join(" and ")} facts${differing.length > 0 ? `, different for ${differing.join(", ")}` : ", the same"}`,
    `lost                     ${lost}`,
    `duplicates               ${twice}`,
    `caught up after the cut  in ${caughtUpS} s, at ${backlogPerS} new facts a second in each zone`,
    `time                     ${tookS} s`,
  ];
  return { summary: lines.join("\n"), data: figures };
}

async function measureExchange(
  environment: Environment,
  options: { facts: number; signal: AbortSignal; report: (phase: string) => void },
): Promise<ExchangeFigures> {
  const { facts, signal, report } = options;
  report("starting two zones");
  const request = (id: string, zoneId: string) => ({
    id,
    owner: ownerOf(),
    spec: { ...defaultZoneSpec, zoneId },
    docker: environment.engine.docker,
    bridges: environment.bridges,
    privileges: environment.privileges,
    images: environment.images,
    contract: environment.contract,
    onEvent: () => {},
    onNoise: () => {},
    onLost: () => {},
  });
  const id = `${ownerOf().split("-")[0]}-exchange`;
  const pair = await startPair(request(id, defaultZoneSpec.zoneId), request(`${id}-b`, peerZoneId));
  await using _ending = { [Symbol.asyncDispose]: () => endPair(pair) };
  const seed = freshSeed();
  const sides = [await sideOf(pair[0], seed, appendPerS), await sideOf(pair[1], seed + 1, appendPerS)] as const;
  const startNs = nowNs();
  const progress = async () => Math.min(...(await Promise.all(sides.map(acknowledgedSoFar))));
  const reach = (share: number, what: string) => {
    report(what);
    return pollUntil(
      async () => {
        const done = await progress();
        return done >= facts * share ? { done: true } : { saw: `${done} of ${facts} facts` };
      },
      { what, deadlineMs: readyDeadlineMs + ((facts * 2) / appendPerS) * 1_000, intervalMs: pollMs, signal },
    );
  };
  await reach(0.15, "first facts");
  await failOver(sides[0], report);
  await reach(0.35, "facts after the first zone's failover");
  await failOver(sides[1], report);
  await reach(0.55, "facts after the second zone's failover");
  const caughtUpS = await cutAndHeal(sides, { signal, report });
  await reach(1, "the rest of the facts");
  const told = await Promise.all(sides.map(stop));
  const loadS = elapsedMs(startNs) / 1_000;
  report("waiting for the last facts");
  const idAudits = await untilSame(sides, signal);
  const tookS = Math.round(elapsedMs(startNs) / 100) / 10;
  const compared = compareIdAudits(
    idAudits,
    sides.map((side, place) => ({ client: side.name, numbers: told[place]! })),
  );
  const factsPerS = Math.round(Math.min(...compared.acknowledged) / loadS);
  return { ...compared, factsPerS, tookS, caughtUpS };
}

/** Kills the active node, waits for answers of the other one, and starts the first one again. */
async function failOver(side: Side, report: (phase: string) => void): Promise<void> {
  const { zone } = side;
  report(`failover of ${zone.plan.spec.zoneId}`);
  await zone.node("alpha").kill();
  const before = await acknowledgedSoFar(side);
  await pollUntil(
    async () => ((await acknowledgedSoFar(side)) > before + appendPerS ? { done: true } : { saw: "no answers" }),
    {
      what: `answers of beta in ${zone.plan.spec.zoneId}`,
      deadlineMs: returnDeadlineMs,
      intervalMs: pollMs,
    },
  );
  await zone.node("alpha").start();
}

/** Cuts off beta, which is active since alpha failed. @returns seconds from the healing until both zones keep up. */
async function cutAndHeal(
  sides: readonly [Side, Side],
  { signal, report }: { signal: AbortSignal; report: (phase: string) => void },
): Promise<number> {
  const { zone } = sides[0];
  const spec: CutSpec = { fault: "cut", node: "beta", segments: ["peer"], direction: "both" };
  report("cut between the zones");
  await cut.inject(zone, spec);
  await delay(cutMs, signal);
  await cut.heal(zone, spec);
  report("catching up after the cut");
  const healedNs = nowNs();
  await pace(sides, backlogPerS);
  const lags = () => Promise.all(sides.map(lagMs));
  await pollUntil(
    async () => {
      const now = await lags();
      return now.every((lag) => lag < keepsUpMs) ? { done: true } : { saw: `lags of ${now.join(" and ")} ms` };
    },
    { what: "both zones to keep up again", deadlineMs: exchangeDeadlineMs, intervalMs: 250, signal },
  );
  const caughtUpS = Math.round(elapsedMs(healedNs) / 100) / 10;
  await pace(sides, appendPerS);
  return caughtUpS;
}

/** Id audits of both streams, once they hold equally many facts and no more arrive. */
async function untilSame(sides: readonly Side[], signal: AbortSignal): Promise<IdAudit[]> {
  let idAudits: IdAudit[] = [];
  const look = async () => {
    const before = idAudits.map((one) => one.messages).join(" and ");
    idAudits = await Promise.all(sides.map(auditIds));
    const now = idAudits.map((one) => one.messages).join(" and ");
    const isSame = idAudits[0]!.messages === idAudits[1]!.messages;
    return isSame && now === before ? { done: idAudits } : { saw: `${now} facts` };
  };
  const options = {
    what: "both zones to hold the same facts",
    deadlineMs: exchangeDeadlineMs,
    intervalMs: pollMs,
    signal,
  };
  // A difference that remains is a result, not an error.
  return pollUntil(look, options).catch((error: unknown) => {
    if (error instanceof HarnessError && error.code === "wait/timeout" && idAudits.length > 0) return idAudits;
    throw error;
  });
}
