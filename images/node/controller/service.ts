// The service's routes. Every call but Health looks at the lease before it acts and again before it answers: a node
// that was frozen in between must not speak as the active one.

import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import type { NodeFile } from "#topology/render-node.ts";
import { BsfgService } from "../gen/bsfg_pb.ts";
import { isLeaseValid, readHealth } from "../local/files.ts";
import { type NatsConnection, StoreRefusal } from "../local/store.ts";
import { Artifacts } from "./artifacts.ts";
import { Cursors, ForgetfulCursors } from "./cursors.ts";
import type { Call } from "./call.ts";
import { Facts } from "./facts.ts";
import { peerNamesKey } from "./peer.ts";

/** Longest a call waits for the store when the caller gave no deadline: an election takes up to about 9 s. */
const callMaxMs = 10_000;

export function routesOf(parts: { node: NodeFile; nc: NatsConnection }): (router: ConnectRouter) => void {
  const { node, nc } = parts;
  const facts = new Facts(nc);
  const cursors = node.spec.keepsCursors ? new Cursors(nc) : new ForgetfulCursors();
  const artifacts = new Artifacts();
  return (router) =>
    router.service(BsfgService, {
      appendFact: (request, context) =>
        whileActive(async () => ({ offset: BigInt(await facts.append(request, callOf(context))) })),
      fetchFacts: (request, context) =>
        whileActive(async () => {
          const call = callOf(context);
          const offset = await cursors.read(request.consumerName, call.untilNs);
          return {
            facts: await facts.page({ after: offset, limit: request.limit, consumer: request.consumerName }, call),
          };
        }),
      confirmReceipt: (request, context) =>
        whileActive(async () => {
          const call = callOf(context);
          const last = await facts.lastOffset(call);
          if (Number(request.offset) > last) throw new ConnectError(`the last offset is ${last}`, Code.OutOfRange);
          return { offset: BigInt(await cursors.advance(request.consumerName, Number(request.offset), call.untilNs)) };
        }),
      putObject: (request) => whileActive(() => artifacts.put(request)),
      getObject: (request) => whileActive(() => artifacts.get(request)),
      health: () => healthOf(node.name),
    });
}

function callOf(context: HandlerContext): Call {
  const leftMs = Math.min(context.timeoutMs() ?? callMaxMs, callMaxMs);
  return { names: context.values.get(peerNamesKey), untilNs: Number(process.hrtime.bigint()) + leftMs * 1e6 };
}

async function whileActive<T>(act: () => Promise<T>): Promise<T> {
  // Definite: nothing was done.
  if (!isLeaseValid()) throw new ConnectError("this node is not active", Code.FailedPrecondition);
  const answer = await act().catch((thrown: unknown) => {
    throw asConnectError(thrown);
  });
  // Indefinite: it was done, and this node may no longer say so.
  if (!isLeaseValid()) throw new ConnectError("this node stopped being active during the call", Code.Unavailable);
  return answer;
}

/** A refusal of the store and a silence of the store both leave open what happened. */
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
