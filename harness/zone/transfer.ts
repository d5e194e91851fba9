// Copies one JetStream stream between a node and a local file. An agent process carries the bytes on its stdin or
// stdout (protocol/transfer.ts). The harness opens no socket to a zone, and the agent keeps nothing.

import type { Readable, Writable } from "node:stream";
import { text as readText } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import type { TransferAnswer, TransferName, TransferReply, TransferRequest } from "#protocol/transfer.ts";
import { type InContainer, startProgram } from "./exec.ts";

/** `to`: where the bytes go. `from`: where they come from. */
export type TransferOptions = ({ to: Writable } | { from: Readable }) & { deadlineMs: number };

/**
 * Runs one transfer to its end.
 *
 * @throws HarnessError `agent/refused` with what the server or the agent said; `wait/timeout` after `deadlineMs`.
 */
export async function transfer<Name extends TransferName>(
  agent: InContainer,
  request: TransferRequest<Name>,
  options: TransferOptions,
): Promise<TransferReply<Name>> {
  const isUpload = "from" in options;
  const argv = ["node", "/opt/triad/agent.cjs", "transfer", JSON.stringify(request)];
  const { stream, stdout, stderr } = await startProgram(agent, argv, isUpload);
  if (isUpload) stdout.resume();
  const moved = isUpload ? upload(options.from, stream) : pipeline(stdout, options.to);
  try {
    const [said] = await withDeadline(Promise.all([readText(stderr), moved]), {
      what: `${request.do} ${request.stream} to end`,
      deadlineMs: options.deadlineMs,
    });
    return answerIn(said) as TransferReply<Name>;
  } finally {
    stream.destroy();
  }
}

/** An agent that refuses early closes the stream. Its answer says more than the broken pipe. */
async function upload(from: Readable, stream: Writable): Promise<void> {
  await pipeline(from, stream).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}

function answerIn(said: string): TransferReply {
  const last = said.trim().split("\n").at(-1) ?? "";
  let answer: TransferAnswer;
  try {
    answer = JSON.parse(last) as TransferAnswer;
  } catch {
    throw new HarnessError("agent/refused", `the transfer ended without an answer: ${last.slice(-200)}`);
  }
  if ("error" in answer) throw new HarnessError("agent/refused", `transfer: ${answer.error}`);
  return answer.value;
}
