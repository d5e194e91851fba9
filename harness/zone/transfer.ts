// One stream of the store between a node and a place of ours, through a process of the agent whose stdout or stdin is the
// bytes (protocol/transfer.ts). The harness opens no socket to a zone, and nothing is kept in the agent.

import { PassThrough, type Readable, type Writable } from "node:stream";
import { text as readText } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import type { TransferAnswer, TransferRequest } from "#protocol/transfer.ts";

/** One of the two: where the bytes go, or where they come from. */
export type TransferEnd = { to: Writable } | { from: Readable };

export interface Agent {
  docker: Docker;
  container: Docker.Container;
}

/**
 * Runs one transfer to its end.
 *
 * @throws HarnessError `agent/refused` with what the server or the agent said; `wait/timeout` after `deadlineMs`.
 */
export async function transfer<T>(
  agent: Agent,
  request: TransferRequest,
  options: TransferEnd & { deadlineMs: number },
): Promise<T> {
  const isUpload = "from" in options;
  const exec = await agent.container.exec({
    Cmd: ["node", "/opt/triad/agent.cjs", "transfer", JSON.stringify(request)],
    AttachStdin: isUpload,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: isUpload });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  agent.docker.modem.demuxStream(stream, stdout, stderr);
  const end = () => (stdout.end(), stderr.end());
  stream.on("end", end).on("close", end).on("error", end);
  if (isUpload) stdout.resume();
  const moved = isUpload ? feed(options.from, stream) : pipeline(stdout, options.to);
  try {
    const [told] = await withDeadline(Promise.all([readText(stderr), moved]), {
      what: `${request.do} ${request.stream} to end`,
      deadlineMs: options.deadlineMs,
    });
    return answerIn<T>(told);
  } finally {
    stream.destroy();
  }
}

/** An agent that refuses early closes the stream; what it said is then worth more than the broken pipe. */
async function feed(from: Readable, stream: Writable): Promise<void> {
  await pipeline(from, stream).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}

function answerIn<T>(told: string): T {
  const last = told.trim().split("\n").at(-1) ?? "";
  let answer: TransferAnswer;
  try {
    answer = JSON.parse(last) as TransferAnswer;
  } catch {
    throw new HarnessError("agent/refused", `transfer: it ended without an answer: ${last.slice(-200)}`);
  }
  if ("error" in answer) throw new HarnessError("agent/refused", `transfer: ${answer.error}`);
  return answer.value as T;
}
