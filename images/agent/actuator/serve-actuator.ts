// Role "actuator": breaks a node as requested and proves it in the reply, or reads from a node. Requests may run side
// by side. Nothing that undoing needs is kept here: it is in the kernel or in /run/triad.

import type { HistoryEvent } from "#history/event.ts";
import { Outlet } from "../role/outlet.ts";
import { serve } from "../role/serve.ts";
import { artifactHandlers } from "./artifact-handlers.ts";
import { networkHandlers } from "./network-handlers.ts";
import { nodeHandlers } from "./node-handlers.ts";
import { serverHandlers } from "./server-handlers.ts";
import { storageHandlers } from "./storage-handlers.ts";

export function serveActuator(): void {
  const outlet = new Outlet();
  const emit = (event: HistoryEvent) => outlet.event(event);
  serve("actuator", outlet, {
    ...networkHandlers(emit),
    ...nodeHandlers(emit),
    ...storageHandlers,
    ...serverHandlers(emit),
    ...artifactHandlers(emit),
  });
}
