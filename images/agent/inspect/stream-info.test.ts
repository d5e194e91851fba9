// The event made from a server's description of its streams.

import { describe, expect, it } from "@jest/globals";
import { localStreams, metaSize, streamEvent } from "./stream-info.ts";

const state = { messages: 5, bytes: 500, first_seq: 1, last_seq: 5 };

describe("a server's description of streams", () => {
  it("becomes an event with leader and replicas", () => {
    const cluster = {
      leader: "alpha",
      replicas: [
        { name: "beta", current: true },
        { name: "gamma", current: true, offline: true, lag: 4 },
      ],
    };
    expect(streamEvent("beta", { name: "facts", state, cluster }, 9)).toEqual({
      t: 9,
      type: "stream",
      node: "beta",
      stream: "facts",
      leader: "alpha",
      replicas: [
        { name: "beta", isCurrent: true, lag: 0 },
        { name: "gamma", isCurrent: false, lag: 4 },
      ],
      messages: 5,
    });
  });

  it("has no leader when the server names none", () => {
    expect(streamEvent("beta", { name: "facts", state, cluster: { leader: "" } }, 9).leader).toBeNull();
  });

  it("is read from the monitor in every account", () => {
    const jsz = { meta_cluster: { cluster_size: 3 }, account_details: [{ stream_detail: [{ name: "a", state }] }, {}] };
    expect(localStreams(jsz).map((info) => info.name)).toEqual(["a"]);
    expect(metaSize(jsz)).toBe(3);
    expect(metaSize({})).toBe(0);
  });
});
