// Zones that stay up, where the record and the running containers differ. The daemon is a fake.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { keptOwner, label } from "#engine/labels.ts";
import { keepEmbedded, releaseEmbedded } from "#engine/embedded.ts";
import { enginePaths } from "#engine/paths.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { ZonePlan } from "#topology/plan.ts";
import type { StartedZone } from "#zone/zone.ts";
import { findKept, type ReservedZone, rememberedZones, reserve, saveKept, type StandingFault } from "./kept-files.ts";
import { endKept, letStand, startKept } from "./kept-zones.ts";
import type { Environment } from "#zone/environment.ts";
import { running, statusOf } from "./status.ts";

const kept = { name: "a", plan: { id: "kept-a", index: 4, vip: "198.18.8.100" } as ZonePlan, standing: [] };

/** An environment whose daemon has a zone `kept-a` of stopped containers, or no such zone any more. */
function environmentWith({ isThere, kind = "given" }: { isThere: boolean; kind?: "given" | "embedded" }) {
  const removed: string[] = [];
  const released: number[] = [];
  const labels = { [label.owner]: keptOwner, [label.zone]: kept.plan.id, [label.index]: String(kept.plan.index) };
  const container = (role: string) => ({ Id: role, State: "exited", Labels: { ...labels, [label.role]: role } });
  const handle = (id: string) => ({ remove: async () => void removed.push(id) });
  const docker = {
    listContainers: async () => (isThere ? ["agent", "alpha", "beta", "gamma"].map(container) : []),
    listNetworks: async () => (isThere ? [{ Id: "network", Labels: labels }] : []),
    listVolumes: async () => ({ Volumes: [] }),
    getContainer: handle,
    getNetwork: handle,
  };
  const bridges = { release: async (index: number) => void released.push(index) };
  return {
    environment: { engine: { docker, kind }, bridges, images: {} } as unknown as Environment,
    removed,
    released,
  };
}

const formerCache = process.env["TRIAD_CACHE"];
beforeEach(() => {
  process.env["TRIAD_CACHE"] = mkdtempSync(join(tmpdir(), "triad-kept-"));
});
afterEach(() => {
  rmSync(process.env["TRIAD_CACHE"]!, { recursive: true });
  if (formerCache === undefined) delete process.env["TRIAD_CACHE"];
  else process.env["TRIAD_CACHE"] = formerCache;
});

describe("a kept zone whose containers have stopped", () => {
  it.each([true, false])("is shown with the command that removes it (containers there: %s)", async (isThere) => {
    const { summary, data } = await statusOf(environmentWith({ isThere }).environment, kept);
    expect(summary).toBe("zone a, VIP 198.18.8.100: its containers are stopped; remove it: ./triad down a");
    expect(data).toEqual({ name: "a", state: "stopped", vip: "198.18.8.100" });
  });

  it("is removed by label and from the record", async () => {
    const { environment, removed, released } = environmentWith({ isThere: true });
    saveKept(kept);
    await endKept(environment, kept);
    expect(removed).toEqual(["agent", "alpha", "beta", "gamma", "network"]);
    expect(released).toEqual([4]);
    expect(rememberedZones()).toEqual([]);
  });

  it("leaves the record when nothing is left of it, and does not free an index that another zone may use", async () => {
    const { environment, released } = environmentWith({ isThere: false });
    saveKept(kept);
    await endKept(environment, kept);
    expect(released).toEqual([]);
    expect(rememberedZones()).toEqual([]);
  });
});

describe("a zone whose start was interrupted", () => {
  const reserved: ReservedZone = { name: "a", id: "kept-a", starter: "999999999-1" };

  it("is shown with the command that removes it", async () => {
    const { summary } = await statusOf(environmentWith({ isThere: true }).environment, reserved);
    expect(summary).toBe("the start of zone a was interrupted; remove what is left: ./triad down a");
  });

  it("is removed by label although its plan is unknown", async () => {
    const { environment, removed, released } = environmentWith({ isThere: true });
    await endKept(environment, reserve("a", "kept-a"));
    expect(removed).toEqual(["agent", "alpha", "beta", "gamma", "network"]);
    expect(released).toEqual([4]);
    expect(rememberedZones()).toEqual([]);
  });
});

describe("a zone that a run leaves running", () => {
  it("keeps the embedded engine until it is removed under the name it got", async () => {
    const { environment } = environmentWith({ isThere: true, kind: "embedded" });
    const zone = { plan: kept.plan, leave: async () => {} } as StartedZone;
    const name = await letStand(environment, zone);
    expect(findKept(name).plan).toEqual(kept.plan);
    expect(existsSync(enginePaths().keptMark)).toBe(true);
    await endKept(environment, findKept(name));
    expect(existsSync(enginePaths().keptMark)).toBe(false);
  });

  it.each(["before", "while"])("leaves the engine running that `engine up` keeps, asked %s it was up", async (when) => {
    const { environment } = environmentWith({ isThere: true, kind: "embedded" });
    if (when === "before") keepEmbedded("engine up");
    const name = await letStand(environment, { plan: kept.plan, leave: async () => {} } as StartedZone);
    if (when === "while") keepEmbedded("engine up");
    await endKept(environment, findKept(name));
    expect(existsSync(enginePaths().keptMark)).toBe(true);
    releaseEmbedded("engine up");
    expect(existsSync(enginePaths().keptMark)).toBe(false);
  });
});

describe("a zone that is being started", () => {
  const start = (environment: Environment, signal: AbortSignal) =>
    startKept(environment, { name: "a", spec: defaultZoneSpec, signal });

  it("leaves nothing behind, not even its name, when the signal aborts", async () => {
    const { environment, removed } = environmentWith({ isThere: true });
    const reason = new Error("Ctrl-C");
    await expect(start(environment, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(removed).toContain("alpha");
    expect(rememberedZones()).toEqual([]);
  });

  it("does not touch another zone with the same name", async () => {
    const { environment, removed } = environmentWith({ isThere: true });
    reserve("a", "kept-a");
    const { signal } = new AbortController();
    await expect(start(environment, signal)).rejects.toMatchObject({ code: "usage/bad-value" });
    expect(removed).toEqual([]);
    expect(rememberedZones()).toHaveLength(1);
  });
});

describe("a kept zone that another version broke", () => {
  const up = { isUp: true, isPaused: false, role: "MASTER", addresses: "" };
  const nodes = { alpha: up, beta: up, gamma: up };
  const standing = [
    { id: 1, spec: { fault: "melt", node: "beta" } },
    { id: 2, spec: { fault: "cut", node: "alpha", how: "with scissors" } },
    { id: 3, spec: { fault: "kill", node: "gamma" } },
  ] as unknown as StandingFault[];

  it("is shown, with each fault that this version does not know", () => {
    expect(running({ ...kept, standing }, nodes).data).toMatchObject({
      state: "up",
      standing: [
        "melt on beta, which this version does not know",
        "cut on alpha, which this version does not know",
        "kill gamma",
      ],
    });
  });
});
