// How a call ended: one table from transport and RPC codes to ok, fail (certainly did not happen) and info (may have
// happened). Pure, because the agent and the checkers' tests share it.

/** How a call ended. `error` is the stable name that the history holds. */
export type Outcome = { type: "ok" } | { type: "fail" | "info"; error: OutcomeName };

interface Row {
  type: "fail" | "info";
  means: string;
}

const fail = (means: string): Row => ({ type: "fail", means });
const info = (means: string): Row => ({ type: "info", means });

/**
 * Every name an operation can end with. A row is `fail` only where the server cannot have acted on the request: it was
 * never sent, HTTP/2 says that the stream was not processed, or the server gives the code before it acts. Codes that a
 * server also gives after acting (unavailable, aborted, internal, resource exhausted and others) stay `info`.
 */
export const outcomeTable = {
  "not-connected": fail("No session existed; nothing was sent."),
  "connect-refused": fail("The TCP connection was refused."),
  "connect-timeout": fail("The TCP connection was not answered in time."),
  "host-unreachable": fail("No neighbour answered for the address, or there is no route."),
  "tls-timeout": fail("TCP was answered and the TLS handshake was not."),
  "tls-refused": fail("The TLS handshake failed."),
  "stream-refused": fail("HTTP/2 said that the stream was not processed."),
  "call-timeout": info("Sent, and no answer in time."),
  "connection-lost": info("Sent, and the connection ended before an answer."),
  "stream-reset": info("Sent, and the stream was reset after it may have been acted upon."),
  "bad-reply": info("Sent, and the answer was not one of this protocol."),
  "http-status": info("Sent, and the HTTP status was not 200."),
  "rpc-cancelled": info("RPC code 1."),
  "rpc-unknown": info("RPC code 2, or an unknown code."),
  "rpc-invalid-argument": fail("RPC code 3: refused before anything was done."),
  "rpc-deadline-exceeded": info("RPC code 4."),
  "rpc-not-found": fail("RPC code 5."),
  "rpc-already-exists": fail("RPC code 6: the message id is taken by another payload."),
  "rpc-permission-denied": fail("RPC code 7: refused before anything was done."),
  "rpc-resource-exhausted": info("RPC code 8."),
  "rpc-failed-precondition": fail("RPC code 9: the node refused before it acted, e.g. it is not the active one."),
  "rpc-aborted": info("RPC code 10."),
  "rpc-out-of-range": fail("RPC code 11: refused before anything was done."),
  "rpc-unimplemented": fail("RPC code 12."),
  "rpc-internal": info("RPC code 13."),
  "rpc-unavailable": info("RPC code 14: a server also gives it after acting, when it cannot vouch for the answer."),
  "rpc-data-loss": info("RPC code 15."),
  "rpc-unauthenticated": fail("RPC code 16: refused before anything was done."),
} as const satisfies Record<string, Row>;

export type OutcomeName = keyof typeof outcomeTable;

const rpcNames: readonly OutcomeName[] = [
  "rpc-unknown",
  "rpc-cancelled",
  "rpc-unknown",
  "rpc-invalid-argument",
  "rpc-deadline-exceeded",
  "rpc-not-found",
  "rpc-already-exists",
  "rpc-permission-denied",
  "rpc-resource-exhausted",
  "rpc-failed-precondition",
  "rpc-aborted",
  "rpc-out-of-range",
  "rpc-unimplemented",
  "rpc-internal",
  "rpc-unavailable",
  "rpc-data-loss",
  "rpc-unauthenticated",
];

/** The outcome of a name in the table. */
export function outcomeNamed(error: OutcomeName): Outcome {
  return { type: outcomeTable[error].type, error };
}

/** The outcome of a gRPC status code, 0 to 16. Any other code counts as unknown. */
export function rpcOutcome(code: number): Outcome {
  if (code === 0) return { type: "ok" };
  return outcomeNamed(rpcNames[code] ?? "rpc-unknown");
}

const connectNames: Record<string, OutcomeName> = {
  ECONNREFUSED: "connect-refused",
  ETIMEDOUT: "connect-timeout",
  EHOSTUNREACH: "host-unreachable",
  ENETUNREACH: "host-unreachable",
  EADDRNOTAVAIL: "host-unreachable",
};

/** The outcome of a connection that failed, by errno name. `isTcpUp`: only the TLS handshake was missing. */
export function connectOutcome(code: string, isTcpUp: boolean): Outcome {
  if (isTcpUp) return outcomeNamed(code === "ETIMEDOUT" ? "tls-timeout" : "tls-refused");
  return outcomeNamed(connectNames[code] ?? "connect-refused");
}

/** HTTP/2 error codes after which RFC 9113 section 8.7 allows a retry: the stream was not processed. */
const refusedStream = 7;

/** The outcome of a stream that closed without an answer, by HTTP/2 code and whether its connection closed too. */
export function streamOutcome(http2Code: number, isConnectionLost: boolean): Outcome {
  if (http2Code === refusedStream) return outcomeNamed("stream-refused");
  return outcomeNamed(isConnectionLost ? "connection-lost" : "stream-reset");
}
