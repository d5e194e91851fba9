// Runs the matrix row by row: first against our own permissive server; then, if that saw the row offered, against the
// target. It is a child process of the actuator, so that hundreds of handshakes block nothing else.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { messageOf } from "#base/errors.ts";
import type { AttemptEvent, HandshakeEvent, HelloEvent } from "#history/event.ts";
import type { HandshakeCounts, HandshakesRequest } from "#protocol/commands/network.ts";
import { attempt, type Means, type Place, type Result } from "./attempt.ts";
import { everySuite, openPermissiveServer, type PermissiveServer } from "./permissive-server.ts";
import { hellos, tryHello } from "./hello.ts";
import { type Call, type Row, rowsOf } from "./rows.ts";
import { tryStockClients } from "./stock-rows.ts";

export type MatrixLine =
  | { event: HandshakeEvent | AttemptEvent | HelloEvent }
  | { value: HandshakeCounts }
  | { error: string };

function send(line: MatrixLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Entry of the child: `node agent.cjs handshake-child REQUEST`. */
export async function runHandshakeChild(): Promise<void> {
  try {
    send({ value: await tryAll(JSON.parse(process.argv[3] ?? "{}") as HandshakesRequest) });
  } catch (thrown) {
    send({ error: messageOf(thrown) });
  }
  process.exitCode = 0;
}

async function tryAll(request: HandshakesRequest): Promise<HandshakeCounts> {
  using permissive = await openPermissiveServer();
  const ciphers = request.rows === "all" ? await everySuite() : [];
  const means: Means = {
    ca: readFileSync(request.ca),
    certificates: Object.fromEntries(
      Object.entries(request.certificates).map(([name, paths]) => [
        name,
        { certificate: readFileSync(paths.certificate), key: readFileSync(paths.key) },
      ]),
    ),
    timeoutMs: request.rowTimeoutMs,
  };
  const rows = rowsOf(request, ciphers);
  let notOfferable = 0;
  for (const row of rows) {
    const isOfferable = await isSeenOffered(permissive, row, means);
    if (!isOfferable) notOfferable += 1;
    const result: Result | undefined = isOfferable ? await attempt(placeOf(request.target), row, means) : undefined;
    send({ event: eventOf(row, request.target, result) });
  }
  const target = { place: placeOf(request.target), serverName: request.zoneId, words: request.target };
  const stock = request.rows === "all" ? await tryStockClients(target, means, (event) => send({ event })) : 0;
  for (const kind of hellos) send({ event: await tryHello(target.place, kind, request.rowTimeoutMs) });
  for (const other of request.elsewhere) send({ event: await tryTcp(other, request.rowTimeoutMs) });
  return { rows: rows.length + stock, notOfferable };
}

/** True when our own server accepted what the row offers and saw the certificate that it names. */
async function isSeenOffered(permissive: PermissiveServer, row: Row, means: Means): Promise<boolean> {
  if (row.versions === undefined) return (await attempt(permissive.plain, row, means)).outcome === "served";
  const { outcome, version, cipher, body } = await attempt(permissive.tls, row, means);
  if (outcome !== "served" || (row.cipher !== undefined && cipher !== row.cipher)) return false;
  // A suite with a shared key, or without authentication, asks for no client certificate.
  if (row.cipher !== undefined) return true;
  return version === row.versions[1] && body?.seen === fingerprintOf(means, row.certificate);
}

function fingerprintOf(means: Means, name: string): string {
  const pair = means.certificates[name];
  if (!pair && name !== "none") throw new Error(`no certificate "${name}" was given`);
  return pair ? new X509Certificate(pair.certificate).fingerprint256.replaceAll(":", "").toLowerCase() : "none";
}

function eventOf(row: Row, target: string, result: Result | undefined): HandshakeEvent {
  const gate = result?.outcome === "served" ? result.body?.gates?.find((one) => one.name === "certificate") : undefined;
  return {
    t: nowNs(),
    type: "handshake",
    row: row.row,
    target,
    offered: {
      versions: row.versions ?? ["none", "none"],
      ...defined({ ciphers: row.cipher }),
      certificate: row.certificate,
      ...nameOf(row.call),
    },
    outcome: result?.outcome ?? "not-offerable",
    // A connection that ended early has no protocol version.
    ...defined({ version: result?.version || undefined, cipher: result?.cipher, error: result?.error }),
    ...defined({ server: result?.server }),
    // proto3's JSON omits false and empty values.
    ...(gate ? { certificateGate: { isOpen: gate.isOpen === true, why: gate.why ?? "" } } : {}),
  };
}

function nameOf(call: Call): { fromZone?: string; call?: string } {
  if (call.name === "AppendFact") return { fromZone: call.fromZone };
  return call.name === "Health" ? {} : { call: call.name };
}

function placeOf(target: string): Place {
  const colon = target.lastIndexOf(":");
  return { host: target.slice(0, colon), port: Number(target.slice(colon + 1)) };
}

function tryTcp(target: string, timeoutMs: number): Promise<AttemptEvent> {
  return new Promise((resolve) => {
    const socket = connect(placeOf(target));
    const end = (outcome: AttemptEvent["outcome"]) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ t: nowNs(), type: "attempt", from: "client", target, outcome });
    };
    const timer = setTimeout(() => end("timeout"), timeoutMs);
    socket.once("connect", () => end("connected"));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      end(error.code === "ECONNREFUSED" ? "refused" : "unreachable"),
    );
  });
}
