// The shape of one row of the command map. Types only.

import type { NodeName } from "#spec/node.ts";

/** One process of the agent image serves one role: `node agent.cjs ROLE`. */
export type AgentRole = "observe" | "client" | "actuator" | "monitor";

/** Which role serves a command, what it asks for, and what it replies. `void`: done, and nothing to report. */
export interface Command<Role extends AgentRole, Request extends object, Reply> {
  role: Role;
  request: Request;
  reply: Reply;
}

/** A command of the actuator: everything that breaks a node, or reads back from one. */
export type Act<Request extends object, Reply> = Command<"actuator", Request, Reply>;

/** For a command that needs nothing but its name. */
export type NoInput = Record<never, never>;

/** A process of a node, by its PID in the daemon's namespace. Usually the node's first one. */
export interface OnNode {
  pid: number;
}

/** A node and its first process, for commands whose events name the node. */
export interface OnNamedNode extends OnNode {
  node: NodeName;
}
