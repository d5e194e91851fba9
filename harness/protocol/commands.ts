// Every command between the harness and its agent, in one map: name -> role, request, reply. The caller's reply type
// and the agent's table of handlers both follow from it. Types only; the rows are in commands/.

import type { ArtifactCommands } from "./commands/artifact.ts";
import type { ClientCommands } from "./commands/client.ts";
import type { AgentRole } from "./commands/command.ts";
import type { MonitorCommands } from "./commands/monitor.ts";
import type { NetworkCommands } from "./commands/network.ts";
import type { NodeCommands } from "./commands/node.ts";
import type { ObserverCommands } from "./commands/observer.ts";
import type { ServerCommands } from "./commands/server.ts";
import type { StorageCommands } from "./commands/storage.ts";

export type { AgentRole };

export interface Commands
  extends
    ObserverCommands,
    ClientCommands,
    MonitorCommands,
    NetworkCommands,
    NodeCommands,
    StorageCommands,
    ServerCommands,
    ArtifactCommands {}

export type CommandName = keyof Commands;

/** The commands that a role serves. */
export type CommandOf<Role extends AgentRole> = {
  [Name in CommandName]: Commands[Name]["role"] extends Role ? Name : never;
}[CommandName];

export type RequestOf<Name extends CommandName> = { do: Name } & Commands[Name]["request"];

export type ReplyOf<Name extends CommandName> = Commands[Name]["reply"];

/** The actuator's commands on one node: their requests carry its PID. */
export type NodeCommand = {
  [Name in CommandOf<"actuator">]: Commands[Name]["request"] extends { pid: number } ? Name : never;
}[CommandOf<"actuator">];

/** Such a request without the parts that follow from the node's name. */
export type NodeRequestOf<Name extends NodeCommand> = { do: Name } & Omit<Commands[Name]["request"], "pid" | "node">;

/** One handler for each of these commands. A missing one, or one with another reply, does not compile. */
export type HandlersOf<Names extends CommandName> = {
  [Name in Names]: (request: RequestOf<Name>) => ReplyOf<Name> | Promise<ReplyOf<Name>>;
};

/** Exactly the commands of a role. */
export type Handlers<Role extends AgentRole> = HandlersOf<CommandOf<Role>>;
