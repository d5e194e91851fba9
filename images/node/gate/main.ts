// The gate program of a service-bearing node: connects the checks, the lease, the heartbeat and the promoter, and runs
// them on timers. Supervised. When it dies, keepalived's track script notices and the node gives the VIP up.

import { nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import { referencePorts as ports } from "#spec/contract/node-contract.ts";
import { readNodeFile, readWord } from "../local/files.ts";
import { log, setLogPrefix } from "../local/log.ts";
import { paths } from "../local/paths.ts";
import { type NatsConnection, connectStore } from "../local/store.ts";
import { AdvertWatch } from "./advert-watch.ts";
import { Eligibility } from "./eligibility.ts";
import { Gates } from "./gates.ts";
import { Promoter } from "./promoter.ts";
import { Lease, type LeaseStore } from "./lease.ts";
import { PeerBeat } from "./peer-beat.ts";
import { QuorumBeat } from "./quorum-beat.ts";
import { Reach } from "./reach.ts";
import { ensureStreams, leaseStoreOn } from "./streams.ts";
import { Vip } from "./vip.ts";

const tickMs = 250;
const jetstreamCheckMs = 500;
const storageCheckMs = 1_000;

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
  const lease = new Lease({ name: node.name, spec: spec.lease, store: lazyStore });
  const vip = new Vip({
    address: node.vip,
    prefix: node.vipPrefix,
    interface: readWord(paths.zoneInterface) ?? "",
    lifetimeS: spec.vipLifetimeS,
    onGone: () => promoter.vipGone(),
  });
  const reach = new Reach({
    addresses: node.routes.map((route) => route.address),
    port: ports.natsCluster,
    timeoutMs: spec.reach.timeoutMs,
    misses: spec.reach.misses,
  });
  const gates = new Gates({ node, vip, reach, lease });
  const beat = new PeerBeat({ own: node.controlAddress, peer: peer.controlAddress, port: ports.peerBeat });
  const adverts = new AdvertWatch();
  const promoter = new Promoter({ node, gates, eligibility: new Eligibility(node), vip, peer: beat, adverts, lease });
  handleSignals(promoter);
  await promoter.reset();

  const quorum = new QuorumBeat({ spec, lease, reach, promoter });
  every(tickMs, () => {
    promoter.tick();
    beat.send(promoter.beat);
  });
  every(storageCheckMs, () => void gates.storage.check().then(() => promoter.tick()));
  every(1_000, () => gates.certificate.check());
  every(jetstreamCheckMs, () => void gates.jetstream.check());
  every(spec.reach.intervalMs, () => quorum.beat());
  gates.certificate.check();
  void gates.storage.check();
  await joinStore({ gates, promoter, lease, spec, onReady: (nc) => ((store = leaseStoreOn(nc)), quorum.open()) });
}

interface JoinOptions {
  gates: Gates;
  promoter: Promoter;
  lease: Lease;
  spec: ReturnType<typeof readNodeFile>["spec"];
  onReady: (nc: NatsConnection) => void;
}

/** Connects, makes the streams, and releases a lease that this node held before its program was started again. */
async function joinStore(options: JoinOptions): Promise<void> {
  const nc = await connectStore("gate");
  options.gates.jetstream.watch(nc, () => options.promoter.tick());
  void options.gates.jetstream.check();
  await ensureStreams(nc, options.spec);
  options.onReady(nc);
  await options.lease.release().catch((thrown) => log(`the earlier lease stays: ${messageOf(thrown)}`));
  log("the streams exist");
}

function handleSignals(promoter: Promoter): void {
  process.on("SIGHUP", () => promoter.tick());
  process.on("SIGTERM", () => void promoter.stop().finally(() => process.exit(0)));
  process.on("uncaughtException", (error) => {
    log(`ALARM: ${error.stack}`);
    process.exit(1);
  });
}

function every(ms: number, run: () => void): void {
  setInterval(run, ms);
}

function notYet(): never {
  throw new Error("the streams do not exist yet");
}

log(`starting at ${nowNs()}`);
main().catch((thrown: unknown) => {
  log(`ALARM: ${messageOf(thrown)}`);
  process.exit(1);
});
