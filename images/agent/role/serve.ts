// Serves one role: requests on stdin, one JSON object a line. A role is a table of handlers, one for each of its
// commands.

import { messageOf } from "#base/errors.ts";
import { LineDecoder } from "#protocol/codec.ts";
import type { AgentRole, CommandOf, Handlers, ReplyOf } from "#protocol/commands.ts";
import type { Down, Reply } from "#protocol/message.ts";
import type { Outlet } from "./outlet.ts";

/** Set by the bundler. */
declare const TRIAD_VERSION: string;

/** Serves until stdin ends; then exits and undoes nothing. */
export function serve<Role extends AgentRole>(role: Role, outlet: Outlet, handlers: Handlers<Role>): void {
  const decoder = new LineDecoder<Down<CommandOf<Role>>>((line) =>
    process.stderr.write(`not a request: ${line.slice(0, 200)}\n`),
  );
  const replyTo = replies(role, handlers);
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (chunk: string) => {
    for (const request of decoder.push(chunk)) void replyTo(request).then((reply) => outlet.send(reply));
  });
  process.stdin.on("end", () => {
    outlet.end();
    process.exit(0);
  });
  outlet.send({ ready: role, version: TRIAD_VERSION });
}

/** Runs the handler of a request. Its result is the reply's value, and what it throws is the reply's error. */
export function replies<Role extends AgentRole>(role: Role, handlers: Handlers<Role>) {
  return async <Name extends CommandOf<Role>>(request: Down<Name>): Promise<Reply> => {
    try {
      if (!Object.hasOwn(handlers, request.do)) throw new Error(`${role} does not serve ${request.do}`);
      const value: ReplyOf<Name> = await handlers[request.do](request);
      return { reply: request.id, value: value ?? null };
    } catch (error) {
      return { reply: request.id, error: messageOf(error) };
    }
  };
}
