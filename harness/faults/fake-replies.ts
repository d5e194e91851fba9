// The replies of a healthy zone's actuator, for unit tests: a request changes a little state, and later replies show
// it. State belongs to a PID, so a restarted node begins fresh.

import { HarnessError } from "#base/errors.ts";
import type { CommandOf, ReplyOf, RequestOf } from "#protocol/commands.ts";
import type { RunResult } from "#protocol/commands/node.ts";
import { referencePorts as ports } from "#spec/contract/node-contract.ts";
import { nodeNames } from "#spec/node.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { macOf } from "#topology/plan-zone.ts";
import { type FakeNetwork, freshNetwork, networkProgram } from "./fake-network.ts";

export type ActuatorCommand = CommandOf<"actuator">;

/** Replies by command. A function may throw. */
export type Replies = { [Name in ActuatorCommand]?: (request: RequestOf<Name>) => ReplyOf<Name> };

interface NodeState {
  hasVip: boolean;
  isServerUp: boolean;
  hasStray: boolean;
  files: Map<string, string>;
  cuts: Set<string>;
  network: FakeNetwork;
}

/** First PID of alpha. */
const vipHolderPid = 1_001;
const droppedPackets = 7;
const packetsDropped = { packets: droppedPackets };
const tally = { sent: 5, arrived: { alpha: 5, beta: 5, gamma: 4 } };

export function healthyReplies(plan: ZonePlan): Replies {
  const states = new Map<number, NodeState>();
  const macs = nodeNames.map((name) => plan.nodes[name].zoneMac);
  const stateOf = (pid: number): NodeState => {
    const known = states.get(pid);
    if (known) return known;
    const hasVip = pid === vipHolderPid;
    const fresh = {
      hasVip,
      isServerUp: true,
      hasStray: false,
      files: new Map(),
      cuts: new Set<string>(),
      network: freshNetwork(macs),
    };
    states.set(pid, fresh);
    return fresh;
  };
  return {
    cut: ({ pid, cut }) => (stateOf(pid).cuts.add(cut), { device: "eth0", table: cut }),
    "count-cut": ({ pid, cut }) => (stateOf(pid).cuts.has(cut) ? packetsDropped : { packets: 0 }),
    "heal-cut": ({ pid, cut }) => (stateOf(pid).cuts.delete(cut), { ...packetsDropped, isGone: true }),
    interface: ({ address }) => ({ device: "eth0", mac: macOf(address) }),
    link: ({ state }) => ({ device: "eth0", state }),
    port: ({ address, port, isHeld }) => ({ listeners: isHeld ? [`${address}:${port}`] : [] }),
    "fresh-neighbour": ({ address }) => ({ address, state: "REACHABLE", reachableMs: 150_000 }),
    advert: () => ((stateOf(vipHolderPid).hasVip = false), { bytes: 40 }),
    "forge-vrrp": () => tally,
    "stop-forging": () => tally,
    "forge-frames": () => tally,
    "stop-frames": () => tally,
    signal: ({ match }) => ({ pids: [match.length], states: ["T"] }),
    "freeze-together": ({ forMs }) => ({ fromNs: 1e9, toNs: 1e9 + forMs * 1e6 }),
    "write-files": ({ pid, files }) => {
      for (const { path, text } of files) stateOf(pid).files.set(path, text);
      return { bytes: files.length };
    },
    "run-inside": ({ pid, argv }) => run(stateOf(pid), argv, plan),
    storage: ({ way, isBroken }) => ({ way, isBroken, write: isBroken ? "EIO" : "written", mounts: isBroken ? 1 : 0 }),
    ...resourceReplies(),
    rot: ({ way }) => ({
      file: "1.blk",
      bytesBefore: 400,
      bytesAfter: way === "flip" ? 400 : 300,
      digestBefore: "aaaaaaaaaaaaaaaa",
      digestAfter: "bbbbbbbbbbbbbbbb",
      bitsFlipped: way === "flip" ? 1 : 0,
      at: 200,
    }),
    wipe: ({ folders }) => ({ folders: folders.map((path) => ({ path, files: 3, bytes: 900, left: 0 })) }),
    "power-off": ({ targets }) => ({
      cutNs: 42e6,
      packets: targets.map(() => 2),
      stores: targets.flatMap(({ folders }) =>
        folders.map(() => ({ beforeNs: 42e6, shutNs: 43e6, errno: 0, errnoAfter: 5 })),
      ),
    }),
    "power-back": ({ folders }) => ({
      stores: folders.map((path) => ({ path, flushedBytes: 64, unflushedBytes: 0, write: "written" })),
    }),
    "start-rogue-server": () => {},
    "read-rogue-server": () => ({
      met: nodeNames.map((name) => plan.nodes[name].zoneAddress),
      refused: { [plan.nodes.alpha.zoneAddress]: "Authorization Violation" },
      end: null,
    }),
    "stop-rogue-server": () => ({ end: "SIGTERM" }),
    ...serverReplies(plan),
  };
}

/** Limits of a node, and what its kernel counts. */
function resourceReplies(): Replies {
  let looks = 0;
  return {
    "disk-full": ({ isFull }) => ({ write: isFull ? "ENOSPC" : "written", fillerBytes: 9, freeBytes: isFull ? 0 : 9 }),
    "disk-slow": ({ writesPerS }) => ({
      device: "7:1",
      writes: 4,
      beforeMs: 8,
      afterMs: writesPerS === null ? 8 : 4_000 / writesPerS,
    }),
    // Each look finds it throttled more often, and its memory limit reached once more.
    "group-use": () => {
      looks += 1;
      const counts = { throttledTimes: looks, limitReachedTimes: looks, killedTimes: 0 };
      return { ...counts, throttledMs: 90 * looks, memoryBytes: 9e7, memoryLimitBytes: null };
    },
    "reload-keepalived": ({ priorityBy = 0 }) => ({
      pid: 77,
      file: "/run/keepalived.conf",
      afterMs: 12,
      priority: 150 + priorityBy,
    }),
  };
}

/** Answers of nats-server: two streams and the meta group. */
function serverReplies(plan: ZonePlan): Replies {
  const messages: Record<string, number> = { facts_operational: 300, cursors: 4 };
  let leader = "alpha";
  const joined = new Set<string>();
  const removed = new Set<string>();
  const voters = () => {
    for (const { files } of Object.values(plan.nodes))
      for (const [, name] of files
        .map((one) => one.text)
        .join("")
        .matchAll(/server_name: "([^"]+)"/g))
        joined.add(name!);
    return [...joined].filter((name) => !removed.has(name));
  };
  const state = (stream: string) => ({ messages: messages[stream]!, bytes: 1_000, first_seq: 1, last_seq: 300 });
  return {
    "delete-messages": ({ stream, sequences }) => {
      messages[stream]! -= sequences.length;
      return { deleted: sequences.length };
    },
    "ask-store": ({ api, body }) => {
      const stream = api.split(".").at(-1)!;
      if (api.startsWith("STREAM.LEADER.STEPDOWN")) leader = "beta";
      if (api === "SERVER.REMOVE") removed.add((body as { peer: string }).peer);
      else if (api.startsWith("STREAM.PURGE")) messages[stream] = 0;
      return { answer: { state: state(stream), cluster: { leader } } };
    },
    "ask-monitor": () => {
      const [leader, ...others] = voters();
      const details = Object.keys(messages).map((name) => ({ name, state: state(name) }));
      return {
        answer: {
          meta_cluster: { leader, replicas: others.map((name) => ({ name })) },
          account_details: [{ stream_detail: details }],
        },
      };
    },
  };
}

/** The few programs that faults run in a node. */
function run(node: NodeState, argv: readonly string[], plan: ZonePlan): RunResult {
  const [program, ...rest] = argv;
  const text = rest.join(" ");
  const network = networkProgram(node.network, argv);
  if (network) return network;
  if (program === "cat") return done(node.files.get(text) ?? "");
  if (program === "ss" && text.endsWith(`:${ports.natsClient}`)) return done(node.isServerUp ? "LISTEN 0 *:4222" : "");
  if (program === "ss") return done(node.hasStray ? `LISTEN 0 0.0.0.0:${ports.rpc}` : "");
  if (program === "sh") return done("", (node.hasStray = text.includes("setsid node")));
  if (program === "/opt/bsfg/bin/service") return done("", (node.isServerUp = rest[0] === "start"));
  if (program !== "ip") throw new HarnessError("agent/refused", `no reply to ${argv.join(" ")}`);
  if (text.startsWith("address")) return done("", (node.hasVip = rest[1] === "add"));
  const isVip = text.includes(`${plan.vip}/32`);
  return done(
    isVip && !node.hasVip ? "" : `2: eth0    inet ${text.split(" ").at(-1)!.replace("/32", "/24")} scope global`,
  );
}

/** `_change`: what the program did to the node. */
function done(stdout: string, _change?: boolean): RunResult {
  return { code: 0, stdout, stderr: "" };
}
