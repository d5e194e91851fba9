// Reads a saved history in pieces. A file of any length needs memory for its columns and one piece.

import { closeSync, readSync } from "node:fs";
import { defined } from "#base/defined.ts";
import { openRegular } from "#base/regular-file.ts";
import { HistoryDecoder } from "./codec.ts";
import type { History } from "./event.ts";

/** Name of a history in the folder of its scenario. */
export const historyFile = "history.jsonl";

const pieceBytes = 1 << 20;

/**
 * @param root no part of the path below it may be a link.
 * @throws HarnessError `history/bad-format` naming the line, or what stands there instead of a file.
 */
export function readHistory(path: string, root?: string): History {
  const decoder = new HistoryDecoder();
  const piece = Buffer.allocUnsafe(pieceBytes);
  const file = openRegular(path, { code: "history/bad-format", ...defined({ root }) });
  try {
    for (;;) {
      const bytes = readSync(file, piece, 0, pieceBytes, null);
      if (bytes === 0) return decoder.end();
      decoder.push(piece.subarray(0, bytes));
    }
  } finally {
    closeSync(file);
  }
}
