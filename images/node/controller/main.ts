// The controller of the active node: the four BSFG calls, the artifact read side and health, over gRPC and Connect on
// one port with mutual TLS, bound to the VIP only. It refuses to start unless this node may serve now, even when an
// operator starts it. The supervisor takes care that only the promotion flow starts it.

import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { messageOf } from "#base/errors.ts";
import { notAllowedCode, whyNotAllowed } from "../local/admission.ts";
import { readNodeFile, replaceFile } from "../local/files.ts";
import { log, setLogPrefix } from "../local/log.ts";
import { paths } from "../local/paths.ts";
import { connectStore } from "../local/store.ts";
import { appendCalls } from "./append-call.ts";
import { Artifacts } from "./artifacts.ts";
import { OwnLog } from "./exchange/logs.ts";
import { exchangeWith } from "./exchange/start.ts";
import { callersOf } from "./peer.ts";
import { appendOf, routesOf } from "./service.ts";
import { endpointTls } from "./tls.ts";

/** Exit code, for the supervisor's log. */
const cannotBindCode = 98;

function leave(code: number, why: string): never {
  log(why);
  process.exit(code);
}

async function main(): Promise<void> {
  setLogPrefix("controller");
  const refusal = whyNotAllowed();
  if (refusal !== "") leave(notAllowedCode, `not started: ${refusal}`);
  const node = readNodeFile();
  const pem = (name: string) => readFileSync(`${paths.certificates}/${name}`);
  const nc = await connectStore("controller");
  const { peerZone } = node;
  const parts = { node, nc, artifacts: new Artifacts(), ownLog: new OwnLog(nc) };
  const exchange = peerZone && exchangeWith(peerZone, parts);
  const peer = peerZone && { zoneId: peerZone.zoneId, ca: pem("peer-ca.crt"), ownCa: pem("ca.crt") };
  const contextValues = callersOf(peer);
  const others = connectNodeAdapter({ routes: routesOf({ ...parts, copies: exchange?.copies }), contextValues });
  const calls = appendCalls({ append: appendOf(nc, node.zoneId), contextValues, others });
  const server = createSecureServer(
    {
      allowHTTP1: true,
      ...endpointTls,
      key: pem("server.key"),
      cert: pem("server.crt"),
      ca: [pem("ca.crt"), ...(peer ? [peer.ca] : [])],
    },
    calls,
  );
  server.on("error", (error: NodeJS.ErrnoException) => {
    replaceFile(paths.bind, `failed ${error.code ?? error.message}`);
    leave(cannotBindCode, `ALARM: cannot bind ${node.vip}:${node.rpcPort}: ${error.message}`);
  });
  // A broken handshake or connection concerns that client only.
  for (const event of ["sessionError", "tlsClientError"]) server.on(event, () => {});
  // Unfinished answers die with the process: the client sees a broken call, never two controllers.
  process.on("SIGTERM", () => process.exit(0));
  server.listen({ host: node.vip, port: node.rpcPort, exclusive: true }, () => {
    replaceFile(paths.bind, "bound");
    log(`listening on ${node.vip}:${node.rpcPort}`);
    void exchange?.puller.run();
  });
}

main().catch((thrown: unknown) => leave(1, `ALARM: ${messageOf(thrown)}`));
