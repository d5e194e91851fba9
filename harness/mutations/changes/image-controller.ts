// What a node may run beside the one container of a controller, or without having been asked to run one.

import type { InspectedProcess, InspectionEvent } from "#history/event.ts";
import { type Change, firstAndLast, type Variant } from "../change.ts";

const strayPid = 900_003;

function stray(name: string, says: string, process: Omit<InspectedProcess, "pid" | "parent">): Change {
  return {
    name,
    kind: "inspections",
    says,
    turns: [],
    everywhere: ["INV-2"],
    variants: (scene) =>
      (["alpha", "beta", "gamma"] as const).flatMap((node) => {
        const own = scene
          .of("inspection")
          .filter(({ event }) => event.node === node && event.processes.every(({ exe }) => exe !== undefined));
        return firstAndLast(own, node).map(({ event, index, at }): Variant => {
          const added = { ...process, pid: strayPid, parent: event.processes[0]!.pid };
          const edited: InspectionEvent = { ...event, processes: [...event.processes, added] };
          return { at, events: () => scene.replaced(index, edited) };
        });
      }),
  };
}

export const imageControllerChanges: readonly Change[] = [
  stray("another-runtime-runs", "a node runs an OCI runtime with another bundle", {
    name: "crun",
    argv: ["crun", "run", "--bundle", "/srv/sidecar", "controller"],
    exe: "/usr/bin/crun",
  }),
  stray("another-container-runs", "a node runs a second container", {
    name: "bsfg",
    argv: ["/bsfg"],
    exe: "/bsfg",
    container: "sidecar",
  }),
];
