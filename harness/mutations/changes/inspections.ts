// Wrong nodes as an inspection shows them: a process or a socket too many on one node, in one inspection only; a mount
// that two nodes share; keepalived gone.

import type { InspectedSocket, InspectionEvent } from "#history/event.ts";
import { type ProgramName, referencePorts as ports } from "#spec/contract/node-contract.ts";
import { type NodeName, nodeNames, serviceNodes } from "#spec/node.ts";
import { answersTo } from "#spec/program.ts";
import { type Change, firstAndLast, type Variant } from "../change.ts";
import type { Scene } from "../scene.ts";

interface Inspection {
  event: InspectionEvent;
  index: number;
  /** "the first", "the last". */
  at: string;
}

/** The first and the last inspection of each of these nodes. */
function inspectionsOf(scene: Scene, nodes: readonly NodeName[]): Inspection[] {
  return nodes.flatMap((node) => {
    const own = scene.of("inspection").filter(({ event }) => event.node === node);
    return firstAndLast(own, node);
  });
}

type TurnsOf = Record<NodeName, readonly string[]>;

type Edit = (event: InspectionEvent, scene: Scene) => InspectionEvent | undefined;

/** One inspection changed; `edit` gives undefined where the change makes no sense. */
function one(
  { turnsOf, ...change }: Pick<Change, "name" | "says" | "turns" | "everywhere"> & { turnsOf?: TurnsOf },
  nodes: readonly NodeName[],
  edit: Edit,
): Change {
  return {
    ...change,
    kind: "inspections",
    variants: (scene) =>
      inspectionsOf(scene, nodes).flatMap(({ event, index, at }): Variant[] => {
        const edited = edit(event, scene);
        const turns = turnsOf ? { turns: turnsOf[event.node] } : {};
        return edited ? [{ at, ...turns, events: () => scene.replaced(index, edited) }] : [];
      }),
  };
}

const strayPid = 900_001;
const controllerArgv = ["node", "/opt/bsfg/bin/controller.cjs"];

function withProcess(event: InspectionEvent, name: string, argv: string[]): InspectionEvent {
  return { ...event, processes: [...event.processes, { pid: strayPid, parent: 1, name, argv }] };
}

function withSocket(event: InspectionEvent, socket: Partial<InspectedSocket>): InspectionEvent {
  const whole = { protocol: "tcp" as const, local: "", remote: "0.0.0.0:0", state: "LISTEN", ...socket };
  return { ...event, sockets: [...event.sockets, whole] };
}

function pidOf(event: InspectionEvent, program: ProgramName): number | undefined {
  return event.processes.find((process) => answersTo(program, process, undefined))?.pid;
}

/** A controller does not run where the VIP is not: nothing else is changed. */
const strayController = one(
  {
    name: "controller-on-a-standby",
    says: "a controller process runs on a node without the VIP and listens nowhere",
    turns: [],
    turnsOf: {
      alpha: ["DUAL-5", "BOOT-4", "GATE-7"],
      beta: ["ROLE-2", "DUAL-5", "BOOT-2", "BOOT-3", "BOOT-4", "GATE-7"],
      gamma: ["ROLE-3", "BOOT-2", "BOOT-3", "GATE-7"],
    },
  },
  nodeNames,
  (event, { view }) => {
    const isOwner = event.addresses.some(({ address }) => address === view.endpoint.vip);
    return isOwner ? undefined : withProcess(event, "node", controllerArgv);
  },
);

const keepalivedOnGamma = one(
  { name: "keepalived-on-gamma", says: "gamma runs keepalived", turns: ["ROLE-3"] },
  ["gamma"],
  (event) => withProcess(event, "keepalived", ["keepalived", "--dont-fork"]),
);

const vrrpOnGamma = one(
  { name: "vrrp-socket-on-gamma", says: "gamma has a raw socket for VRRP", turns: ["ROLE-3"] },
  ["gamma"],
  (event) => withSocket(event, { protocol: "raw", local: "0.0.0.0:112", state: "UNCONN", pid: strayPid }),
);

/** Its role file still says BACKUP. */
const noKeepalived = one(
  {
    name: "standby-without-keepalived",
    says: "no keepalived runs on the standby, although its role file says BACKUP",
    turns: [],
    turnsOf: { alpha: [], beta: ["ROLE-2", "BOOT-2", "BOOT-3"], gamma: [] },
  },
  serviceNodes,
  (event, { view }) => {
    if (event.addresses.some(({ address }) => address === view.endpoint.vip)) return undefined;
    const isIt = (pid: number | undefined) =>
      event.processes.some((process) => process.pid === pid && process.name === "keepalived");
    if (!event.processes.some((process) => process.name === "keepalived")) return undefined;
    return {
      ...event,
      processes: event.processes.filter(({ pid }) => !isIt(pid)),
      sockets: event.sockets.filter(({ pid }) => !isIt(pid)),
    };
  },
);

/** It runs, and no advert can reach it. */
function deafKeepalived(name: string, says: string, edit: (event: InspectionEvent) => InspectionEvent): Change {
  const turnsOf = { alpha: [], beta: ["ROLE-2", "BOOT-2", "BOOT-3"], gamma: [] };
  return one({ name, says, turns: [], turnsOf }, serviceNodes, (event, { view }) => {
    const isActive = event.addresses.some(({ address }) => address === view.endpoint.vip);
    return isActive || !event.processes.some((process) => process.name === "keepalived") ? undefined : edit(event);
  });
}

const withoutVrrp = deafKeepalived(
  "standby-keepalived-without-a-socket",
  "keepalived of the standby has no socket for VRRP",
  (event) => ({ ...event, sockets: event.sockets.filter(({ protocol }) => !protocol.startsWith("raw")) }),
);

const stoppedKeepalived = deafKeepalived(
  "standby-keepalived-stopped",
  "keepalived of the standby is stopped by a signal",
  (event) => ({
    ...event,
    processes: event.processes.map((process) => (process.name === "keepalived" ? { ...process, state: "T" } : process)),
  }),
);

/** The active node has no process at all that could move the VIP. */
const activeWithoutKeepalived = one(
  {
    name: "active-node-without-keepalived",
    says: "no keepalived runs on the active node",
    turns: ["ROLE-1", "BOOT-2", "BOOT-3"],
  },
  serviceNodes,
  (event, { view }) => {
    if (!event.addresses.some(({ address }) => address === view.endpoint.vip)) return undefined;
    const pids = event.processes.filter(({ name }) => name === "keepalived").map(({ pid }) => pid);
    if (pids.length === 0) return undefined;
    return {
      ...event,
      processes: event.processes.filter(({ pid }) => !pids.includes(pid)),
      sockets: event.sockets.filter(({ pid }) => pid === undefined || !pids.includes(pid)),
    };
  },
);

/** A socket of a program of the node, on an address that other hosts reach. */
function socketOf(
  program: "controller" | "nats-server",
  change: { name: string; says: string; everywhere: string[] },
  socket: (zoneAddress: string) => Partial<InspectedSocket>,
): Change {
  const nodes = program === "controller" ? serviceNodes : nodeNames;
  return one({ ...change, turns: [] }, nodes, (event, scene) => {
    const pid = pidOf(event, program);
    if (pid === undefined) return undefined;
    return withSocket(event, { ...socket(scene.header.zone.nodes[event.node].zoneAddress), pid });
  });
}

const controllerUdp = socketOf(
  "controller",
  { name: "controller-udp-socket", says: "the controller has a UDP socket on every address", everywhere: ["DUAL-2"] },
  () => ({ protocol: "udp", local: `0.0.0.0:${ports.rpc}`, state: "UNCONN" }),
);

const controllerSecond = socketOf(
  "controller",
  { name: "controller-second-listener", says: "the controller listens on a second port", everywhere: ["DUAL-2"] },
  (address) => ({ local: `${address}:9444` }),
);

const natsWebsocket = socketOf(
  "nats-server",
  { name: "nats-websocket-listener", says: "nats-server has a websocket port on every address", everywhere: ["NET-2"] },
  () => ({ local: "0.0.0.0:8080" }),
);

const natsClientPort = socketOf(
  "nats-server",
  { name: "nats-client-port-open", says: "nats-server's client port is on the node's address", everywhere: ["NET-2"] },
  (address) => ({ local: `${address}:${ports.natsClient}` }),
);

const natsMonitorPort = socketOf(
  "nats-server",
  { name: "nats-monitor-port-open", says: "nats-server's monitoring port is on every address", everywhere: ["NET-2"] },
  () => ({ protocol: "tcp6", local: `[::]:${ports.natsMonitor}`, remote: "[::]:0" }),
);

const natsUdp = socketOf(
  "nats-server",
  { name: "nats-udp-socket", says: "nats-server has a UDP socket on every address", everywhere: ["NET-2"] },
  () => ({ protocol: "udp", local: "0.0.0.0:4333", state: "UNCONN" }),
);

const foreignListener = one(
  {
    name: "foreign-program-listens",
    says: "a program that is no part of the node listens on every address",
    turns: [],
    everywhere: ["NET-2"],
  },
  nodeNames,
  (event) => withSocket(withProcess(event, "sshd", ["/usr/sbin/sshd", "-D"]), { local: "0.0.0.0:22", pid: strayPid }),
);

const workerOnGamma = one(
  {
    name: "worker-on-gamma",
    says: "a program of gamma is a client of gamma's own server",
    turns: [],
    everywhere: ["ROLE-4"],
  },
  ["gamma"],
  (event) =>
    withSocket(withProcess(event, "worker", ["/usr/bin/worker"]), {
      local: "127.0.0.1:50000",
      remote: `127.0.0.1:${ports.natsClient}`,
      state: "ESTAB",
      pid: strayPid,
    }),
);

/** The controller of the active node uses the server of another node. */
const remoteServer = one(
  {
    name: "controller-uses-another-server",
    says: "the controller is connected to the server of another node",
    turns: [],
    everywhere: ["NET-2"],
  },
  serviceNodes,
  (event, scene) => {
    const pid = pidOf(event, "controller");
    const gamma = scene.header.zone.nodes.gamma.zoneAddress;
    if (pid === undefined) return undefined;
    return withSocket(event, {
      local: "198.18.0.99:40000",
      remote: `${gamma}:${ports.natsClient}`,
      state: "ESTAB",
      pid,
    });
  },
);

const asksOutside = (change: Pick<Change, "name" | "says">, nodes: readonly NodeName[], program: ProgramName): Change =>
  one({ ...change, turns: [], everywhere: ["NET-2"] }, nodes, (event) => {
    const pid = pidOf(event, program);
    const socket = { local: "198.18.0.99:40001", remote: "203.0.113.9:2379", state: "ESTAB" };
    return pid === undefined ? undefined : withSocket(event, { ...socket, pid });
  });

const foreignStore = asksOutside(
  {
    name: "controller-uses-a-store-outside-the-zone",
    says: "the controller is connected to a host that is no part of the zone",
  },
  serviceNodes,
  "controller",
);

const foreignArbiter = asksOutside(
  {
    name: "gate-asks-an-arbiter-outside-the-zone",
    says: "a program of a node that is not the controller is connected to a host that is no part of the zone",
  },
  nodeNames,
  "nats-server",
);

const routeConnectionGone = one(
  { name: "route-connection-gone", says: "a server has no connection on the route port to another", turns: ["NET-3"] },
  nodeNames,
  (event, scene) => {
    const other = nodeNames.find((name) => name !== event.node)!;
    const address = `${scene.header.zone.nodes[other].zoneAddress}:`;
    return { ...event, sockets: event.sockets.filter(({ remote }) => !remote.startsWith(address)) };
  },
);

const scheduler = one(
  { name: "scheduler-runs", says: "a node runs a part of Kubernetes", turns: ["INV-2"] },
  nodeNames,
  (event) => withProcess(event, "kubelet", ["/usr/bin/kubelet"]),
);

const schedulerPort = one(
  { name: "scheduler-port", says: "a node listens on a port of etcd", turns: ["INV-2"] },
  nodeNames,
  (event) => withSocket(event, { local: "127.0.0.1:2379" }),
);

const foreignBind = one(
  {
    name: "foreign-addresses-can-be-bound",
    says: "the kernel lets a node bind an address that it does not have",
    turns: ["DUAL-4"],
  },
  serviceNodes,
  (event) => ({ ...event, sysctls: { ...event.sysctls, "net.ipv4.ip_nonlocal_bind": "1" } }),
);

const vipListed = one(
  {
    name: "inspection-lists-the-vip-twice",
    says: "an inspection finds the VIP on a second node",
    turns: [],
    everywhere: ["NET-5"],
  },
  nodeNames,
  (event, scene) => {
    const { vip } = scene.view.endpoint;
    const hasVip = (one: InspectionEvent) => one.addresses.some(({ address }) => address === vip);
    const isElsewhere = scene.of("inspection").some((at) => Math.abs(at.event.t - event.t) < 5e9 && hasVip(at.event));
    if (hasVip(event) || !isElsewhere) return undefined;
    return { ...event, addresses: [...event.addresses, { interface: "eth1", address: vip }] };
  },
);

/** Two nodes mount one writable file system. */
const sharedMount: Change = {
  name: "two-nodes-share-a-mount",
  kind: "inspections",
  says: "a node mounts a file system that another node mounts too",
  turns: ["STO-5", "INV-1"],
  variants: (scene) =>
    inspectionsOf(scene, nodeNames).flatMap(({ event, index, at }) =>
      ["local", "nfs"].flatMap((kind): Variant[] => {
        const distance = (each: { event: InspectionEvent }) => Math.abs(each.event.t - event.t);
        const [other] = scene
          .of("inspection")
          .filter((each) => each.event.node !== event.node)
          .toSorted((a, b) => distance(a) - distance(b));
        if (!other) return [];
        const device = (place: number) => (kind === "local" ? "7:99" : `0:${900 + place}`);
        const mount = (place: number) => ({
          device: device(place),
          root: "/shared",
          path: "/artifacts",
          type: kind === "local" ? "ext4" : "nfs4",
          source: "store:/shared",
        });
        return [
          {
            at: `${kind}, with ${other.event.node}, ${at}`,
            events: () =>
              scene.edited((each, place) => {
                if (place === index) return { ...event, mounts: [...event.mounts, mount(1)] };
                if (place === other.index) return { ...other.event, mounts: [...other.event.mounts, mount(2)] };
                return each;
              }),
          },
        ];
      }),
    ),
};

export const inspectionChanges: readonly Change[] = [
  strayController,
  withoutVrrp,
  stoppedKeepalived,
  keepalivedOnGamma,
  vrrpOnGamma,
  noKeepalived,
  activeWithoutKeepalived,
  controllerUdp,
  controllerSecond,
  natsWebsocket,
  natsClientPort,
  natsMonitorPort,
  natsUdp,
  foreignListener,
  workerOnGamma,
  remoteServer,
  foreignStore,
  foreignArbiter,
  routeConnectionGone,
  scheduler,
  schedulerPort,
  foreignBind,
  vipListed,
  sharedMount,
];
