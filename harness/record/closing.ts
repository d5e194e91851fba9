// Closes the history of a zone that stays up, so that it can be judged as far as it goes: what a person did gets the
// time that a scenario gives it, the load stops, the facts are read back, and the load goes on.

import { elapsedMs, nowNs } from "#base/clock.ts";
import type { HistoryEvent, MarkEvent } from "#history/event.ts";
import { audit } from "#scenario/audit.ts";
import type { Stage } from "#scenario/stage.ts";
import type { StepContext } from "#scenario/step-context.ts";
import { takeStep } from "#scenario/steps/registry.ts";
import { writeNodeEvidence } from "#scenario/node-evidence.ts";
import { type NodeName, nodeNames, type ServiceNode } from "#spec/node.ts";
import { answerDeadlineMs, rejoinDeadlineMs } from "#spec/scenarios/parts.ts";
import { type Answered, deeds, readRecorded, type RecordedEvents } from "./recorded-events.ts";

/** Time in which a second, wrong change of roles would show. */
const settleMs = 1_500;

interface ClosingOptions {
  name: string;
  hasLoad: boolean;
  events: RecordedEvents;
  report: (doing: string) => void;
}

export class Closing {
  readonly #context: StepContext;
  readonly #options: ClosingOptions;

  constructor(context: StepContext, options: ClosingOptions) {
    this.#context = context;
    this.#options = options;
  }

  async close(id: number): Promise<Answered> {
    const { name, hasLoad, events } = this.#options;
    const open = openDeeds((await readRecorded(name, deeds)).events);
    events.beginClosing();
    try {
      await this.#settle(open);
      const fromNs = nowNs();
      if (hasLoad) await this.#stopAndRead();
      else await takeStep(this.#context, { step: "inspect" });
      const toNs = nowNs();
      await writeNodeEvidence({ own: { zone: this.#context.zone } } as Stage, this.#context.folder);
      return { id, fromNs, toNs };
    } finally {
      events.endClosing();
      if (hasLoad) await this.#goOn();
    }
  }

  /** Waits as a scenario would: for the takeover, for the nodes that come back, and for the service. */
  async #settle({ takeover, returned, standing }: OpenDeeds): Promise<void> {
    const { report, hasLoad } = this.#options;
    if (!hasLoad) return;
    if (takeover) {
      report(`waiting until ${takeover.node} answers`);
      await takeStep(this.#context, {
        step: "await-answer",
        node: takeover.node,
        deadlineMs: left(answerDeadlineMs, takeover.sinceNs),
      });
    }
    for (const { node, sinceNs } of returned) {
      report(`waiting until ${node} is a member again`);
      await takeStep(this.#context, { step: "await-rejoin", node, deadlineMs: left(rejoinDeadlineMs, sinceNs) });
    }
    report("waiting for the service");
    await takeStep(this.#context, { step: "hold", ms: settleMs });
    if (!standing) await this.#context.service.untilServed();
  }

  /** As a scenario ends. */
  async #stopAndRead(): Promise<void> {
    const { history, load } = this.#context;
    this.#options.report("looking into the nodes");
    await takeStep(this.#context, { step: "inspect" });
    this.#options.report("reading the facts back");
    // In the zone's history the load pauses here. In the copy that is judged it stops.
    history.mark("load-paused");
    await load.stop();
    history.mark("load-stopped", { clients: load.tallies });
    const startNs = nowNs();
    const drained = await load.drain();
    if (drained)
      history.mark("drained", {
        readers: drained.readers,
        clients: [drained.totals],
        tookMs: Math.round(elapsedMs(startNs)),
      });
    await audit(this.#context);
    history.mark("audited");
  }

  async #goOn(): Promise<void> {
    const { history, load, signal } = this.#context;
    if (signal.aborted) return;
    await load.resume();
    history.mark("load-resumed");
  }
}

function left(deadlineMs: number, sinceNs: number): number {
  return Math.max(1_000, deadlineMs - elapsedMs(sinceNs));
}

/** What a person did that may not have come to its end. */
interface OpenDeeds {
  takeover?: { node: ServiceNode; sinceNs: number };
  /** Nodes whose faults were undone since they were last seen to be members. */
  returned: { node: NodeName; sinceNs: number }[];
  /** A fault stands. */
  standing: boolean;
}

/** @param events faults and marks of the history, in order. */
export function openDeeds(events: readonly HistoryEvent[]): OpenDeeds {
  const marks = events.filter((event): event is MarkEvent => event.type === "mark");
  const provoked = marks.findLast(
    (mark): mark is MarkEvent<"provoked"> => mark.mark === "provoked" && mark.detail.to !== undefined,
  );
  const answered = marks.findLast(({ mark }) => mark === "failed-over");
  const to = provoked?.detail.to;
  const isOpen = provoked && to && (answered === undefined || answered.t < provoked.t);
  const faulty = new Map<number, readonly NodeName[]>();
  for (const event of events)
    if (event.type === "fault") {
      if (event.phase === "injecting") faulty.set(event.id, event.nodes);
      if (event.phase === "healed") faulty.delete(event.id);
    }
  const isFaulty = (node: NodeName) => [...faulty.values()].some((nodes) => nodes.includes(node));
  const returned = nodeNames.flatMap((node) => {
    const last = (mark: "repaired" | "recovered") =>
      marks.findLast((one) => one.mark === mark && (one.detail as { node: NodeName }).node === node);
    const [repaired, recovered] = [last("repaired"), last("recovered")];
    const isBack = repaired && !isFaulty(node) && (!recovered || recovered.t < repaired.t);
    return isBack ? [{ node, sinceNs: repaired.t }] : [];
  });
  return { ...(isOpen ? { takeover: { node: to, sinceNs: provoked.t } } : {}), returned, standing: faulty.size > 0 };
}
