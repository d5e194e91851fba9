// Calls Health through the VIP, as an operator's probe on the client host does. Keeps one session, and dials again when
// it is lost.

import type { TLSSocket } from "node:tls";
import { create } from "@bufbuild/protobuf";
import { messageOf } from "#base/errors.ts";
import type { HealthSample, MonitorRequest } from "#protocol/commands/monitor.ts";
import * as bsfg from "../../node/gen/bsfg_pb.ts";
import { Dialer, readCertificates } from "../client/dialer.ts";
import { callUnary } from "../client/unary.ts";
import { contract } from "../namespace/contract.ts";
import { leftDaysOf } from "./node-files.ts";

const health = { name: "Health", input: bsfg.HealthRequestSchema, output: bsfg.HealthResponseSchema };
const connectTimeoutMs = 1_000;

export class HealthCall {
  readonly #request: MonitorRequest;
  readonly #dialer: Dialer;

  constructor(request: MonitorRequest) {
    this.#request = request;
    this.#dialer = new Dialer({
      host: request.vip,
      port: request.rpcPort,
      serverName: request.serverName,
      ...readCertificates(request.certificates),
      connectTimeoutMs,
      handshakeTimeoutMs: connectTimeoutMs,
    });
  }

  async ask(timeoutMs: number): Promise<HealthSample> {
    const { session } = this.#dialer;
    if (!session) return { error: this.#dialer.lastError ?? "not connected yet" };
    const node = this.#request.fingerprints[session.fingerprint] ?? null;
    const { valid_to: validTo } = (session.http2.socket as TLSSocket).getPeerCertificate();
    const served = { node, ...(validTo ? { leftDays: leftDaysOf(validTo) } : {}) };
    if (contract.health !== "rpc") return { ...served, ...(await this.#otherWay(timeoutMs)) };
    const { outcome, message } = await callUnary(session, health, {
      message: create(bsfg.HealthRequestSchema),
      timeoutMs,
    });
    if (outcome.type === "ok" && message) {
      const closedGates = message.gates.filter((gate) => !gate.isOpen).map((gate) => gate.name);
      return { ...served, isActive: message.isActive, closedGates };
    }
    // A silent session may belong to a node that is gone. The next sample then asks the node that has the VIP.
    this.#dialer.drop(session);
    return { ...served, error: outcome.type === "ok" ? "an empty answer" : outcome.error };
  }

  /** A node whose health is asked in another way, or not at all. The session shows which node answers. */
  async #otherWay(timeoutMs: number): Promise<HealthSample> {
    const { healthHttp } = contract;
    if (!healthHttp) return { isAsked: false };
    const { port, path } = healthHttp;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const { status } = await fetch(`http://${this.#request.vip}:${port}${path}`, { signal });
      return status >= 200 && status < 300 ? { isActive: true, closedGates: [] } : { error: `HTTP status ${status}` };
    } catch (error) {
      return { error: messageOf(error) };
    }
  }

  close(): void {
    this.#dialer.close();
  }
}
