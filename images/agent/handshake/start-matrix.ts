// Starts the matrix as a child process and passes its events on.

import type { HistoryEvent } from "#history/event.ts";
import type { HandshakeCounts, HandshakesRequest } from "#protocol/commands/network.ts";
import { follow } from "../namespace/programs.ts";
import type { MatrixLine } from "./matrix.ts";

/** @throws the child's error, or when it ends without a result */
export async function tryHandshakes(
  request: HandshakesRequest,
  emit: (event: HistoryEvent) => void,
): Promise<HandshakeCounts> {
  let result: { value: HandshakeCounts } | { error: string } | undefined;
  const argv = [process.execPath, process.argv[1]!, "handshake-child", JSON.stringify(request)];
  const child = follow(argv, (text) => {
    const line = JSON.parse(text) as MatrixLine;
    if ("event" in line) emit(line.event);
    else result = line;
  });
  const timer = setTimeout(child.stop, request.timeoutMs);
  const end = await child.ended;
  clearTimeout(timer);
  if (!result) throw new Error(`the handshakes gave no result: ${end}`);
  if ("error" in result) throw new Error(result.error);
  return result.value;
}
