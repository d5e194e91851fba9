// Both ends of the protocol together: a role that serves, and the harness that asks it, over streams in memory.

import { PassThrough } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { encodeLine, LineDecoder } from "#protocol/codec.ts";
import type { CommandOf, Handlers, RequestOf } from "#protocol/commands.ts";
import type { Down, Up } from "#protocol/message.ts";
import { AgentProcess } from "#zone/agent-process.ts";
import { replies } from "./serve.ts";

async function clientWith(handlers: Partial<Handlers<"client">>) {
  const [down, up] = [new PassThrough(), new PassThrough()];
  const whole: Handlers<"client"> = {
    load: () => {},
    pace: () => {},
    "how-far": () => ({ ok: 0 }),
    stop: () => ({ invoked: 0, ok: 0, fail: 0, info: 0, skipped: 0 }),
    drain: () => ({ readers: [], totals: { invoked: 0, ok: 0, fail: 0, info: 0, skipped: 0 } }),
    ...handlers,
  };
  const opened = AgentProcess.over(
    "client",
    { input: down, output: up, ended: new Promise<void>(() => {}) },
    { onEvent: () => {}, onNoise: () => {}, onLost: () => {} },
  );
  const send = (message: Up) => void up.write(encodeLine(message));
  const replyTo = replies("client", whole);
  const decoder = new LineDecoder<Down<CommandOf<"client">>>(() => {});
  down.setEncoding("utf8").on("data", (chunk: string) => {
    for (const request of decoder.push(chunk)) void replyTo(request).then(send);
  });
  send({ ready: "client", version: "test" });
  return opened;
}

describe("a role that serves", () => {
  it("gives each handler its request, and replies with its result", async () => {
    const paced: RequestOf<"pace">[] = [];
    const client = await clientWith({
      pace: (request) => void paced.push(request),
      "how-far": async () => ({ ok: 7 }),
    });
    expect(await client.ask({ do: "pace", inFlight: 4 })).toBeNull();
    expect(await client.ask({ do: "how-far" })).toEqual({ ok: 7 });
    expect(paced).toMatchObject([{ do: "pace", inFlight: 4 }]);
  });

  it("replies to a later request while an earlier one is still open", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const ended: string[] = [];
    const client = await clientWith({ pace: () => promise });
    const pace = client.ask({ do: "pace", inFlight: 1 }).then(() => ended.push("pace"));
    await client.ask({ do: "how-far" });
    ended.push("how-far");
    resolve();
    await pace;
    expect(ended).toEqual(["how-far", "pace"]);
  });

  it("replies with the error that a handler throws or rejects with", async () => {
    const client = await clientWith({
      pace: () => {
        throw new Error("no load is running");
      },
      "how-far": async () => Promise.reject(new Error("lost count")),
    });
    await expect(client.ask({ do: "pace", appendPerS: 1 })).rejects.toMatchObject({
      code: "agent/refused",
      message: "client: no load is running",
    });
    await expect(client.ask({ do: "how-far" })).rejects.toMatchObject({ message: "client: lost count" });
  });

  it("refuses a command of another role, also one that is named like a property of every object", async () => {
    const client = await clientWith({});
    for (const name of ["cut", "toString"])
      await expect(client.ask({ do: name } as unknown as RequestOf<"how-far">)).rejects.toMatchObject({
        message: `client: client does not serve ${name}`,
      });
  });
});
