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
import { type AskedPrograms, ensureImages, type ZoneImages } from "./images/ensure-images.ts";

const startingMax = Math.max(1, Math.floor(availableParallelism() / 2));

export class Environment implements AsyncDisposable {
  readonly engine: Engine;
  readonly images: ZoneImages;
  readonly privileges: Privileges;
  readonly bridges: BridgeAllocator;
  /** Versions of the programs in the node image. */
  readonly versions: Record<string, string>;
  /** Limits zones that start at once. Each keeps a core busy for seconds, and slows running failovers. */
  readonly starting = new Semaphore(startingMax);
  /** Leftovers of dead runs, removed at the start. */
  readonly swept: Swept;

  private constructor(parts: Pick<Environment, "engine" | "images" | "privileges" | "bridges" | "versions" | "swept">) {
    this.engine = parts.engine;
    this.images = parts.images;
    this.privileges = parts.privileges;
    this.bridges = parts.bridges;
    this.versions = parts.versions;
    this.swept = parts.swept;
  }

  /**
   * Checks the archive of a controller, starts the engine, sweeps leftovers of dead runs, builds missing images and
   * finds the privileges.
   */
  static async open(report: (line: string) => void, asked?: AskedPrograms): Promise<Environment> {
    const { controller } = asked ?? {};
    const archive = controller === undefined ? undefined : await checkArchive(controller, report);
    const engine = await useEngine(report);
    try {
      const swept = await sweep(engine.docker);
      const images = await ensureImages(engine, report, { ...asked, ...defined({ archive }) });
      const [privileges, versions] = await Promise.all([
        findPrivileges(engine.docker, images.agent),
        programVersions(engine.docker, images.node),
      ]);
      const bridges = await BridgeAllocator.open(engine.docker, images.agent, privileges.grant);
      return new Environment({ engine, images, privileges, bridges, versions, swept });
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
