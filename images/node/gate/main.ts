// The gate program of a service-bearing node: wires the checks, the lease, the heartbeat and the judge, and keeps
// them ticking. Supervised; when it dies, keepalived's track script notices and the node gives the VIP up.

import { nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import { ports } from "#spec/node.ts";
import { readNodeFile, readWord } from "../local/files.ts";
import { log, setLogPrefix } from "../local/log.ts";
import { paths } from "../local/paths.ts";
import { type NatsConnection, connectStore } from "../local/store.ts";
import { Claim } from "./claim.ts";
import { Gates } from "./gates.ts";
import { Judge } from "./judge.ts";
import { Lease, type LeaseStore } from "./lease.ts";
import { PeerBeat } from "./peer-beat.ts";
import { QuorumBeat } from "./quorum-beat.ts";
import { Reach } from "./reach.ts";
import { ensureStreams, leaseStoreOn } from "./streams.ts";
import { Vip } from "./vip.ts";

const tickMs = 250;
const jetstreamLookMs = 500;
const storageLookMs = 1_000;

async function main(): Promise<void> {
  setLogPrefix("gate");
  const node = readNodeFile();
  const { spec, peer } = node;
  if (peer === undefined || node.controlAddress === undefined)
    throw new TypeError(`${node.name} is no service-bearing node`);
  let store: LeaseStore | undefined;
  const lazyStore: LeaseStore = {
    read: async () => (store ?? notYet()).read(),
    write: async (value, revision) => (store ?? notYet()).write(value, revision),
  };
  const lease = spec.lease.isEnabled ? new Lease({ name: node.name, spec: spec.lease, store: lazyStore }) : undefined;
  const vip = new Vip({
    address: node.vip,
    prefix: node.vipPrefix,
    interface: readWord(paths.zoneInterface) ?? "",
    lifetimeS: spec.vipLifetimeS,
    onGone: () => judge.vipGone(),
  });
  const reach = new Reach({
    addresses: node.routes.map((route) => route.address),
    port: ports.natsCluster,
    ...spec.reach,
  });
  const gates = new Gates({ node, vip, reach, lease });
  const beat = new PeerBeat({ own: node.controlAddress, peer: peer.controlAddress, port: ports.peerBeat });
  const judge = new Judge({ node, gates, claim: new Claim(node), vip, peer: beat, lease });
  handleSignals(judge);
  await judge.reset();

  const quorum = new QuorumBeat({ spec, lease, reach, judge });
  every(tickMs, () => {
    judge.tick();
    beat.send(judge.beat);
  });
  every(storageLookMs, () => void gates.storage.look().then(() => judge.tick()));
  every(1_000, () => gates.certificate.look());
  every(jetstreamLookMs, () => void gates.jetstream.look());
  every(spec.reach.intervalMs, () => quorum.beat());
  gates.certificate.look();
  void gates.storage.look();
  await joinStore({ gates, judge, lease, spec, onReady: (nc) => ((store = leaseStoreOn(nc)), quorum.open()) });
}

interface JoinOptions {
  gates: Gates;
  judge: Judge;
  lease: Lease | undefined;
  spec: ReturnType<typeof readNodeFile>["spec"];
  onReady: (nc: NatsConnection) => void;
}

/** Connects for ever, makes the streams, and gives back what a former life of this node may still hold. */
async function joinStore(options: JoinOptions): Promise<void> {
  const nc = await connectStore("gate");
  options.gates.jetstream.watch(nc, () => options.judge.tick());
  void options.gates.jetstream.look();
  await ensureStreams(nc, options.spec);
  options.onReady(nc);
  await options.lease?.release().catch((thrown) => log(`the former lease stays: ${messageOf(thrown)}`));
  log("streams are there");
}

function handleSignals(judge: Judge): void {
  process.on("SIGHUP", () => judge.tick());
  process.on("SIGTERM", () => void judge.stop().finally(() => process.exit(0)));
  process.on("uncaughtException", (error) => {
    log(`ALARM: ${error.stack}`);
    process.exit(1);
  });
}

function every(ms: number, run: () => void): void {
  setInterval(run, ms);
}

function notYet(): never {
  throw new Error("the streams are not there yet");
}

log(`starting at ${nowNs()}`);
main().catch((thrown: unknown) => {
  log(`ALARM: ${messageOf(thrown)}`);
  process.exit(1);
});
