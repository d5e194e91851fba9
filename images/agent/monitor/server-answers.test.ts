// The sample made from a server's answers on /healthz and /jsz.

import { describe, expect, it } from "@jest/globals";
import { serverSampleOf } from "./server-answers.ts";

const well = { status: 200, text: '{"status":"ok"}' };

describe("a server's answers", () => {
  it("give its health, its leader, and the voters where it leads", () => {
    const replicas = [
      { name: "beta", current: true, active: 420_000_000, peer: "x" },
      { name: "gamma", current: false, offline: true, active: 5_200_000_000 },
    ];
    const jsz = { status: 200, text: JSON.stringify({ meta_cluster: { leader: "alpha", replicas, cluster_size: 3 } }) };
    expect(serverSampleOf(well, jsz)).toEqual({
      isHealthy: true,
      leader: "alpha",
      voters: [
        { name: "beta", isOnline: true, silentMs: 420 },
        { name: "gamma", isOnline: false, silentMs: 5200 },
      ],
    });
  });

  it("have no voters where it follows, and no leader where none is known", () => {
    const jsz = (leader: string) => ({ status: 200, text: JSON.stringify({ meta_cluster: { leader } }) });
    expect(serverSampleOf(well, jsz("beta"))).toEqual({ isHealthy: true, leader: "beta" });
    expect(serverSampleOf(well, jsz("")).leader).toBeNull();
  });

  it("say why it is not healthy, in its own words or by its status", () => {
    const jsz = { status: 200, text: "{}" };
    const ill = {
      status: 503,
      text: '{"status":"unavailable","error":"JetStream is not current with the meta leader"}',
    };
    expect(serverSampleOf(ill, jsz)).toMatchObject({ isHealthy: false, why: expect.stringContaining("not current") });
    expect(serverSampleOf({ status: 500, text: "oops" }, jsz)).toMatchObject({ why: "status 500" });
  });

  it("are refused when they are not JSON", () => {
    expect(() => serverSampleOf(well, { status: 404, text: "not found" })).toThrow(/not valid JSON/);
  });
});
