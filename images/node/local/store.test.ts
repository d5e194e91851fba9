// The connection to the local server comes back, at whatever moment the server ends.

import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { withDeadline } from "#base/poll.ts";
import { connectStore } from "./store.ts";

const greeting = `INFO ${JSON.stringify({ server_id: "S", version: "2.10.27", proto: 1, headers: true, max_payload: 1_048_576 })}\r\n`;

/** Greets each client, and answers its pings unless `ends` says that this connection ends at its first one. */
async function fakeServer(ends: (connection: number) => boolean) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const number = sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      if (!data.toString("latin1").includes("PING")) return;
      if (ends(number)) socket.destroy();
      else socket.write("PONG\r\n");
    });
    socket.write(greeting);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, sockets, [Symbol.dispose]: () => void server.close() };
}

describe("the connection to the local server", () => {
  it("comes back when the server ends between its greeting and the first answer", async () => {
    using server = await fakeServer((number) => number === 2);
    const nc = await connectStore("test", server.address);
    try {
      server.sockets[0]!.destroy();
      await withDeadline(
        (async () => {
          for await (const { type } of nc.status()) if (type === "reconnect") return;
        })(),
        { what: "the client to be connected again", deadlineMs: 4_000 },
      );
      await withDeadline(nc.flush(), { what: "an answer", deadlineMs: 1_000 });
      expect(server.sockets).toHaveLength(3);
    } finally {
      await nc.close();
    }
  });
});
