// The load of a scenario: one client on the client host, which calls the VIP, and one inside a node where the scenario
// asks for it. The clients run in the agent; this starts and stops them.

import type { ServiceNode } from "#spec/node.ts";
import { ports } from "#spec/node.ts";
import { defaultLoad, peerZoneId } from "#spec/scenario.ts";
import { clientCertificatePaths } from "#topology/plan-zone.ts";
import type { LoadRequest, LoadTotals } from "#protocol/commands/client.ts";
import type { AgentProcess } from "#zone/agent-process.ts";
import type { StartedZone } from "#zone/zone.ts";

/** Operation numbers of each client start this far apart. */
const operationStride = 10_000_000;
const stopDeadlineMs = 15_000;

export class Load {
  readonly #zone: StartedZone;
  readonly appendPerS = defaultLoad.appendPerS;
  /** The client host's, kept between scenarios: a program that has run for a while needs a third of the CPU. */
  #host: AgentProcess<"client"> | undefined;
  #inside: AgentProcess<"client">[] = [];
  #seed = 0;
  #started = 0;
  /** What each client counted, after stop. */
  tallies: LoadTotals[] = [];

  constructor(zone: StartedZone) {
    this.#zone = zone;
  }

  async start(seed: number): Promise<void> {
    this.#seed = seed;
    this.#host ??= await this.#zone.openClient();
    await this.#load(this.#host, { name: "client", appendPerS: this.appendPerS, fetchPerS: defaultLoad.fetchPerS });
  }

  /** A slow client in the network namespace of a node: does that side still answer? */
  async startInside(node: ServiceNode): Promise<void> {
    const client = await this.#zone.openClient(node);
    this.#inside.push(client);
    await this.#load(client, { name: node, appendPerS: defaultLoad.insideAppendPerS, fetchPerS: 0 });
  }

  async #load(
    client: AgentProcess<"client">,
    rates: Pick<LoadRequest, "name" | "appendPerS" | "fetchPerS">,
  ): Promise<void> {
    const { plan } = this.#zone;
    this.#started += 1;
    await client.ask({
      do: "load",
      target: `${plan.vip}:${ports.rpc}`,
      serverName: plan.spec.zoneId,
      certificates: { ...clientCertificatePaths },
      zoneId: plan.spec.zoneId,
      toZone: plan.peer?.zoneId ?? peerZoneId,
      callTimeoutMs: defaultLoad.callTimeoutMs,
      connectTimeoutMs: defaultLoad.connectTimeoutMs,
      firstOp: this.#started * operationStride,
      seed: this.#seed,
      fingerprints: this.#zone.pki.fingerprints,
      ...rates,
    });
  }

  /** Drains the client host's client. Nothing is acknowledged until `resume`. */
  async pause(): Promise<void> {
    await this.#host!.ask({ do: "stop" }, stopDeadlineMs);
  }

  async resume(): Promise<void> {
    await this.start(this.#seed);
  }

  /** Changes the rate of the client host's client. */
  async pace(to: { appendPerS: number } | { inFlight: number }): Promise<void> {
    await this.#host!.ask({ do: "pace", ...to });
  }

  /** Drains every client. Clients inside nodes are ended. */
  async stop(): Promise<void> {
    const inside = this.#inside.splice(0);
    this.tallies = await Promise.all(
      [this.#host!, ...inside].map((client) => client.ask({ do: "stop" }, stopDeadlineMs)),
    );
    for (const client of inside) await client[Symbol.asyncDispose]();
  }
}
