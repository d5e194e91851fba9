// Makes the calls of a load on its session and records each with its end.

import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { nowNs } from "#base/clock.ts";
import type { NodeName } from "#spec/node.ts";
import type { LoadRequest } from "#protocol/commands/client.ts";
import { type Outcome, outcomeNamed } from "#protocol/outcome.ts";
import { Dialer, readCertificates, type Session } from "./dialer.ts";
import type { Details, Operation, OperationLog } from "./operation-log.ts";
import { splitTarget } from "./target.ts";
import { callUnary, type Method, type Reply } from "./unary.ts";

export interface Call<I extends DescMessage, O extends DescMessage> {
  operation: Operation;
  method: Method<I, O>;
  message: MessageShape<I>;
}

export class Caller {
  readonly #log: OperationLog;
  readonly #dialer: Dialer;
  readonly #nodes: Map<string, NodeName>;
  readonly #timeoutMs: number;

  constructor(request: LoadRequest, log: OperationLog) {
    this.#log = log;
    this.#nodes = new Map(Object.entries(request.fingerprints));
    this.#timeoutMs = request.callTimeoutMs;
    this.#dialer = new Dialer({
      ...splitTarget(request.target),
      serverName: request.serverName,
      ...readCertificates(request.certificates),
      connectTimeoutMs: request.connectTimeoutMs,
      handshakeTimeoutMs: request.callTimeoutMs,
    });
  }

  /** Makes the call and records its end. `details` takes from an OK reply what is recorded of it. */
  async call<I extends DescMessage, O extends DescMessage>(
    { operation, method, message }: Call<I, O>,
    details: (reply: MessageShape<O>) => Details,
  ): Promise<Reply<MessageShape<O>>> {
    const { session } = this.#dialer;
    if (!session) {
      const outcome = outcomeNamed("not-connected");
      this.#log.end(operation, outcome);
      return { outcome };
    }
    const sentNs = nowNs();
    const reply: Reply<MessageShape<O>> = await callUnary(session, method, { message, timeoutMs: this.#timeoutMs });
    this.#end(operation, reply.outcome, {
      ...this.#answeredBy(session),
      ...(reply.message ? details(reply.message) : {}),
    });
    // The server sent nothing since this call was sent: it is paused or gone.
    if (isTimeout(reply.outcome) && session.heardNs < sentNs) this.#dialer.drop(session);
    return reply;
  }

  close(): void {
    this.#dialer.close();
  }

  #end(operation: Operation, outcome: Outcome, details: Details): void {
    if (outcome.type === "ok") this.#log.end(operation, outcome, details);
    else this.#log.end(operation, outcome, wasAnswered(outcome) && details.node ? { node: details.node } : {});
  }

  #answeredBy(session: Session): { node?: NodeName } {
    const node = this.#nodes.get(session.fingerprint);
    return node ? { node } : {};
  }
}

function isTimeout(outcome: Outcome): boolean {
  return outcome.type !== "ok" && outcome.error === "call-timeout";
}

/** An RPC code is an answer too, so the node that gave it is recorded. */
function wasAnswered(outcome: Outcome): boolean {
  return outcome.type !== "ok" && outcome.error.startsWith("rpc-");
}
