// What a person does to a zone that is up. Every fault and its undoing goes into the zone's history: the intent before
// anything is done, the effect with its proof, and who did it.

import { userInfo } from "node:os";
import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { effectNow } from "#faults/fault.ts";
import { faultOf } from "#faults/registry.ts";
import type { HistoryEvent, MarkArguments, MarkEvent, MarkName, PhasePart } from "#history/event.ts";
import { describeFault, type FaultSpec, nodesOf } from "#spec/faults.ts";
import { type NodeName, serviceNodes } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import { findKept, saveKept, type StandingFault } from "./kept-files.ts";
import { mustKnowFaults } from "./other-version.ts";
import { expectedTakeover } from "./takeover.ts";

const lookMs = 3_000;

/** One command by hand on one zone. */
export class Hand {
  readonly #zone: StartedZone;
  readonly #name: string;
  readonly #write: (event: HistoryEvent) => void;

  /** @param write puts an event into the zone's history. */
  constructor(zone: StartedZone, name: string, write: (event: HistoryEvent) => void) {
    this.#zone = zone;
    this.#name = name;
    this.#write = write;
  }

  /**
   * Injects faults one after the other. Each is remembered before it is injected, so that `heal` finds it even after a
   * crash.
   *
   * @returns a line for each, with the proof of its effect. @throws HarnessError what the fault throws
   */
  async inject(specs: readonly FaultSpec[]): Promise<string[]> {
    mustKnowFaults(findKept(this.#name));
    await this.#provoked(specs);
    const lines: string[] = [];
    for (const spec of specs) lines.push(`${describeFault(spec)}: ${await this.#injectOne(spec)}`);
    return lines;
  }

  /** Undoes the standing faults that match, the last one first. @returns a line for each, with the proof. */
  async heal(matches: (spec: FaultSpec) => boolean = () => true): Promise<string[]> {
    const kept = findKept(this.#name);
    mustKnowFaults(kept);
    const lines: string[] = [];
    for (const one of kept.standing.toReversed().filter(({ spec }) => matches(spec)))
      lines.push(`${describeFault(one.spec)}: undone, ${await this.#healOne(one)}`);
    return lines;
  }

  /** Says in the history that a program runs in a node by hand, and afterwards how it ended. */
  async program(node: NodeName, argv: readonly string[], run: () => Promise<number>): Promise<number> {
    const about = { node, command: argv.join(" ").slice(0, 500) };
    this.mark("by-hand", { ...who(), ...about, phase: "begun" });
    try {
      const code = await run();
      this.mark("by-hand", { ...who(), ...about, phase: "done", code });
      return code;
    } catch (error) {
      this.mark("by-hand", { ...who(), ...about, phase: "failed", saw: HarnessError.from(error).message });
      throw error;
    }
  }

  mark<M extends MarkName>(mark: M, ...[detail]: MarkArguments<M>): void {
    this.#write({ t: nowNs(), type: "mark", mark, ...(detail ? { detail } : {}) } as MarkEvent);
  }

  async #injectOne(spec: FaultSpec): Promise<string> {
    // Unique over all commands: one clock, and each command waits for its answer.
    const one = { id: nowNs(), spec };
    const fault = faultOf(spec);
    const words = describeFault(spec);
    this.mark("by-hand", { ...who(), command: words, phase: "begun", fault: one.id });
    this.#record(one, { phase: "intended", detail: { ...spec, words } });
    const reason = await fault.isImpossible?.(this.#zone, spec);
    if (reason) {
      this.#record(one, { phase: "impossible", proof: reason });
      throw new HarnessError("fault/impossible", `${words}: ${reason}`);
    }
    remember(this.#name, one);
    this.#record(one, { phase: "injecting" });
    return this.#attempt(one, async () => ({ phase: "effective", ...(await fault.inject(this.#zone, spec)) }));
  }

  async #healOne(one: StandingFault): Promise<string> {
    const { spec } = one;
    this.mark("by-hand", { ...who(), command: `heal ${describeFault(spec)}`, phase: "begun", fault: one.id });
    this.#record(one, { phase: "healing" });
    const proof = await this.#attempt(one, async () => ({
      phase: "healed",
      ...effectNow(await faultOf(spec).heal(this.#zone, spec)),
    }));
    for (const node of nodesOf(spec)) this.mark("repaired", { node });
    forgetFault(this.#name, one.id);
    return proof;
  }

  async #attempt(one: StandingFault, act: () => Promise<PhasePart & { atNs: number }>): Promise<string> {
    try {
      const { atNs, ...part } = await act();
      this.#record(one, part, atNs);
      return part.proof ?? "";
    } catch (thrown) {
      const error = HarnessError.from(thrown);
      this.#record(one, { phase: "failed", proof: `[${error.code}] ${error.message}` });
      throw error;
    }
  }

  /** What a failover is timed from, as in a scenario. */
  async #provoked(specs: readonly FaultSpec[]): Promise<void> {
    const standing = findKept(this.#name).standing.map(({ spec }) => spec);
    const from = await this.#holder();
    const to = expectedTakeover(specs, { from, standing });
    // The client must have believed in the failing node until the fault, or it would look for the VIP by itself.
    if (to !== undefined)
      this.mark("neighbour", await this.#zone.actuator.ask({ do: "fresh-neighbour", address: this.#zone.plan.vip }));
    this.mark("provoked", { expectsFailover: to !== undefined, from: from ?? null, ...(to ? { to } : {}) });
  }

  /** The node that holds the VIP, by its kernel. */
  async #holder(): Promise<NodeName | undefined> {
    const { vip } = this.#zone.plan;
    for (const name of serviceNodes) {
      if (!this.#zone.node(name).isUp) continue;
      const argv = ["ip", "-4", "-o", "addr", "show", "to", vip];
      const { stdout } = await this.#zone.askNode(name, {
        do: "run-inside",
        namespaces: ["net"],
        argv,
        timeoutMs: lookMs,
      });
      if (stdout.trim() !== "") return name;
    }
    return undefined;
  }

  #record({ id, spec }: StandingFault, part: PhasePart, t = nowNs()): void {
    this.#write({ t, type: "fault", fault: spec.fault, id, nodes: nodesOf(spec), ...part });
  }
}

/** A fault that is done again replaces itself. */
function remember(name: string, one: StandingFault): void {
  const kept = findKept(name);
  const others = kept.standing.filter(({ spec }) => describeFault(spec) !== describeFault(one.spec));
  saveKept({ ...kept, standing: [...others, one] });
}

function forgetFault(name: string, id: number): void {
  const kept = findKept(name);
  saveKept({ ...kept, standing: kept.standing.filter((one) => one.id !== id) });
}

/** The account, and the one behind sudo. */
function who(): { user: string } {
  const { username } = userInfo();
  const behind = process.env["SUDO_USER"];
  return { user: behind && behind !== username ? `${username}, by sudo of ${behind}` : username };
}
