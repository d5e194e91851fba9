// What the zones of one run share: the engine and its privileges, the images, the bridge allocator.

import { availableParallelism } from "node:os";
import type { Engine } from "#engine/engine.ts";
import { useEngine } from "#engine/engine.ts";
import { defined } from "#base/defined.ts";
import { Semaphore } from "#base/semaphore.ts";
import { findPrivileges, type Privileges } from "#engine/privileges.ts";
import { sweep, type Swept } from "#engine/sweep.ts";
import { BridgeAllocator } from "./bridge-allocator.ts";
import { checkArchive } from "./intake/controller-image.ts";
import { programVersions } from "./images/program-versions.ts";
import { type NodeContract, referenceContract } from "#spec/contract/node-contract.ts";
import type { NodeName } from "#spec/node.ts";
import { type CheckedNode, checkNodeFile } from "./intake/node-image.ts";
import { type AskedPrograms, ensureImages, type ZoneImages } from "./images/ensure-images.ts";

const startingMax = Math.max(1, Math.floor(availableParallelism() / 2));

type Parts = Pick<Environment, "engine" | "images" | "privileges" | "bridges" | "versions" | "swept"> & {
  contract: NodeContract | undefined;
};

export class Environment implements AsyncDisposable {
  readonly engine: Engine;
  readonly images: ZoneImages;
  readonly privileges: Privileges;
  readonly bridges: BridgeAllocator;
  /** Versions of the programs in the node image. */
  readonly versions: Record<string, string>;
  /** Limits zones that start at once. Each keeps a core busy for seconds, and slows running failovers. */
  readonly starting = new Semaphore(startingMax);
  /** What the nodes of its zones are like. */
  readonly contract: NodeContract;
  /** Leftovers of dead runs, removed at the start. */
  readonly swept: Swept;

  private constructor(parts: Parts) {
    this.engine = parts.engine;
    this.images = parts.images;
    this.privileges = parts.privileges;
    this.bridges = parts.bridges;
    this.versions = parts.versions;
    this.swept = parts.swept;
    this.contract = parts.contract ?? referenceContract;
  }

  /**
   * Checks the archive of a controller, starts the engine, sweeps leftovers of dead runs, builds missing images and
   * finds the privileges.
   */
  static async open(report: (line: string) => void, asked?: AskedPrograms): Promise<Environment> {
    const { controller } = asked ?? {};
    const archive = controller === undefined ? undefined : await checkArchive(controller, report);
    const nodeFiles = await checkedNodes(asked?.image, report);
    const engine = await useEngine(report);
    try {
      const swept = await sweep(engine.docker);
      const images = await ensureImages(engine, report, { ...asked, ...defined({ archive, nodeFiles }) });
      const [privileges, versions] = await Promise.all([
        findPrivileges(engine.docker, images.agent),
        images.nodes ? {} : programVersions(engine.docker, images.node),
      ]);
      const bridges = await BridgeAllocator.open(engine.docker, images.agent, privileges.grant);
      return new Environment({ engine, images, privileges, bridges, versions, swept, contract: asked?.contract });
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bridges[Symbol.asyncDispose]();
    await this.engine[Symbol.asyncDispose]();
  }
}

/** Checks each file once. @throws HarnessError `node-image/…` */
async function checkedNodes(
  image: Record<NodeName, string> | undefined,
  report: (line: string) => void,
): Promise<Map<string, CheckedNode> | undefined> {
  if (!image) return undefined;
  const checked = new Map<string, CheckedNode>();
  for (const asked of new Set(Object.values(image))) {
    const one = await checkNodeFile(asked, report);
    if (one) checked.set(asked, one);
  }
  return checked;
}
