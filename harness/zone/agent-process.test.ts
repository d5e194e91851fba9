// What asking an agent gives and when it fails, over a pair of streams in memory. No process and no Docker.

import { PassThrough } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import type { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import type { HistoryEvent } from "#history/event.ts";
import type { CommandName, RequestOf } from "#protocol/commands.ts";
import type { Up } from "#protocol/message.ts";
import { AgentProcess } from "./agent-process.ts";

type Received = { id: number } & RequestOf<CommandName>;

/** An agent that the test plays: it reads what was asked, and sends what the test says. */
class PlayedAgent {
  readonly events: HistoryEvent[] = [];
  readonly noise: string[] = [];
  readonly received: Received[] = [];
  readonly lost: HarnessError[] = [];
  readonly #input = new PassThrough();
  readonly #output = new PassThrough();
  readonly #ended = Promise.withResolvers<void>();

  constructor() {
    this.#input.once("end", () => this.end());
    this.#input.resume();
    this.#input.on("data", (chunk: Buffer) => {
      for (const line of chunk.toString().trim().split("\n")) this.received.push(JSON.parse(line) as Received);
    });
  }

  async open(): Promise<AgentProcess<"actuator">> {
    this.send({ ready: "actuator", version: "1" });
    const streams = { input: this.#input, output: this.#output, ended: this.#ended.promise };
    return AgentProcess.over("actuator", streams, {
      onEvent: (event) => this.events.push(event),
      onNoise: (line) => this.noise.push(line),
      onLost: (error) => this.lost.push(error),
    });
  }

  asked(count: number): Promise<Received[]> {
    const look = () =>
      this.received.length >= count ? { done: this.received } : { saw: `${this.received.length} requests` };
    return pollUntil(look, { what: `${count} requests`, deadlineMs: 2_000, intervalMs: 1 });
  }

  send(message: Up): void {
    this.#output.write(`${JSON.stringify(message)}\n`);
  }

  say(text: string): void {
    this.#output.write(text);
  }

  end(): void {
    this.#ended.resolve();
  }
}

async function opened() {
  const played = new PlayedAgent();
  return { played, agent: await played.open() };
}

const cut = { do: "count-cut", pid: 7, cut: "a" } as const;

describe("asking an agent", () => {
  it("gives each caller the reply with the number of its request, in any order of the replies", async () => {
    const { played, agent } = await opened();
    const first = agent.ask({ ...cut, cut: "first" });
    const second = agent.ask({ ...cut, cut: "second" });
    const [one, two] = await played.asked(2);
    played.send({ reply: two!.id, value: { packets: 2 } });
    played.send({ reply: one!.id, value: { packets: 1 } });
    expect(await Promise.all([first, second])).toEqual([{ packets: 1 }, { packets: 2 }]);
    expect(played.received).toMatchObject([{ do: "count-cut", pid: 7, cut: "first" }, { cut: "second" }]);
  });

  it("reads a message that comes in pieces", async () => {
    const { played, agent } = await opened();
    const asked = agent.ask(cut);
    played.say('{"reply":1,"val');
    played.say('ue":{"packets":3}}\n');
    expect(await asked).toEqual({ packets: 3 });
  });

  it("fails as refused, with the agent's words, when the agent replies with an error", async () => {
    const { played, agent } = await opened();
    const asked = agent.ask(cut);
    played.send({ reply: 1, error: "there is no such cut" });
    await expect(asked).rejects.toMatchObject({ code: "agent/refused", message: "actuator: there is no such cut" });
  });

  it("fails at its deadline, and ignores a reply that comes later", async () => {
    const { played, agent } = await opened();
    await expect(agent.ask(cut, 1)).rejects.toMatchObject({ code: "wait/timeout" });
    const next = agent.ask(cut);
    played.send({ reply: 1, value: { packets: 1 } });
    played.send({ reply: 2, value: { packets: 2 } });
    expect(await next).toEqual({ packets: 2 });
  });

  it("fails as lost, for every open request and every later one, when the agent ends by itself", async () => {
    const { played, agent } = await opened();
    const asked = [agent.ask(cut), agent.ask({ ...cut, cut: "b" })];
    played.end();
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: "agent/lost", isDefinite: false });
    await expect(agent.ask(cut)).rejects.toMatchObject({ code: "agent/lost" });
    expect(played.lost).toMatchObject([{ code: "agent/lost" }]);
  });
});

describe("an agent", () => {
  it("passes on each event unchanged, and each line that is no message as noise", async () => {
    const { played, agent } = await opened();
    const event: HistoryEvent = { t: 1, type: "quorum", node: "alpha", isAcknowledged: true };
    played.send({ event });
    played.say("Killed\n");
    const asked = agent.ask(cut);
    played.send({ reply: 1, value: { packets: 0 } });
    await asked;
    expect(played.events).toEqual([event]);
    expect(played.noise).toEqual(["Killed"]);
  });

  it("is lost when it ends before it is ready", async () => {
    const silent = new PassThrough();
    const lost: HarnessError[] = [];
    const streams = { input: new PassThrough(), output: silent, ended: Promise.resolve() };
    const listener = { onEvent: () => {}, onNoise: () => {}, onLost: (error: HarnessError) => lost.push(error) };
    await expect(AgentProcess.over("client", streams, listener)).rejects.toMatchObject({ code: "agent/lost" });
    expect(lost).toHaveLength(1);
  });

  it("ends when its stdin is closed, and is not reported as lost then", async () => {
    const { played, agent } = await opened();
    await agent[Symbol.asyncDispose]();
    expect(played.lost).toEqual([]);
  });
});
