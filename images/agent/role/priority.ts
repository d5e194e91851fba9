// Puts this process before the other programs of the client host, for example a hundred handshakes: a call that was not
// made says nothing about the zone. The container itself weighs more than a node's.

import { setPriority } from "node:os";

const priority = -10;

/** Never throws. Without permission the role is served all the same; lateness is detected elsewhere. */
export function raisePriority(): void {
  try {
    setPriority(priority);
  } catch (error) {
    process.stderr.write(`priority could not be raised: ${String(error)}\n`);
  }
}
