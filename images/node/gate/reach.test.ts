// Reach with listeners on loopback: one greets like a server, one stays silent, one does not exist.

import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { Reach, answersInfo } from "./reach.ts";

async function listener(greeting: string): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    if (greeting !== "") socket.write(greeting);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

const reachTo = (port: number) => new Reach({ addresses: ["127.0.0.1", "127.0.0.2"], port, timeoutMs: 100, misses: 2 });

describe("reach", () => {
  it("counts only an INFO line as an answer", async () => {
    await using good = await listener('INFO {"server_id":"x"}\r\n');
    await using other = await listener("HTTP/1.1 400\r\n");
    await using silent = await listener("");
    expect(await answersInfo("127.0.0.1", good.port, 500)).toBe(true);
    expect(await answersInfo("127.0.0.1", other.port, 500)).toBe(false);
    expect(await answersInfo("127.0.0.1", silent.port, 100)).toBe(false);
  });

  it("starts closed and opens with the first answer of one server", async () => {
    await using good = await listener("INFO {}\r\n");
    const reach = reachTo(good.port);
    expect(reach.isOpen).toBe(false);
    await reach.round();
    expect(reach.isOpen).toBe(true);
  });

  it("closes after as many rounds without an answer as were asked for, and not before", async () => {
    await using silent = await listener("");
    const reach = reachTo(silent.port);
    reach.prove();
    await reach.round();
    expect(reach.isOpen).toBe(true);
    await reach.round();
    expect(reach.isOpen).toBe(false);
  });
});
