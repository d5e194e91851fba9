// Reads a saved history in pieces. A file of any length needs memory for its columns and one piece.

import { closeSync, openSync, readSync } from "node:fs";
import { HistoryDecoder } from "./codec.ts";
import type { History } from "./event.ts";

/** Name of a history in the folder of its scenario. */
export const historyFile = "history.jsonl";

const pieceBytes = 1 << 20;

/** @throws HarnessError `history/bad-format` naming the line, or the error of the file system. */
export function readHistory(path: string): History {
  const decoder = new HistoryDecoder();
  const piece = Buffer.allocUnsafe(pieceBytes);
  const file = openSync(path, "r");
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
