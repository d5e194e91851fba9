// Rows that two stock clients try. An endpoint must serve any gRPC or Connect client with a certificate and none
// without; our own implementation alone would not show that. They choose what they offer, so the permissive server is
// not asked first.

import { createRequire } from "node:module";
import { nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import type { HandshakeEvent } from "#history/event.ts";
import type { callByConnect, callByGrpc, StockCall } from "../stock/main.ts";
import type { Means, Place } from "./attempt.ts";

interface Stock {
  callByGrpc: typeof callByGrpc;
  callByConnect: typeof callByConnect;
}

/** It is beside agent.cjs in the image. */
const bundle = "./stock.cjs";

/** One row after the other. The rows without a certificate come first, so that a served row follows a refusal. */
export async function tryStockClients(
  target: { place: Place; serverName: string; words: string },
  means: Means,
  emit: (event: HandshakeEvent) => void,
): Promise<number> {
  const stock = createRequire(process.argv[1]!)(bundle) as Stock;
  const clients = { "grpc-js": stock.callByGrpc, undici: stock.callByConnect };
  const call: StockCall = { ...target.place, serverName: target.serverName, ca: means.ca, timeoutMs: means.timeoutMs };
  let rows = 0;
  for (const certificate of ["none", "right"])
    for (const [name, ask] of Object.entries(clients)) {
      const own = means.certificates[certificate];
      const end = await ask({ ...call, ...defined({ own }) });
      emit({
        t: nowNs(),
        type: "handshake",
        row: `stock ${name} ${certificate}`,
        target: target.words,
        // They choose the versions that they offer.
        offered: { versions: ["any", "any"], certificate },
        ...end,
      });
      rows += 1;
    }
  return rows;
}
