// Which zone index is allocated, and which bridges are removed. The daemon is a fake: it has networks by label and, in
// its namespace, bridges by name. A bridge's alias names its owner.

import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { describe, expect, it } from "@jest/globals";
import { label } from "#engine/labels.ts";
import { ownerOf } from "#engine/owner.ts";
import { BridgeAllocator } from "./bridge-allocator.ts";

const deadOwner = "999999999-1";

/** A daemon with networks of these zone indices, and with zone bridges: owner by index. */
async function bridgesWith({ networks = [], bridges = {} }: { networks?: number[]; bridges?: Record<number, string> }) {
  const there = new Map(Object.entries(bridges).map(([index, owner]) => [`triadz${index}`, owner]));
  const run = (script: string): { out?: string; err?: string } => {
    const [, added, owner] = /^ip link add (triadz\d+) .* alias (\S+)/.exec(script) ?? [];
    if (added !== undefined && there.has(added)) return { err: "RTNETLINK answers: File exists" };
    if (added !== undefined) there.set(added, owner ?? "");
    for (const [, removed] of script.matchAll(/ip link del (triadz\d+)/g)) there.delete(removed ?? "");
    return script.startsWith("cd ") ? { out: [...there].map((one) => `${one.join(" ")}\n`).join("") } : {};
  };
  const exec = async ({ Cmd }: { Cmd: string[] }) => {
    const said = run(Cmd[2] ?? "");
    return {
      start: async () => Object.assign(new PassThrough(), { said }).end(),
      inspect: async () => ({ ExitCode: said.err === undefined ? 0 : 2 }),
    };
  };
  const demuxStream = (from: PassThrough & { said: ReturnType<typeof run> }, out: PassThrough, err: PassThrough) => {
    out.write(from.said.out ?? "");
    err.write(from.said.err ?? "");
    from.resume();
  };
  const docker = {
    createContainer: async () => ({ start: async () => {}, exec }),
    listNetworks: async () => networks.map((index) => ({ Labels: { [label.index]: String(index) } })),
    modem: { demuxStream },
  } as unknown as Docker;
  return { bridges: await BridgeAllocator.open(docker, "image", { Privileged: true }), there };
}

describe("a zone index", () => {
  it("is the lowest free one, and this process owns its bridge", async () => {
    const { bridges, there } = await bridgesWith({ bridges: { 0: ownerOf(), 1: deadOwner, 3: ownerOf() } });
    expect(await bridges.claim()).toBe(2);
    expect(there.get("triadz2")).toBe(ownerOf());
  });

  it("is not one whose networks still exist, although its bridge is gone", async () => {
    const { bridges } = await bridgesWith({ networks: [0, 2], bridges: { 1: ownerOf() } });
    expect(await bridges.claim()).toBe(3);
  });

  it("is refused when every one is taken", async () => {
    const { bridges } = await bridgesWith({ networks: Array.from({ length: 200 }, (_, index) => index) });
    await expect(bridges.claim()).rejects.toMatchObject({ code: "zone/no-address" });
  });
});

describe("a bridge of a dead owner", () => {
  it("is removed unless a network uses it: a zone that stays up keeps its bridges", async () => {
    const { bridges, there } = await bridgesWith({
      networks: [1],
      bridges: { 0: ownerOf(), 1: deadOwner, 2: deadOwner },
    });
    expect(await bridges.releaseDead()).toBe(1);
    expect([...there.keys()]).toEqual(["triadz0", "triadz1"]);
  });
});
