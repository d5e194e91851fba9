// The rows that clients of other make try: that the endpoint is served to whoever speaks gRPC or Connect, and to nobody
// without a certificate, is not to rest on our own reading of either. Not offered to the permissive server: they choose
// what they offer.

import { createRequire } from "node:module";
import { nowNs } from "#base/clock.ts";
import type { HandshakeEvent } from "#history/event.ts";
import type { callByConnect, callByGrpc, StockCall } from "../stock/main.ts";
import type { Means, Place } from "./attempt.ts";

interface Stock {
  callByGrpc: typeof callByGrpc;
  callByConnect: typeof callByConnect;
}

/** Beside agent.cjs in the image. */
const bundle = "./stock.cjs";

/**
 * One row after the other, those without a certificate first: the endpoint must serve others before and after a
 * refusal.
 */
export async function tryStockClients(
  target: { place: Place; serverName: string; words: string },
  means: Means,
  tell: (event: HandshakeEvent) => void,
): Promise<number> {
  const stock = createRequire(process.argv[1]!)(bundle) as Stock;
  const clients = { "grpc-js": stock.callByGrpc, undici: stock.callByConnect };
  const call: StockCall = { ...target.place, serverName: target.serverName, ca: means.ca, timeoutMs: means.timeoutMs };
  let rows = 0;
  for (const certificate of ["none", "right"])
    for (const [name, ask] of Object.entries(clients)) {
      const own = means.certificates[certificate];
      const end = await ask({ ...call, ...(own ? { own } : {}) });
      tell({
        t: nowNs(),
        type: "handshake",
        row: `stock ${name} ${certificate}`,
        target: target.words,
        // What they offer of versions is theirs to choose.
        offered: { versions: ["any", "any"], certificate },
        ...end,
      });
      rows += 1;
    }
  return rows;
}
