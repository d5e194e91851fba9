// Role "client": runs one load at a time, usually through the VIP, and emits each operation. It serves one zone, and
// remembers some facts of a load for the next one.

import { raisePriority } from "../role/priority.ts";
import { Outlet } from "../role/outlet.ts";
import { serve } from "../role/serve.ts";
import { Load, type Remembered } from "./load.ts";

export function serveClient(): void {
  raisePriority();
  const outlet = new Outlet();
  let load: Load | undefined;
  let stopped: Load | undefined;
  let before: Remembered = [];
  serve("client", outlet, {
    load: (request) => {
      if (load) throw new Error("a load is already running");
      stopped?.close();
      load = new Load(request, (event) => outlet.event(event), request.forgets ? [] : before);
    },
    pace: (request) => {
      if (!load) throw new Error("no load is running");
      load.pace(request);
    },
    "how-far": () => ({ ok: load?.ok ?? 0 }),
    stop: async (request) => {
      if (!load) throw new Error("no load is running");
      stopped = load;
      load = undefined;
      before = stopped.remembered;
      return stopped.stop(request);
    },
    drain: ({ deadlineMs }) => {
      if (!stopped) throw new Error("no load was stopped");
      return stopped.drain(deadlineMs);
    },
  });
}
