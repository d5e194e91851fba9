// What passes over the one attached stream of a role: JSON Lines. Requests go down; replies and events come up. An
// event is a history event as it stands. Types only; codec.ts turns lines into messages.

import type { HistoryEvent } from "#history/event.ts";
import type { AgentRole, CommandName, RequestOf } from "./commands.ts";

/** A request, numbered so that its reply can be matched. */
export type Down<Name extends CommandName> = { id: number } & RequestOf<Name>;

/** The first message of a role: it is ready to serve. */
export interface Ready {
  ready: AgentRole;
  version: string;
}

export type Reply = { reply: number; value: unknown } | { reply: number; error: string };

export type Up = Reply | { event: HistoryEvent } | Ready;
