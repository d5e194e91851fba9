// Claims about who gets which zone index. The daemon is played: it knows networks by label, and each bridge once.

import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { describe, expect, it } from "@jest/globals";
import { label } from "#engine/labels.ts";
import { Ground } from "./ground.ts";

/** A daemon with networks of the zone indices `networks`, in whose namespace the bridges of `bridges` are. */
function daemon({ networks = [], bridges = [] }: { networks?: number[]; bridges?: number[] }): Docker {
  const made = new Set(bridges.map((index) => `triadz${index}`));
  const add = (script: string): string => {
    const name = /^ip link add (triadz\d+)/.exec(script)?.[1];
    if (name === undefined || !made.has(name)) return "";
    return "RTNETLINK answers: File exists";
  };
  const exec = async ({ Cmd }: { Cmd: string[] }) => {
    const said = add(Cmd[2] ?? "");
    return {
      start: async () => PassThrough.from([said]),
      inspect: async () => ({ ExitCode: said === "" ? 0 : 2 }),
    };
  };
  return {
    createContainer: async () => ({ start: async () => {}, exec }),
    listNetworks: async () => networks.map((index) => ({ Labels: { [label.index]: String(index) } })),
    modem: { demuxStream: (from: PassThrough, _out: PassThrough, err: PassThrough) => from.pipe(err) },
  } as unknown as Docker;
}

const claimAt = async (docker: Docker) => (await Ground.open(docker, "image", { Privileged: true })).claim("1-1");

describe("a zone index", () => {
  it("is the lowest whose bridge nobody has", async () => {
    expect(await claimAt(daemon({ bridges: [0, 1, 3] }))).toBe(2);
  });

  it("is none whose networks are still there, although its bridge is gone", async () => {
    expect(await claimAt(daemon({ networks: [0, 2], bridges: [1] }))).toBe(3);
  });

  it("is refused when every one is taken", async () => {
    const networks = Array.from({ length: 200 }, (_, index) => index);
    await expect(claimAt(daemon({ networks }))).rejects.toMatchObject({ code: "zone/no-address" });
  });
});
