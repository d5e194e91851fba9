// The load of a scenario: one client on the client host through the VIP, and one inside a node where the scenario
// asks for it. The clients run in the agent; this only starts and stops them.

import type { ServiceNode } from "#spec/node.ts";
import { ports } from "#spec/node.ts";
import { defaultLoad } from "#spec/scenario.ts";
import { clientCertificatePaths } from "#topology/plan-zone.ts";
import type { LoadRequest } from "#wire/message.ts";
import type { AgentProcess } from "#zone/agent-process.ts";
import type { StartedZone } from "#zone/zone.ts";

/** Operation numbers of each client start this far apart. */
const operationStride = 10_000_000;
const stopDeadlineMs = 15_000;

export class Load {
  readonly #zone: StartedZone;
  readonly #seed: number;
  readonly appendPerS: number;
  readonly #clients: AgentProcess[] = [];
  /** What each client counted, after stop. */
  readonly tallies: unknown[] = [];

  constructor(zone: StartedZone, options: { seed: number; appendPerS?: number }) {
    this.#zone = zone;
    this.#seed = options.seed;
    this.appendPerS = options.appendPerS ?? defaultLoad.appendPerS;
  }

  async start(): Promise<void> {
    await this.#open(undefined, { name: "client", appendPerS: this.appendPerS, fetchPerS: defaultLoad.fetchPerS });
  }

  /** A slow client in the network namespace of a node: what that side still answers. */
  async startInside(node: ServiceNode): Promise<void> {
    await this.#open(node, { name: node, appendPerS: defaultLoad.insideAppendPerS, fetchPerS: 0 });
  }

  async #open(inside: ServiceNode | undefined, rates: Pick<LoadRequest, "name" | "appendPerS" | "fetchPerS">): Promise<void> {
    const { plan } = this.#zone;
    const client = await this.#zone.openClient(inside);
    this.#clients.push(client);
    await client.ask({
      do: "load",
      target: `${plan.vip}:${ports.rpc}`,
      serverName: plan.spec.zoneId,
      certificates: { ...clientCertificatePaths },
      zoneId: plan.spec.zoneId,
      callTimeoutMs: defaultLoad.callTimeoutMs,
      connectTimeoutMs: defaultLoad.connectTimeoutMs,
      firstOp: this.#clients.length * operationStride,
      seed: this.#seed,
      fingerprints: fingerprintsOf(this.#zone),
      ...rates,
    });
  }

  /** Drains and ends every client. A client whose node died with it is gone already. */
  async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) {
      const tally = await client.ask({ do: "stop" }, stopDeadlineMs);
      this.tallies.push(tally);
      await client[Symbol.asyncDispose]();
    }
  }
}

function fingerprintsOf(zone: StartedZone): LoadRequest["fingerprints"] {
  const { alpha, beta } = zone.plan.nodes;
  return {
    ...(alpha.certificateFingerprint ? { alpha: alpha.certificateFingerprint } : {}),
    ...(beta.certificateFingerprint ? { beta: beta.certificateFingerprint } : {}),
  };
}
