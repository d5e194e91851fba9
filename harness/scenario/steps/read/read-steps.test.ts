// Steps that read: what they ask, of which nodes, and what they write into the history.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { TextsEvent } from "#history/event.ts";
import { during, useFakeClock } from "#scenario/fakes/fake-clock.ts";
import { type FakeContext, fakeContext, marksOf, memoryHistory } from "#scenario/fakes/fake-context.ts";
import { FakeZone } from "#scenario/fakes/fake-zone.ts";
import type { Step } from "#spec/steps.ts";
import { takeStep } from "../registry.ts";

useFakeClock();

const taken = (context: FakeContext, step: Step, ms = 0) => during(ms, takeStep(context, step));
/** The requests of that command. */
const asked = ({ fake }: FakeContext, command: string) => fake.asked.filter((request) => request.do === command);
const refused = (message: string) => Promise.reject(new HarnessError("agent/refused", message));

describe("probe-quorum", () => {
  it("asks the node's own server", async () => {
    const context = await fakeContext();
    context.fake.answers.quorum = () => ({ isAcknowledged: false });
    await taken(context, { step: "probe-quorum", node: "gamma" });
    expect(asked(context, "quorum")).toEqual([expect.objectContaining({ node: "gamma", timeoutMs: 3_000 })]);
  });
});

describe("watch-controllers", () => {
  it("marks for each node how many controllers ran, and how many were left", async () => {
    const context = await fakeContext();
    context.fake.answers.processes = () => ({ seen: [4, 5], left: [5] });
    await taken(context, { step: "watch-controllers", nodes: ["alpha", "beta"], ms: 1_000 });
    const two = { fromNs: expect.any(Number), seen: 2, left: 1 };
    expect(marksOf(context, "watched")).toEqual([
      { node: "alpha", ...two },
      { node: "beta", ...two },
    ]);
  });
});

describe("read-gates", () => {
  const step: Step = { step: "read-gates", node: "beta" };

  it("writes each gate of the node's file", async () => {
    const context = await fakeContext();
    const text = JSON.stringify({ gates: [{ name: "storage", isOpen: false, why: "read-only" }] });
    context.fake.answers["run-inside"] = () => ({ code: 0, stdout: text, stderr: "" });
    await taken(context, step);
    expect(context.events.at(-1)).toMatchObject({
      type: "gates",
      node: "beta",
      gates: { storage: { isOpen: false, why: "read-only" } },
    });
  });

  it.each(["", "{}", "no JSON"])("holds a node to the contract whose file reads %j", async (stdout) => {
    const context = await fakeContext();
    context.fake.answers["run-inside"] = () => ({ code: 0, stdout, stderr: "" });
    await expect(taken(context, step)).rejects.toMatchObject({ code: "image/breaks-contract" });
  });
});

describe("inspect", () => {
  it("asks the nodes that are up and not frozen, all unless named", async () => {
    const context = await fakeContext();
    context.fake.answers["inspect-node"] = () => {};
    context.fake.answers.server = () => {};
    await context.fake.nodes.beta.kill();
    await context.fake.nodes.gamma.pause();
    await taken(context, { step: "inspect" });
    await taken(context, { step: "inspect", nodes: ["beta"] });
    expect(context.fake.asked).toEqual([
      expect.objectContaining({ do: "inspect-node", node: "alpha" }),
      expect.objectContaining({ do: "server", node: "alpha" }),
    ]);
  });
});

describe("capture and end-capture", () => {
  it("capture at each interface, by its address on that segment", async () => {
    const context = await fakeContext();
    context.fake.answers.capture = () => ({ device: "eth0" });
    context.fake.answers["stop-captures"] = () => {};
    const at = [
      { host: "client", segment: "zone" },
      { host: "beta", segment: "control" },
    ] as const;
    await taken(context, { step: "capture", at: [...at] });
    await taken(context, { step: "end-capture" });
    expect(context.fake.asked).toEqual([
      expect.objectContaining({ seenBy: "client", address: context.fake.plan.agent.address }),
      expect.objectContaining({ seenBy: "beta", address: context.fake.plan.nodes.beta.controlAddress }),
      { do: "stop-captures" },
    ]);
  });

  it("are trouble on a segment that the host has no interface on", async () => {
    const context = await fakeContext();
    const step: Step = { step: "capture", at: [{ host: "gamma", segment: "control" }] };
    await expect(taken(context, step)).rejects.toThrow("gamma has no interface on control");
  });
});

describe("attempt", () => {
  it("tries each address that a host shares a segment with", async () => {
    const context = await fakeContext();
    context.fake.answers.attempt = () => {};
    await taken(context, { step: "attempt", from: ["client", "alpha"], ports: ["rpc", "natsCluster"] });
    const { nodes } = context.fake.plan;
    const of = (...addresses: (string | undefined)[]) => addresses.flatMap((one) => [`${one}:9443`, `${one}:6222`]);
    expect(context.fake.asked).toEqual([
      expect.objectContaining({
        from: "client",
        targets: of(nodes.alpha.zoneAddress, nodes.beta.zoneAddress, nodes.gamma.zoneAddress),
      }),
      expect.objectContaining({
        from: "alpha",
        pid: context.fake.nodes.alpha.pid,
        targets: of(nodes.beta.zoneAddress, nodes.beta.controlAddress, nodes.gamma.zoneAddress),
      }),
    ]);
  });
});

describe("files and search", () => {
  it("ask the nodes that are up, for their own folders", async () => {
    const context = await fakeContext();
    context.fake.answers.search = () => {};
    await context.fake.nodes.beta.kill();
    await taken(context, { step: "files", nodes: ["alpha", "beta"] });
    await taken(context, { step: "search", name: "a" });
    expect(asked(context, "files")).toEqual([expect.objectContaining({ node: "alpha", folder: "/artifacts" })]);
    expect(asked(context, "search")).toEqual([
      expect.objectContaining({ node: "alpha", folder: "/artifacts", key: "triad/a-7" }),
      expect.objectContaining({ node: "alpha", folder: "/data/jetstream" }),
      expect.objectContaining({ node: "gamma", folder: "/data/jetstream" }),
    ]);
  });
});

describe("handshakes", () => {
  it("mark how many rows were tried", async () => {
    const context = await fakeContext();
    context.fake.answers.handshakes = () => ({ rows: 40, notOfferable: 3 });
    await taken(context, { step: "handshakes", rows: "all" });
    expect(marksOf(context, "looked")).toEqual([{ rows: 40, notOfferable: 3 }]);
    expect(asked(context, "handshakes")).toEqual([
      expect.objectContaining({ foreignZoneId: "enterprise-bsfg", elsewhere: expect.arrayContaining([]) }),
    ]);
  });
});

describe("dump-replicas", () => {
  it("asks for this history's facts, from the first acknowledged one less what may have overtaken it", async () => {
    const context = await fakeContext();
    context.fake.answers["dump-replicas"] = () => ({ replicas: 3 });
    const early = memoryHistory([]);
    early.record({ t: nowNs(), type: "ok", op: 1, process: "client-0", f: "append", offset: 5_000 });
    await takeStep({ ...context, history: early }, { step: "dump-replicas", label: "x", streams: ["facts_audit"] });
    expect(asked(context, "dump-replicas")).toMatchObject([{ label: "x", from: { facts_operational: 4_000 } }]);
  });
});

describe("read-back", () => {
  const step: Step = { step: "read-back" };

  it("reads from the active node, whose server is surely in the quorum", async () => {
    const context = await fakeContext();
    context.fake.activate("beta");
    await taken(context, step);
    expect(asked(context, "audit")).toMatchObject([{ node: "beta", stream: "facts_operational", firstOffset: 1 }]);
    expect(marksOf(context, "read-back")).toEqual([{ isReadable: true }]);
  });

  it("marks facts that cannot be read: it is a finding", async () => {
    const context = await fakeContext();
    context.fake.answers.audit = () => refused("no responders");
    await taken(context, step);
    expect(marksOf(context, "read-back")).toEqual([{ isReadable: false, saw: expect.stringMatching(/no responders/) }]);
  });

  it("is trouble when the reader itself gave no result", async () => {
    const context = await fakeContext();
    context.fake.answers.audit = () => refused("the reader gave no result");
    await expect(taken(context, step)).rejects.toThrow(/gave no result/);
  });
});

describe("read-each-replica", () => {
  const step: Step = { step: "read-each-replica" };

  /** A stream whose leader changes with each step down. */
  async function withLeaders(leaders: string[]): Promise<FakeContext> {
    const context = await fakeContext();
    context.fake.answers["ask-store"] = ({ api }) => {
      if (api.includes("STEPDOWN")) leaders.push(leaders.shift()!);
      return { answer: { cluster: { leader: leaders[0] } } };
    };
    return context;
  }

  it("reads from each node while it leads", async () => {
    const context = await withLeaders(["gamma", "alpha", "beta"]);
    await taken(context, step, 10_000);
    expect(marksOf(context, "read-back").map(({ leader, isReadable }) => [leader, isReadable])).toEqual([
      ["alpha", true],
      ["beta", true],
      ["gamma", true],
    ]);
    expect(asked(context, "audit").every((one) => "isOfLeader" in one)).toBe(true);
  });

  it("marks a node that does not come to lead, and a leader that changed while it was read", async () => {
    const context = await withLeaders(["alpha", "beta"]);
    context.fake.answers.audit = ({ node }) => {
      if (node === "beta") context.fake.answers["ask-store"] = () => ({ answer: { cluster: {} } });
      return { messages: 1 };
    };
    await taken(context, step, 200_000);
    expect(marksOf(context, "read-back")).toMatchObject([
      { leader: "alpha", isReadable: true, messages: 1 },
      { leader: "beta", isReadable: false, saw: "no node led at the end" },
      { leader: "gamma", isReadable: false, saw: expect.stringMatching(/gamma to lead .* saw no leader/) },
    ]);
  });

  it("ends with an aborted signal", async () => {
    const context = await withLeaders(["beta"]);
    const taking = taken(context, step, 200);
    context.abort(new Error("interrupted"));
    await expect(taking).rejects.toThrow("interrupted");
    expect(marksOf(context, "read-back")).toEqual([]);
  });
});

describe("read-texts", () => {
  it("counts the texts read, and quotes sentences that claim recovery to any instant", async () => {
    const folder = mkdtempSync(join(tmpdir(), "triad-texts-"));
    try {
      mkdirSync(join(folder, "snapshot"));
      writeFileSync(join(folder, "snapshot", "manifest.json"), "It can be restored to any point in time.");
      const context = await fakeContext(new FakeZone(), { folder });
      context.fake.answers["run-inside"] = ({ argv }) => {
        const pid = /\/proc\/(\d+)/.exec(argv.at(-1) ?? "")?.[1];
        const line = `/proc/${pid}/root/opt/bsfg/README:There is no point-in-time recovery.`;
        return { code: 0, stdout: `12\n${line}\n`, stderr: "" };
      };
      await taken(context, { step: "read-texts" });
      const texts = context.events.filter((one): one is TextsEvent => one.type === "texts");
      expect(texts.map(({ kind }) => kind)).toEqual(["help", "docs", "manifest", "alpha", "beta", "gamma"]);
      expect(texts.find(({ kind }) => kind === "manifest")?.claims).toEqual([
        { place: "manifest.json", sentence: "It can be restored to any point in time." },
      ]);
      expect(texts.at(-1)).toMatchObject({ read: 12, claims: [], denials: 1 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
