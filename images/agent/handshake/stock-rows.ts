// Rows that two stock clients try. An endpoint must serve any gRPC or Connect client with a certificate and none
// without; our own implementation alone would not show that. They choose what they offer, so the permissive server is
// not asked first. The other rows call in Connect's JSON form, so a wrong identity calls by gRPC here: a zone may have
// another handler for it.

import { createRequire } from "node:module";
import { create, toBinary } from "@bufbuild/protobuf";
import { nowNs, wallMs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import type { HandshakeEvent } from "#history/event.ts";
import * as bsfg from "../../node/gen/bsfg_pb.ts";
import type { callByConnect, callByGrpc, StockCall, StockEnd } from "../stock/main.ts";
import type { Means, Place } from "./attempt.ts";

interface Stock {
  callByGrpc: typeof callByGrpc;
  callByConnect: typeof callByConnect;
}

/** It is beside agent.cjs in the image. */
const bundle = "./stock.cjs";

/** One row after the other. The rows that must be refused come first, so that a served row follows a refusal. */
export async function tryStockClients(
  target: { place: Place; serverName: string; words: string },
  means: Means,
  emit: (event: HandshakeEvent) => void,
): Promise<number> {
  const stock = createRequire(process.argv[1]!)(bundle) as Stock;
  const clients = { "grpc-js": stock.callByGrpc, undici: stock.callByConnect };
  const call: StockCall = { ...target.place, serverName: target.serverName, ca: means.ca, timeoutMs: means.timeoutMs };
  let rows = 0;
  const tell = (row: string, offered: Offered, end: StockEnd): void => {
    // They choose the versions that they offer.
    emit({
      t: nowNs(),
      type: "handshake",
      row,
      target: target.words,
      offered: { versions: ["any", "any"], ...offered },
      ...end,
    });
    rows += 1;
  };
  const tryHealth = async (certificate: string): Promise<void> => {
    for (const [name, ask] of Object.entries(clients))
      tell(
        `stock ${name} ${certificate}`,
        { certificate },
        await ask({ ...call, ...defined({ own: means.certificates[certificate] }) }),
      );
  };
  await tryHealth("none");
  for (const certificate of ["other-zone", "no-zone"])
    for (const { rpc, as } of foreignCalls(target.serverName)) {
      const own = means.certificates[certificate]!;
      tell(
        `stock grpc-js ${certificate} ${rpc.name}`,
        { certificate, ...as },
        await stock.callByGrpc({ ...call, own, rpc }),
      );
    }
  await tryHealth("right");
  return rows;
}

type Offered = Pick<HandshakeEvent["offered"], "certificate" | "fromZone" | "call">;

/** An append in the name of the zone, and a read. */
function foreignCalls(zoneId: string): { rpc: NonNullable<StockCall["rpc"]>; as: Omit<Offered, "certificate"> }[] {
  const messageId = `handshake-grpc-${nowNs()}`;
  const envelope = { messageId, fromZone: zoneId, toZone: zoneId, producedAtUnixMs: BigInt(Math.round(wallMs())) };
  const fact = { subject: "handshake", predicate: "tried", objectJson: "{}" };
  const append = toBinary(bsfg.AppendFactRequestSchema, create(bsfg.AppendFactRequestSchema, { envelope, fact }));
  const reading = create(bsfg.FetchFactsRequestSchema, { consumerName: "handshake", limit: 1 });
  return [
    { rpc: { name: "AppendFact", request: append }, as: { fromZone: zoneId } },
    {
      rpc: { name: "FetchFacts", request: toBinary(bsfg.FetchFactsRequestSchema, reading) },
      as: { call: "FetchFacts" },
    },
  ];
}
