// Claims that the compiler checks: what a command's name implies for its caller and for its role's handlers. Each
// "@ts-expect-error" is a mistake that must not compile; the type check fails when one does.

import { describe, expect, it } from "@jest/globals";
import type { CommandName, CommandOf, Commands, Handlers, HandlersOf, ReplyOf, RequestOf } from "./commands.ts";
import type { AgentRole } from "./commands/command.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

type Ask = <Name extends CommandName>(request: RequestOf<Name>) => ReplyOf<Name>;
/** Only its type is of interest. */
declare const ask: Ask;

const client: Handlers<"client"> = {
  load: () => {},
  pace: () => {},
  "how-far": () => ({ ok: 1 }),
  stop: async () => ({ invoked: 1, ok: 1, fail: 0, info: 0, skipped: 0 }),
  drain: () => ({ readers: [], totals: { invoked: 0, ok: 0, fail: 0, info: 0, skipped: 0 } }),
};

describe("the map of commands", () => {
  it("gives every command to exactly one role", () => {
    isTrue<Equal<{ [Name in CommandName]: Commands[Name]["role"] }[CommandName], AgentRole>>();
    isTrue<Equal<CommandOf<AgentRole>, CommandName>>();
    isTrue<Equal<CommandOf<"client"> & CommandOf<"actuator">, never>>();
    expect(Object.keys(client)).toEqual(["load", "pace", "how-far", "stop", "drain"]);
  });

  it("lets the reply follow from the name", () => {
    isTrue<Equal<ReplyOf<"count-cut">, { packets: number }>>();
    const misuses = () => {
      const { packets } = ask({ do: "count-cut", pid: 1, cut: "a" });
      // @ts-expect-error -- a part that the reply does not have
      const { messages } = ask({ do: "count-cut", pid: 1, cut: "a" });
      // @ts-expect-error -- a request without one of its parts
      ask({ do: "count-cut", pid: 1 });
      // @ts-expect-error -- a part of another command's request
      ask({ do: "count-cut", pid: 1, cut: "a", folder: "/" });
      // @ts-expect-error -- a part in a request that has none
      ask({ do: "stop", pid: 1 });
      return [packets, messages];
    };
    expect(typeof misuses).toBe("function");
  });

  it("takes no table of handlers that lacks one, has one too many, or replies otherwise", () => {
    const { stop: _, ...without } = client;
    // @ts-expect-error -- "stop" is missing
    const lacking: Handlers<"client"> = without;
    const twoMany: HandlersOf<"how-far"> = {
      "how-far": () => ({ ok: 1 }),
      // @ts-expect-error -- not one of the named commands
      stop: () => {},
    };
    const other: HandlersOf<"how-far"> = {
      // @ts-expect-error -- another reply
      "how-far": () => ({ calls: 1 }),
    };
    // @ts-expect-error -- a command of another role
    const foreign: CommandOf<"client"> = "cut";
    expect([lacking, twoMany, other, foreign]).toHaveLength(4);
  });
});
