// Injects and heals faults, and records each phase in the history: "intended" before it does anything, "effective" and
// "healed" with their proofs. It knows no scenario and no client.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { HistoryEvent, PhasePart } from "#history/event.ts";
import { describeFault, type FaultSpec, nodesOf } from "#spec/faults.ts";
import type { NodeName } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow } from "./fault.ts";
import { faultOf } from "./registry.ts";

interface Standing {
  id: number;
  spec: FaultSpec;
}

export class Injector {
  readonly #zone: StartedZone;
  readonly #record: (event: HistoryEvent) => void;
  /** Shared with the branches. */
  readonly #shared: { standing: Standing[] };
  #nextId: number;

  constructor(
    zone: StartedZone,
    record: (event: HistoryEvent) => void,
    at?: { shared: { standing: Standing[] }; nextId: number },
  ) {
    this.#zone = zone;
    this.#record = record;
    this.#shared = at?.shared ?? { standing: [] };
    this.#nextId = at?.nextId ?? 1;
  }

  /**
   * An injector for steps that run beside others. The next `count` numbers of faults are its own, so that a number
   * names the same fault of the plan whichever comes first. What stands, stands for both.
   */
  branch(count: number): Injector {
    const nextId = this.#nextId;
    this.#nextId += count;
    return new Injector(this.#zone, this.#record, { shared: this.#shared, nextId });
  }

  /**
   * Injects one fault and never throws for it. When it is impossible or fails, no verdict is drawn from the scenario.
   */
  async inject(spec: FaultSpec): Promise<void> {
    const standing = { id: this.#nextId++, spec };
    const fault = faultOf(spec);
    this.#write(standing, { phase: "intended", detail: { ...spec, words: describeFault(spec) } });
    const reason = await fault.isImpossible?.(this.#zone, spec);
    if (reason) return this.#write(standing, { phase: "impossible", proof: reason });
    this.#shared.standing.push(standing);
    this.#write(standing, { phase: "injecting" });
    await this.#attempt(standing, async () => ({ phase: "effective", ...(await fault.inject(this.#zone, spec)) }));
  }

  /** Heals the faults that stand on these nodes, the last injected first. */
  async heal(nodes: readonly NodeName[]): Promise<void> {
    const mine = this.#shared.standing
      .filter((one) => nodesOf(one.spec).some((node) => nodes.includes(node)))
      .reverse();
    this.#shared.standing = this.#shared.standing.filter((one) => !mine.includes(one));
    for (const standing of mine) {
      this.#write(standing, { phase: "healing" });
      const fault = faultOf(standing.spec);
      await this.#attempt(standing, async () => ({
        phase: "healed",
        ...effectNow(await fault.heal(this.#zone, standing.spec)),
      }));
    }
  }

  /** Nodes with a fault that is not healed yet. */
  get standingNodes(): NodeName[] {
    return [...new Set(this.#shared.standing.flatMap((one) => nodesOf(one.spec)))];
  }

  async #attempt(standing: Standing, act: () => Promise<PhasePart & { atNs: number }>): Promise<void> {
    try {
      const { atNs, ...part } = await act();
      this.#write(standing, part, atNs);
    } catch (error) {
      const { code, message } = HarnessError.from(error);
      this.#write(standing, { phase: "failed", proof: `[${code}] ${message}` });
    }
  }

  #write(standing: Standing, part: PhasePart, t = nowNs()): void {
    const { id, spec } = standing;
    this.#record({ t, type: "fault", fault: spec.fault, id, nodes: nodesOf(spec), ...part });
  }
}
