// The actuator's commands on a node's nats-server.

import type { HandlersOf } from "#protocol/commands.ts";
import type { ServerCommands } from "#protocol/commands/server.ts";
import { deleteMessages } from "../actions/delete-messages.ts";
import { fillStream } from "../actions/fill.ts";
import { RogueServer } from "../actions/rogue-server.ts";
import { askMonitorPage, askStore } from "../inspect/ask-store.ts";
import { auditIds } from "../inspect/id-audit.ts";
import { dumpReplicas } from "../inspect/replica-dump.ts";
import { emitServer } from "../inspect/server-info.ts";
import { type Emit, withinTimeout } from "../inspect/server-query.ts";
import { askStreams, readStream, tryWrite } from "../inspect/store-queries.ts";

export function serverHandlers(emit: Emit): HandlersOf<keyof ServerCommands> {
  const rogueServer = new RogueServer();
  return {
    audit: withinTimeout(readStream, emit),
    streams: withinTimeout(askStreams, emit),
    quorum: withinTimeout(tryWrite, emit),
    server: withinTimeout(emitServer, emit),
    "audit-ids": auditIds,
    "ask-store": askStore,
    "ask-monitor": askMonitorPage,
    fill: fillStream,
    "delete-messages": deleteMessages,
    "dump-replicas": (request) => dumpReplicas(request, emit),
    "start-rogue-server": (request) => rogueServer.start(request),
    "look-at-rogue-server": () => rogueServer.look(),
    "stop-rogue-server": () => rogueServer.stop(),
  };
}
