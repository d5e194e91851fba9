// Role "client": runs one load at a time, usually through the VIP, and emits each operation.

import { raisePriority } from "../role/priority.ts";
import { Outlet } from "../role/outlet.ts";
import { serve } from "../role/serve.ts";
import { Load } from "./load.ts";

export function serveClient(): void {
  raisePriority();
  const outlet = new Outlet();
  let load: Load | undefined;
  serve("client", outlet, {
    load: (request) => {
      if (load) throw new Error("a load is already running");
      load = new Load(request, (event) => outlet.event(event));
    },
    pace: (request) => {
      if (!load) throw new Error("no load is running");
      load.pace(request);
    },
    "how-far": () => ({ ok: load?.ok ?? 0 }),
    stop: async () => {
      if (!load) throw new Error("no load is running");
      const stopping = load;
      load = undefined;
      return stopping.stop();
    },
  });
}
