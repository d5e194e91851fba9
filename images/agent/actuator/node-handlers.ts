// The actuator's commands on a node's processes and files.

import type { HandlersOf } from "#protocol/commands.ts";
import type { NodeCommands } from "#protocol/commands/node.ts";
import { freezeTogether } from "../actions/freeze-together.ts";
import { reloadKeepalived } from "../actions/reload-keepalived.ts";
import { runInside } from "../actions/run-inside.ts";
import { signalInside } from "../actions/signal.ts";
import { writeInside } from "../actions/write-files.ts";
import { listFolder } from "../inspect/files.ts";
import { readGroupUse } from "../inspect/group-use.ts";
import { inspectNode } from "../inspect/node-snapshot.ts";
import { watchProcesses } from "../inspect/processes.ts";
import type { Emit } from "../role/outlet.ts";

export function nodeHandlers(emit: Emit): HandlersOf<keyof NodeCommands> {
  return {
    signal: signalInside,
    "freeze-together": freezeTogether,
    processes: watchProcesses,
    "write-files": writeInside,
    "run-inside": runInside,
    "group-use": readGroupUse,
    "reload-keepalived": reloadKeepalived,
    files: (request) => {
      const event = listFolder(request);
      emit(event);
      return { paths: event.files.map((file) => file.path) };
    },
    "inspect-node": async (request) => emit(await inspectNode(request)),
  };
}
