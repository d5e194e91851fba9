// The actuator's commands on a node's nats-server.

import type { HandlersOf } from "#protocol/commands.ts";
import type { ServerCommands } from "#protocol/commands/server.ts";
import { deleteMessages } from "../actions/delete-messages.ts";
import { fillStream } from "../actions/fill.ts";
import { RogueServer } from "../actions/rogue-server.ts";
import { askMonitorPage, askStore } from "../inspect/ask-server.ts";
import { auditIds } from "../inspect/id-audit.ts";
import { dumpReplicas } from "../inspect/replica-dump.ts";
import { emitServer } from "../inspect/server-info.ts";
import { withinTimeout } from "../inspect/within-timeout.ts";
import type { Emit } from "../role/outlet.ts";
import { probeQuorum } from "../inspect/quorum-probe.ts";
import { readOlder } from "../inspect/older-messages.ts";
import { readStream } from "../inspect/read-stream.ts";
import { emitStreams } from "../inspect/stream-states.ts";

export function serverHandlers(emit: Emit): HandlersOf<keyof ServerCommands> {
  const rogueServer = new RogueServer();
  return {
    audit: withinTimeout(readStream, emit),
    "read-older": withinTimeout(readOlder, emit),
    streams: withinTimeout(emitStreams, emit),
    quorum: withinTimeout(probeQuorum, emit),
    server: withinTimeout(emitServer, emit),
    "audit-ids": auditIds,
    "ask-store": askStore,
    "ask-monitor": askMonitorPage,
    fill: fillStream,
    "delete-messages": deleteMessages,
    "dump-replicas": (request) => dumpReplicas(request, emit),
    "start-rogue-server": (request) => rogueServer.start(request),
    "read-rogue-server": () => rogueServer.state(),
    "stop-rogue-server": () => rogueServer.stop(),
  };
}
