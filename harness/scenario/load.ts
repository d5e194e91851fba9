// The load of a scenario: one client on the client host, which calls the VIP, and one inside a node where the scenario
// asks for it. The clients run in the agent; this starts and stops them.

import type { ServiceNode } from "#spec/node.ts";
import { defined } from "#base/defined.ts";
import { defaultLoad, peerZoneId, readingOf, readsEverything, type ScenarioSpec } from "#spec/scenario.ts";
import { clientCertificatePaths } from "#topology/plan-zone.ts";
import type { Drained, LoadRequest, LoadTotals } from "#protocol/commands/client.ts";
import type { AgentProcess } from "#zone/agent-process.ts";
import type { StartedZone } from "#zone/zone.ts";

/** Operation numbers of each client start this far apart. */
const operationStride = 10_000_000;
const stopDeadlineMs = 15_000;
/** Only a zone that does not serve its consumers takes so long: as long as it may take to answer after a failover. */
const drainMs = 40_000;
/** The last facts that the zone must still recognise are not sent again: the servers' clocks decide. */
const recognisedShare = 0.9;

/** What the load of a scenario depends on. */
type LoadFor = Pick<ScenarioSpec, "entries">;

export class Load {
  readonly #zone: StartedZone;
  readonly appendPerS = defaultLoad.appendPerS;
  /** The client host's, kept between scenarios: a program that has run for a while needs a third of the CPU. */
  #host: AgentProcess<"client"> | undefined;
  #inside: AgentProcess<"client">[] = [];
  #seed = 0;
  #scenario: LoadFor = { entries: [] };
  #started = 0;
  /** Where the cursor of each consumer stood when it was last drained. */
  readonly #cursors = new Map<string, number>();
  /** What each client counted, after stop. */
  tallies: LoadTotals[] = [];

  constructor(zone: StartedZone) {
    this.#zone = zone;
  }

  async start(seed: number, scenario: LoadFor): Promise<void> {
    this.#seed = seed;
    this.#scenario = scenario;
    await this.#startHost({});
  }

  /** The consumers that read everything, and the offset from which each goes on. */
  get cursors(): Record<string, number> {
    if (!readsEverything(this.#scenario)) return {};
    return Object.fromEntries(readingOf(this.#scenario).consumers.map((name) => [name, this.#cursors.get(name) ?? 0]));
  }

  async #startHost(more: Pick<LoadRequest, "forgets">): Promise<void> {
    this.#host ??= await this.#zone.openClient();
    const { duplicateWindowMs } = this.#zone.plan.spec;
    await this.#load(this.#host, {
      name: "client",
      appendPerS: this.appendPerS,
      reading: { ...readingOf(this.#scenario), cursors: this.cursors },
      ...defined({ repeatMaxMs: readsEverything(this.#scenario) ? duplicateWindowMs * recognisedShare : undefined }),
      ...more,
    });
  }

  /** A slow client in the network namespace of a node: does that side still answer? */
  async startInside(node: ServiceNode): Promise<void> {
    const client = await this.#zone.openClient(node);
    this.#inside.push(client);
    await this.#load(client, { name: node, appendPerS: defaultLoad.insideAppendPerS });
  }

  async #load(
    client: AgentProcess<"client">,
    own: Pick<LoadRequest, "name" | "appendPerS"> & Partial<LoadRequest>,
  ): Promise<void> {
    const { plan } = this.#zone;
    this.#started += 1;
    await client.ask({
      do: "load",
      target: `${plan.vip}:${plan.contract.ports.rpc}`,
      serverName: plan.spec.zoneId,
      certificates: { ...clientCertificatePaths },
      zoneId: plan.spec.zoneId,
      toZone: plan.peer?.zoneId ?? peerZoneId,
      callTimeoutMs: defaultLoad.callTimeoutMs,
      connectTimeoutMs: defaultLoad.connectTimeoutMs,
      firstOp: this.#started * operationStride,
      seed: this.#seed,
      fingerprints: this.#zone.fingerprints,
      ...own,
    });
  }

  /** Ends the calls of the client host's client. Nothing is acknowledged until `resume`. */
  async pause(): Promise<void> {
    await this.#host!.ask({ do: "stop" }, stopDeadlineMs);
  }

  async resume(): Promise<void> {
    await this.#startHost({ forgets: true });
  }

  /** Changes the rate of the client host's client. */
  async pace(to: { appendPerS: number } | { inFlight: number }): Promise<void> {
    await this.#host!.ask({ do: "pace", ...to });
  }

  /** Ends the calls of every client. Clients inside nodes are ended. */
  async stop(): Promise<void> {
    const inside = this.#inside.splice(0);
    const keepsOpen = readsEverything(this.#scenario) || undefined;
    this.tallies = await Promise.all([
      this.#host!.ask({ do: "stop", ...defined({ keepsOpen }) }, stopDeadlineMs),
      ...inside.map((client) => client.ask({ do: "stop" }, stopDeadlineMs)),
    ]);
    for (const client of inside) await client[Symbol.asyncDispose]();
  }

  /** After `stop`: the consumers read what is left. Undefined where this load does not read everything. */
  async drain(): Promise<Drained | undefined> {
    if (!readsEverything(this.#scenario)) return undefined;
    const drained = await this.#host!.ask({ do: "drain", deadlineMs: drainMs }, drainMs + stopDeadlineMs);
    for (const { name, confirmed } of drained.readers) this.#cursors.set(name, confirmed);
    return drained;
  }
}
