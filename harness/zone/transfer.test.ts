// One stream moved through a process of the agent that the test plays: bytes, reply, refusals.

import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "@jest/globals";
import { FakeDocker, type Play } from "./fake-docker.ts";
import { transfer } from "./transfer.ts";

const take = { do: "take-stream", pid: 7, stream: "facts", hasConsumers: true, stallMs: 1_000 } as const;
const figures = { messages: 1, bytes: 5, firstSeq: 1, lastSeq: 1 };
const put = { do: "put-stream", pid: 7, stream: "facts", bytes: 5, config: {}, figures, stallMs: 1_000 } as const;
const deadlineMs = 2_000;

function agentThat(play: Play) {
  const { docker } = new FakeDocker({ a: { role: "agent", state: "running" } }, play);
  return { docker, container: docker.getContainer("a") };
}

describe("a transfer", () => {
  it("out of a zone writes the bytes and returns the agent's reply", async () => {
    const to = new PassThrough();
    const written = text(to);
    const argvs: string[][] = [];
    const agent = agentThat(({ argv, stdout, stderr, end }) => {
      argvs.push(argv);
      stdout("by");
      stderr("a warning\n");
      stdout("tes");
      stderr('{"value":{"bytes":5}}\n');
      end();
    });
    expect(await transfer(agent, take, { to, deadlineMs })).toEqual({ bytes: 5 });
    expect(await written).toBe("bytes");
    expect(argvs).toEqual([["node", "/opt/triad/agent.cjs", "transfer", JSON.stringify(take)]]);
  });

  it("into a zone sends the bytes to the agent's stdin", async () => {
    let received = "";
    const agent = agentThat(({ stdin, stderr, end }) => {
      stdin.on("data", (chunk: Buffer) => (received += chunk.toString()));
      stdin.once("end", () => {
        stderr(`${JSON.stringify({ value: { figures } })}\n`);
        end();
      });
    });
    expect(await transfer(agent, put, { from: Readable.from(["by", "tes"]), deadlineMs })).toEqual({ figures });
    expect(received).toBe("bytes");
  });

  it.each([
    ['{"error":"no such stream"}\n', "transfer: no such stream"],
    ["Killed\n", "ended without an answer: Killed"],
    ["", "ended without an answer"],
  ])("fails as refused when the agent ends with %p", async (said, message) => {
    const agent = agentThat(({ stderr, end }) => {
      stderr(said);
      end();
    });
    await expect(transfer(agent, take, { to: new PassThrough().resume(), deadlineMs })).rejects.toMatchObject({
      code: "agent/refused",
      message: expect.stringContaining(message),
    });
  });

  it("fails at its deadline when the agent does not end", async () => {
    const agent = agentThat(() => {});
    await expect(transfer(agent, take, { to: new PassThrough().resume(), deadlineMs: 5 })).rejects.toMatchObject({
      code: "wait/timeout",
    });
  });
});
