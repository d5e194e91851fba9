// The agent's stream reader against a server that the test plays: pages, their end, and a lost delivery.

import { describe, expect, it } from "@jest/globals";
import { Empty, type Msg, type NatsConnection } from "nats";
import { deliveryOf, StreamReader } from "./stream-reader.ts";

type Callback = (error: Error | null, message: Msg) => void;

/** One answer to a pull request: a message by sequence and delivery, or a status. */
type Answer = { sequence: number; delivery: number; id?: string } | { status: number };

/** Answers each pull request with the next list. */
function connectionWith(pages: Answer[][]) {
  const published: string[] = [];
  let callback: Callback = () => {};
  let isSubscribed = false;
  const nc = {
    request: async () => ({ json: () => ({ name: "reader" }) }),
    subscribe: (_: string, options: { callback: Callback }) => {
      callback = options.callback;
      isSubscribed = true;
      return { unsubscribe: () => (isSubscribed = false) };
    },
    publish: (subject: string) => {
      published.push(subject);
      if (!subject.includes("MSG.NEXT")) return;
      for (const answer of pages.shift() ?? []) queueMicrotask(() => isSubscribed && callback(null, messageOf(answer)));
    },
    isClosed: () => false,
  };
  return { nc: nc as unknown as NatsConnection, published };
}

function messageOf(answer: Answer): Msg {
  if ("status" in answer) return { headers: { code: answer.status, description: "x" }, data: Empty } as unknown as Msg;
  const { sequence, delivery, id = "" } = answer;
  const reply = `$JS.ACK.facts.reader.1.${sequence}.${delivery}.0.0`;
  return { reply, headers: { code: 0, get: () => id }, data: Buffer.from(id) } as unknown as Msg;
}

const open = (nc: NatsConnection) => StreamReader.open(nc, { stream: "facts", after: 6 }, 1_000);

describe("the stream reader", () => {
  it("reads pages in order, up to the limit or to the server's end", async () => {
    const first = { sequence: 7, delivery: 1, id: "a" };
    const { nc } = connectionWith([
      [first, { sequence: 9, delivery: 2 }],
      [{ sequence: 10, delivery: 3 }, { status: 404 }],
      [{ status: 404 }],
    ]);
    using reader = await open(nc);
    expect(reader.lastSequence).toBe(6);
    const page = await reader.page(2, 1_000);
    expect(page.map(({ sequence }) => sequence)).toEqual([7, 9]);
    expect(page[0]!.header("Nats-Msg-Id")).toBe("a");
    expect((await reader.page(2, 1_000)).map(({ sequence }) => sequence)).toEqual([10]);
    expect(await reader.page(2, 1_000)).toEqual([]);
    expect(reader.lastSequence).toBe(10);
  });

  it("refuses a page in which a delivery is missing", async () => {
    const { nc } = connectionWith([
      [
        { sequence: 7, delivery: 1 },
        { sequence: 9, delivery: 3 },
      ],
    ]);
    using reader = await open(nc);
    await expect(reader.page(2, 1_000)).rejects.toThrow("delivery 2 of facts was lost");
  });

  it("refuses an error of the server, and a server that is silent", async () => {
    const { nc } = connectionWith([[{ status: 409 }], []]);
    using reader = await open(nc);
    await expect(reader.page(2, 1_000)).rejects.toThrow("409");
    await expect(reader.page(2, 1)).rejects.toThrow("no page of facts in 1 ms");
  });

  it("has the server drop its consumer at the end", async () => {
    const { nc, published } = connectionWith([]);
    (await open(nc))[Symbol.dispose]();
    expect(published).toEqual(["$JS.API.CONSUMER.DELETE.facts.reader"]);
  });
});

describe("a delivery", () => {
  it("is read from JetStream's reply subject, and from no other", () => {
    expect(deliveryOf("$JS.ACK.facts.reader.1.41.7.1700.3")).toEqual({ sequence: 41, delivery: 7 });
    expect(() => deliveryOf("_INBOX.1.2")).toThrow("not a delivery");
  });
});
