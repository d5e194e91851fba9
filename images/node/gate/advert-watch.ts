// When keepalived last received an advert of the peer node, by its own statistics. A packet filter may drop VRRP alone:
// then the heartbeat still arrives on the same segment, and only this tells that the adverts do not.

import { readFileSync } from "node:fs";
import { paths } from "../local/paths.ts";
import { readWord } from "../local/files.ts";

/** "    Received: 300" below "Advertisements:", the first count of the file. */
const receivedShape = /Advertisements:\s+Received: (\d+)/;

/** The count in a statistics file of keepalived; undefined in a file that is being written. */
export function receivedIn(text: string): number | undefined {
  const match = receivedShape.exec(text);
  return match ? Number(match[1]) : undefined;
}

/** keepalived counts adverts in BACKUP and MASTER. In FAULT it ignores them. */
export class AdvertWatch {
  readonly #read: () => string | undefined;
  readonly #ask: () => void;
  #received: number | undefined;
  /** When the count was last seen to change, or when the node last began to listen. */
  heardNs = Number.NEGATIVE_INFINITY;

  constructor(read = readStatistics, ask = askForStatistics) {
    this.#read = read;
    this.#ask = ask;
  }

  /** Reads what the last call asked for, and asks again. */
  look(nowNs: number, role: string): void {
    if (role !== "BACKUP") {
      this.#received = undefined;
      this.heardNs = nowNs;
      return;
    }
    const received = receivedIn(this.#read() ?? "");
    if (received !== undefined && received !== this.#received) {
      this.#received = received;
      this.heardNs = nowNs;
    }
    this.#ask();
  }
}

function readStatistics(): string | undefined {
  try {
    return readFileSync(paths.vrrpStatistics, "utf8");
  } catch {
    return undefined; // not written yet
  }
}

/** keepalived(8): SIGUSR2 writes the statistics. */
function askForStatistics(): void {
  const pid = Number(readWord(paths.vrrpPid));
  if (!(pid > 1)) return;
  try {
    process.kill(pid, "SIGUSR2");
  } catch {
    // It has just ended; its finish script says so.
  }
}
