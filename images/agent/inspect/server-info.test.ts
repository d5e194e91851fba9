// The event made from a server's monitoring answers.

import { describe, expect, it } from "@jest/globals";
import { aboutJetStream, aboutLinks, aboutServer } from "./server-info.ts";

describe("what a server reports about itself", () => {
  it("names each peer once, however many connections it keeps", () => {
    const route = (remote_name: string, ip: string) => ({ remote_name, ip });
    const routes = [route("beta", "198.18.0.12"), route("beta", "198.18.0.12"), route("gamma", "198.18.0.13")];
    const { routes: peers, clients } = aboutLinks(
      { routes },
      { connections: [{ name: "controller", ip: "127.0.0.1", port: 40 }] },
    );
    expect(peers).toEqual([
      { name: "beta", address: "198.18.0.12" },
      { name: "gamma", address: "198.18.0.13" },
    ]);
    expect(clients).toEqual([{ name: "controller", address: "127.0.0.1:40" }]);
  });

  it("counts the leader among the voters, and names none when it follows", () => {
    const replicas = [{ name: "beta" }, { name: "gamma", offline: true }];
    expect(aboutJetStream({ meta_cluster: { leader: "alpha", cluster_size: 3, replicas } }).voters).toEqual([
      { name: "alpha", isOnline: true },
      { name: "beta", isOnline: true },
      { name: "gamma", isOnline: false },
    ]);
    expect(aboutJetStream({ meta_cluster: { leader: "alpha", cluster_size: 3 } })).not.toHaveProperty("voters");
    // A follower of 2.15.1, on gamma.
    const peers = [{ name: "alpha" }, { name: "beta" }];
    const following = { meta_cluster: { leader: "alpha", cluster_size: 3, replicas: peers } };
    expect(aboutJetStream(following)).not.toHaveProperty("voters");
  });

  it("shows that JetStream is off", () => {
    expect(aboutJetStream({ disabled: true })).toEqual({ hasJetStream: false });
  });

  it("gives a durable consumer without a number the replicas of its stream, and lists ephemeral ones apart", () => {
    const stream = {
      name: "facts",
      config: { num_replicas: 3, storage: "file" },
      state: { messages: 5, bytes: 700 },
      consumer_detail: [
        { name: "a", config: { durable_name: "a", num_replicas: 0 } },
        { name: "b", config: { durable_name: "b", num_replicas: 1 } },
        { name: "passing", config: { num_replicas: 1 } },
      ],
    };
    expect(aboutJetStream({ account_details: [{ name: "$G", stream_detail: [stream] }] }).streams).toEqual([
      {
        name: "facts",
        replicas: 3,
        storage: "file",
        messages: 5,
        bytes: 700,
        consumers: [
          { name: "a", replicas: 3, settings: { durable_name: "a", num_replicas: 0 } },
          { name: "b", replicas: 1, settings: { durable_name: "b", num_replicas: 1 } },
        ],
        readers: [{ name: "passing", settings: { num_replicas: 1 } }],
        account: "$G",
        settings: { num_replicas: 3, storage: "file" },
      },
    ]);
  });

  it("distinguishes a flush interval from flushing always", () => {
    const always = aboutServer({ jetstream: { config: { sync_interval: 0, sync_always: true } } });
    expect(always).toMatchObject({ syncIntervalNs: 0, syncAlways: true });
    const byDefault = aboutServer({ jetstream: { config: { sync_interval: 120e9 } } });
    expect(byDefault).toMatchObject({ syncIntervalNs: 120e9, syncAlways: false });
  });
});
