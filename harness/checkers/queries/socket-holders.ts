// Which processes of an inspection hold a socket.

import type { InspectedProcess, InspectedSocket, InspectionEvent } from "#history/event.ts";

/** The owner; of a raw socket also its parent: a script of keepalived holds keepalived's sockets when it starts. */
export function holdersOf({ processes }: InspectionEvent, { pid, protocol }: InspectedSocket): InspectedProcess[] {
  const owner = processes.find((one) => one.pid === pid);
  const parent = processes.find((one) => one.pid === owner?.parent);
  return [owner, protocol.startsWith("raw") ? parent : undefined].filter((one) => one !== undefined);
}
