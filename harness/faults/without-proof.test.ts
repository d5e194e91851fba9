// A fault whose effect or healing cannot be shown throws, and says what it saw instead.

import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import type { FaultSpec } from "#spec/faults.ts";
import type { Replies } from "./fake-replies.ts";
import { FakeZone } from "./fake-zone.ts";
import { macOf } from "#topology/plan-zone.ts";
import { faultOf } from "./registry.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Longer than any deadline of a fault. No time passes: the clock is the test's. */
const allDeadlinesMs = 60_000;

async function refusal(act: () => Promise<unknown>): Promise<string> {
  const outcome = act().then(
    (value) => `it took effect: ${JSON.stringify(value)}`,
    (error: unknown) => HarnessError.from(error),
  );
  await jest.advanceTimersByTimeAsync(allDeadlinesMs);
  const error = await outcome;
  return error instanceof HarnessError ? `[${error.code}] ${error.message}` : error;
}

const ran = (part: { code?: number; stdout?: string; stderr?: string }) => () => ({
  code: 0,
  stdout: "",
  stderr: "",
  ...part,
});
const freezeNever = () => {
  const fake = new FakeZone({ spec: { stores: "xfs" } });
  fake.nodes.gamma.pause = async () => {
    throw new Error("unable to freeze");
  };
  return fake;
};
const refused = () => ({ answer: { error: { description: "no responders" } } });
const joint: FaultSpec = { fault: "power", node: "alpha", with: ["gamma"] };
const wiped: FaultSpec = { fault: "wiped", node: "gamma" };
const rotten = {
  file: "1.blk",
  bytesBefore: 4,
  bytesAfter: 4,
  digestBefore: "a",
  digestAfter: "a",
  bitsFlipped: 0,
  at: 0,
};
const unused = {
  throttledTimes: 3,
  throttledMs: 9,
  memoryBytes: 9e7,
  memoryLimitBytes: 9e7,
  limitReachedTimes: 3,
  killedTimes: 0,
};
const shut = { beforeNs: 1, shutNs: 2, errno: 0, errnoAfter: 5 };

describe("an injection without a proof", () => {
  it.each<[FaultSpec, Replies, RegExp]>([
    [
      { fault: "process-freeze", node: "beta", process: "gate" },
      { signal: () => ({ pids: [], states: [] }) },
      /^\[fault\/no-effect\] beta runs no gate$/,
    ],
    [
      { fault: "link-down", node: "alpha", segments: ["zone"] },
      { link: () => ({ device: "eth0", state: "up" }) },
      /^\[fault\/no-effect\] eth0 is up/,
    ],
    [{ fault: "port-taken", node: "beta" }, { port: () => ({ listeners: [] }) }, /^\[fault\/no-effect\] listeners on/],
    [
      { fault: "cut", node: "alpha", peers: ["beta", "gamma"], segments: ["zone"], direction: "both" },
      {
        interface: ({ address }) => ({
          device: "eth0",
          mac: address.endsWith(".13") ? "9a:0b:55:01:02:03" : macOf(address),
        }),
      },
      /^\[fault\/no-effect\] gamma has the MAC 9a:0b:55:01:02:03 at 198\.18\.0\.13/,
    ],
    [
      { fault: "cut", node: "alpha", segments: ["zone"], direction: "both" },
      { "count-cut": () => ({ packets: 0 }) },
      /^\[fault\/no-effect\] .*saw 0 dropped packets/,
    ],
    [
      { fault: "certificate", node: "alpha", way: "expired" },
      { "run-inside": ran({ stdout: "original" }) },
      /^\[fault\/no-effect\] alpha still has a different certificate/,
    ],
    [
      { fault: "certificate", node: "gamma", way: "short" },
      {},
      /^\[usage\/unknown-node\] gamma has no server certificate/,
    ],
    [{ fault: "vip-removed", node: "beta" }, {}, /^\[fault\/no-effect\] \S+ is not on beta/],
    [
      { fault: "vip-removed", node: "alpha" },
      { "run-inside": ran({ code: 2, stderr: "RTNETLINK answers: Operation not permitted\n" }) },
      /^\[fault\/no-effect\] ip -4 .*: RTNETLINK answers: Operation not permitted$/,
    ],
    [{ fault: "vip-added", node: "beta" }, { "run-inside": ran({}) }, /^\[fault\/no-effect\] beta has no interface/],
    [{ fault: "outranked", node: "gamma" }, {}, /^\[usage\/unknown-node\] gamma runs no keepalived/],
    [
      { fault: "outranked", node: "alpha" },
      { advert: () => ({ bytes: 40 }) },
      /^\[fault\/no-effect\] .*alpha to give up the VIP: saw the VIP is on eth0/,
    ],
    [
      { fault: "service-down", node: "gamma", service: "nats-server" },
      { "run-inside": ran({ code: 1, stderr: "no such service\n" }) },
      /^\[image\/breaks-contract\] \/opt\/bsfg\/bin\/service stop nats-server on gamma: no such service$/,
    ],
    [
      { fault: "service-down", node: "gamma", service: "nats-server" },
      { "run-inside": ran({ stdout: "LISTEN 0 *:4222" }) },
      /^\[fault\/no-effect\] .*port 4222 of gamma to be closed: saw LISTEN/,
    ],
    [
      { fault: "stray-controller", node: "beta" },
      { "run-inside": ran({ code: 127, stderr: "node: not found" }) },
      /^\[fault\/no-effect\] node: not found/,
    ],
    [
      { fault: "stray-controller", node: "beta" },
      { "run-inside": ran({}) },
      /^\[fault\/no-effect\] .*0.0.0.0:9443 of beta to be open: saw no listener/,
    ],
    [
      { fault: "fourth-server", node: "gamma" },
      { "read-rogue-server": () => ({ met: [], refused: {}, end: "exit 1" }) },
      /^\[fault\/no-effect\] .*saw connections with none; exit 1/,
    ],
    [
      { fault: "cpu-limit", node: "alpha", percent: 10 },
      { "group-use": () => unused },
      /^\[fault\/no-effect\] .*alpha to wait for the processor: saw it had to wait 0 times/,
    ],
    [
      { fault: "memory-limit", node: "gamma", spareMb: 2 },
      { "group-use": () => unused },
      /^\[fault\/no-effect\] .*gamma to reach its memory limit: saw it reached its limit 0 times/,
    ],
    [
      { fault: "disk-slow", node: "gamma", store: "messages", writesPerS: 2 },
      { "disk-slow": () => ({ device: "7:1", writes: 4, beforeMs: 8, afterMs: 900 }) },
      /^\[fault\/no-effect\] device 7:1 .* 4 flushed writes took 8 ms before and 900 ms after/,
    ],
    [{ fault: "keepalived-reload", node: "gamma" }, {}, /^\[usage\/unknown-node\] gamma runs no keepalived/],
    [
      { fault: "boot-cut", node: "beta", segments: ["zone", "control"] },
      { "count-cut": () => ({ packets: 0 }) },
      /^\[fault\/no-effect\] .*a packet of beta to be dropped: saw 0 dropped packets/,
    ],
    [
      { fault: "rot", node: "gamma", way: "flip" },
      { rot: () => rotten },
      /^\[fault\/no-effect\] 1.blk was not damaged/,
    ],
    [{ fault: "rot", node: "gamma", way: "cut" }, { rot: () => rotten }, /^\[fault\/no-effect\] 1.blk was not damaged/],
    [
      wiped,
      { wipe: ({ folders }) => ({ folders: folders.map((path) => ({ path, files: 1, bytes: 1, left: 2 })) }) },
      /^\[fault\/no-effect\] 2 files are left in \/data\/jetstream of gamma/,
    ],
    [
      joint,
      { "power-off": () => ({ cutNs: 1, packets: [1, 1], stores: [shut, { ...shut, errnoAfter: 0 }, shut] }) },
      /^\[fault\/no-effect\] \/artifacts of alpha: shutdown gave errno 0, a write 0/,
    ],
    [
      joint,
      { "power-off": () => ({ cutNs: 1, packets: [1, 0], stores: [shut, shut, shut] }) },
      /^\[fault\/no-effect\] no packet of gamma was dropped/,
    ],
    [
      { fault: "facts-deleted", node: "gamma", count: 25 },
      { "delete-messages": () => ({ deleted: 0 }) },
      /^\[fault\/no-effect\] 0 of 25 facts deleted, 0 cursors left/,
    ],
    [
      { fault: "facts-deleted", node: "gamma", count: 25 },
      { "ask-store": refused },
      /^\[fault\/no-effect\] facts_operational: no responders/,
    ],
    [
      { fault: "facts-deleted", node: "gamma", count: 25 },
      {
        "ask-store": ({ api }) =>
          api.startsWith("STREAM.PURGE") ? refused() : { answer: { state: { messages: 300, first_seq: 1 } } },
      },
      /^\[fault\/no-effect\] cursors: no responders/,
    ],
  ])("%j", async (spec, replies, words) => {
    const { zone } = new FakeZone({ spec: { stores: "xfs" }, replies });
    expect(await refusal(() => faultOf(spec).inject(zone, spec))).toMatch(words);
  });

  it("of a wipe: the node does not freeze", async () => {
    const fake = freezeNever();
    const words = await refusal(() => faultOf(wiped).inject(fake.zone, wiped));
    expect(words).toMatch(/^\[fault\/no-effect\] .*gamma to be frozen: saw unable to freeze/);
    expect(fake.requestsOf("wipe")).toEqual([]);
  });
});

const cutFromAll: FaultSpec = { fault: "cut", node: "alpha", segments: ["zone"], direction: "both" };
const bootCut: FaultSpec = { fault: "boot-cut", node: "beta", segments: ["zone"] };
const noMemory: FaultSpec = { fault: "memory-limit", node: "gamma", spareMb: 2 };
const renamed: FaultSpec = { fault: "rebuilt", node: "gamma", identity: "new" };

describe("a healing without a proof", () => {
  it.each<[FaultSpec, Replies, RegExp]>([
    [
      cutFromAll,
      { "heal-cut": () => ({ packets: 3, isGone: false }) },
      /^\[fault\/not-undone\] the rules of alpha_zone_both are still installed/,
    ],
    [noMemory, { "group-use": () => unused }, /^\[fault\/not-undone\] gamma still has a limit of 90000000 bytes/],
    [
      bootCut,
      { "heal-cut": () => ({ packets: 3, isGone: false }) },
      /^\[fault\/not-undone\] the rules of boot_beta_zone are still installed on alpha/,
    ],
    [
      { fault: "service-down", node: "gamma", service: "nats-server" },
      { "run-inside": ran({}) },
      /^\[fault\/not-undone\] .*port 4222 of gamma to be open: saw no listener/,
    ],
    [
      joint,
      {
        "power-back": ({ folders }) => ({
          stores: folders.map((path) => ({ path, flushedBytes: 64, unflushedBytes: 64, write: "written" })),
        }),
      },
      /^\[fault\/not-undone\] \/data\/jetstream of alpha came back with 64 flushed and 64 unflushed bytes/,
    ],
    [renamed, { "ask-monitor": () => ({ answer: {} }) }, /^\[fault\/not-undone\] .*saw no answer from a leader/],
    [renamed, { "ask-store": refused }, /^\[fault\/not-undone\] .*the removal of server gamma: saw no responders/],
    [
      renamed,
      {
        "ask-store": () => {
          throw new HarnessError("agent/refused", "no server answered");
        },
      },
      /^\[fault\/not-undone\] .*the removal of server gamma: saw no server answered/,
    ],
  ])("%j", async (spec, replies, words) => {
    const healthy = new FakeZone({ spec: { stores: "xfs" } });
    const injected = refusal(() => faultOf(spec).inject(healthy.zone, spec));
    expect(await injected).toMatch(/^it took effect/);
    const failing = new FakeZone({ spec: { stores: "xfs" }, replies });
    if (!healthy.nodes[spec.node].isUp) await failing.nodes[spec.node].kill();
    expect(await refusal(() => faultOf(spec).heal(failing.zone, spec))).toMatch(words);
  });

  it("of a renamed node: its configuration names no server", async () => {
    const fake = new FakeZone();
    await fake.nodes.gamma.kill();
    fake.plan.nodes.gamma.files = [];
    expect(await refusal(() => faultOf(renamed).heal(fake.zone, renamed))).toMatch(/^\[fault\/impossible\]/);
  });
});
