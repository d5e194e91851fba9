// The service's routes. Every call except Health checks the lease before it acts and again before it answers: a node
// that was frozen in between must not answer as the active one.

import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { nowNs } from "#base/clock.ts";
import type { NodeFile } from "#topology/render-node.ts";
import { BsfgService } from "../gen/bsfg_pb.ts";
import { isLeaseValid, readHealth } from "../local/files.ts";
import { type NatsConnection, StoreRefusal } from "../local/store.ts";
import type { AppendContext, AppendParts } from "./append-call.ts";
import type { Artifacts } from "./artifacts.ts";
import { Cursors } from "./cursors.ts";
import type { Call } from "./call.ts";
import { Facts, leftMs } from "./facts.ts";
import type { ArtifactCopies } from "./exchange/artifact-copies.ts";
import { type OwnLog, zoneOfReader } from "./exchange/logs.ts";
import { PeerPages } from "./exchange/peer-pages.ts";
import { callerKey } from "./peer.ts";

/** Longest a call waits for the store when the caller gave no deadline: an election takes up to about 9 s. */
const callMaxMs = 10_000;

export interface ServiceParts {
  node: NodeFile;
  nc: NatsConnection;
  artifacts: Artifacts;
  ownLog: OwnLog;
  /** Fetches a missing artifact from the peer zone; absent in a zone without a peer. */
  copies?: ArtifactCopies | undefined;
}

/** AppendFact itself, for both handlers. */
export function appendOf(nc: NatsConnection, zoneId: string): AppendParts["append"] {
  const facts = new Facts(nc);
  return (request, context) =>
    whileActive(async () => ({ offset: BigInt(await facts.append(request, ofThisZone(callOf(context, zoneId)))) }));
}

export function routesOf(parts: ServiceParts): (router: ConnectRouter) => void {
  const { node, nc, artifacts, ownLog, copies } = parts;
  const facts = new Facts(nc);
  const cursors = new Cursors(nc);
  const peerPages = new PeerPages(nc);
  return (router) =>
    router.service(BsfgService, {
      appendFact: appendOf(nc, node.zoneId),
      fetchFacts: (request, context) =>
        whileActive(async () => {
          const call = callOf(context, node.zoneId);
          const consumer = readerOf(request.consumerName, call);
          const after = await cursors.read(consumer, call.untilNs);
          const page = { after, limit: request.limit, consumer };
          return {
            facts: await (call.isPeer ? peerPages : facts).page(page, call),
            logId: await ownLog.id(leftMs(call)),
          };
        }),
      confirmReceipt: (request, context) =>
        whileActive(async () => {
          const call = callOf(context, node.zoneId);
          readerOf(request.consumerName, call);
          const last = await facts.lastOffset(call);
          if (Number(request.offset) > last) throw new ConnectError(`the last offset is ${last}`, Code.OutOfRange);
          return { offset: BigInt(await cursors.advance(request.consumerName, Number(request.offset), call.untilNs)) };
        }),
      putObject: (request, context) =>
        whileActive(() => {
          ofThisZone(callOf(context, node.zoneId));
          return artifacts.put(request);
        }),
      // A request of the peer is never passed back to the peer. Otherwise two zones without the artifact would ask each
      // other forever.
      getObject: (request, context) =>
        whileActive(() => {
          const { isPeer } = callOf(context, node.zoneId);
          return (copies && !isPeer ? copies : artifacts).get(request);
        }),
      health: () => healthOf(node.name),
    });
}

/** @throws ConnectError PermissionDenied for a caller that is neither this zone nor its peer. */
function callOf(context: AppendContext, zoneId: string): Call {
  const waitMs = Math.min(context.timeoutMs() ?? callMaxMs, callMaxMs);
  const caller = context.values.get(callerKey);
  if (caller.isPeer && caller.names.length === 0) throw refused("the peer's authority certifies the peer only");
  if (!caller.isPeer && !caller.names.includes(zoneId)) throw refused("the caller is not of this zone");
  return { ...caller, untilNs: nowNs() + waitMs * 1e6 };
}

/** A peer zone pulls and writes nothing here. */
function ofThisZone(call: Call): Call {
  if (call.isPeer) throw refused("a peer zone reads and does not write");
  return call;
}

/** Only the zone itself reads under its own name, because cursors never go back. */
function readerOf(consumerName: string, call: Call): string {
  const zone = zoneOfReader(consumerName);
  if (call.isPeer ? zone === undefined || !call.names.includes(zone) : zone !== undefined)
    throw refused(`the caller may not read as ${consumerName}`);
  return consumerName;
}

function refused(why: string): ConnectError {
  return new ConnectError(why, Code.PermissionDenied);
}

async function whileActive<T>(act: () => Promise<T>): Promise<T> {
  // Definite: nothing was done.
  if (!isLeaseValid()) throw new ConnectError("this node is not active", Code.FailedPrecondition);
  const answer = await act().catch((thrown: unknown) => {
    throw asConnectError(thrown);
  });
  // Indefinite: the call was done, but this node may no longer answer.
  if (!isLeaseValid()) throw new ConnectError("this node stopped being active during the call", Code.Unavailable);
  return answer;
}

/** After a refusal or a silence of the store it is unknown what happened. These codes say so. */
function asConnectError(thrown: unknown): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  if (thrown instanceof StoreRefusal) return new ConnectError(`store: ${thrown.message}`, Code.Unavailable);
  const code = (thrown as { code?: string }).code;
  if (code === "TIMEOUT") return new ConnectError("the store did not acknowledge in time", Code.DeadlineExceeded);
  return new ConnectError(`store: ${code ?? String(thrown)}`, Code.Unavailable);
}

function healthOf(node: string): {
  node: string;
  isActive: boolean;
  gates: { name: string; isOpen: boolean; why: string }[];
} {
  const health = readHealth();
  const gates = (health?.gates ?? []).map(({ name, isOpen, why }) => ({ name, isOpen, why }));
  return { node, isActive: health?.isActive === true && isLeaseValid(), gates };
}
