// What is asked for when a scenario's zones are started.

import { describe, expect, it } from "@jest/globals";
import { keptOwner } from "#engine/labels.ts";
import { ownerOf } from "#engine/owner.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { Environment } from "#zone/environment.ts";
import type { ZoneRequest } from "#zone/zone-request.ts";
import { fakeJob } from "./fakes/fake-job.ts";
import { FakeZone } from "./fakes/fake-zone.ts";
import { openStage, type Stage } from "./stage.ts";

const environment = { engine: { docker: {} }, images: { node: "n", agent: "a" } } as unknown as Environment;

/** Opens the stage of a job on fake zones, and ends it. */
async function opened(job = fakeJob()) {
  const requests: ZoneRequest[] = [];
  const ended: string[] = [];
  const start = (request: ZoneRequest) => {
    requests.push(request);
    const zone = new FakeZone();
    zone.onEnd = () => ended.push(request.id);
    return zone.started;
  };
  const stage: Stage = await openStage(environment, job, {
    startZone: async (request) => start(request),
    startPair: async (first, second) => [start(first), start(second)],
  });
  await stage[Symbol.asyncDispose]();
  return { requests, ended, stage };
}

describe("a stage", () => {
  it("has one zone, named for its scenario, and never the same name twice", async () => {
    const names = [await opened(), await opened()].flatMap(({ requests }) => requests.map(({ id }) => id));
    expect(names[0]).toMatch(/-quiet$/);
    expect(new Set(names).size).toBe(2);
  });

  it("passes on the cold start and the mutant of its job", async () => {
    const amend = () => {};
    const start = { order: ["gamma" as const], gapMs: 5 };
    const { requests } = await opened(fakeJob({ amend, scenario: { start } }));
    expect(requests).toMatchObject([{ amend, start, spec: defaultZoneSpec, owner: ownerOf() }]);
    expect((await opened()).requests[0]).not.toHaveProperty("start");
  });

  it("belongs to no run when its zone may stay up", async () => {
    const { requests } = await opened(fakeJob({ keepZone: () => Promise.resolve("t-1") }));
    expect(requests[0]?.owner).toBe(keptOwner);
  });

  it("has a second zone in the same tier for a pair, and ends it first: the segment is the first zone's", async () => {
    const amendPeer = () => {};
    const zone = { ...defaultZoneSpec, tier: "critical" as const };
    const { requests, ended } = await opened(fakeJob({ zone, amendPeer, scenario: { peers: 2 } }));
    const [own, peer] = requests;
    expect(peer).toMatchObject({ id: `${own?.id}-b`, amend: amendPeer, spec: { tier: "critical" } });
    expect(peer?.spec.zoneId).not.toBe(own?.spec.zoneId);
    expect(ended).toEqual([peer?.id, own?.id]);
  });
});
