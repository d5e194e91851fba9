// Role "transfer": moves one stream between a node's server and our stdin or stdout, then ends. The request is the
// argument after the role; the answer is the last line of stderr. It keeps no file.

import { writeSync } from "node:fs";
import { messageOf } from "#base/errors.ts";
import type { TransferAnswer, TransferRequest } from "#protocol/transfer.ts";
import { putStream } from "./put-stream.ts";
import { takeStream } from "./take-stream.ts";

export async function serveTransfer(): Promise<void> {
  const request = JSON.parse(process.argv[3] ?? "{}") as TransferRequest;
  let answer: TransferAnswer;
  try {
    const value =
      request.do === "take-stream"
        ? await takeStream(request, process.stdout)
        : await putStream(request, process.stdin);
    answer = { value };
  } catch (error) {
    answer = { error: messageOf(error) };
  }
  writeSync(2, `${JSON.stringify(answer)}\n`);
  process.exit("value" in answer ? 0 : 1);
}
