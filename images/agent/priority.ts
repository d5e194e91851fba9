// Puts this process before the other programs of the client host, such as a hundred handshakes: a call that was not made says
// nothing of the zone. The container weighs more than a node's by itself.

import { setPriority } from "node:os";

const priority = -10;

/** Never throws: without the right to it the role is served all the same, and what comes late is seen to. */
export function goBefore(): void {
  try {
    setPriority(priority);
  } catch (error) {
    process.stderr.write(`priority could not be raised: ${String(error)}\n`);
  }
}
