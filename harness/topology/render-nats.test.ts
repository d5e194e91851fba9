// The rendered nats.conf, held against the statements of the catalogue.

import { describe, expect, it } from "@jest/globals";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { planZone } from "./plan-zone.ts";
import { renderNats } from "./render-nats.ts";

const pair = { certificate: "", key: "", fingerprint: "" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };
const planWith = (patch: Partial<typeof defaultZoneSpec>) =>
  planZone({ id: "t", index: 3, spec: { ...defaultZoneSpec, ...patch }, certificates });

describe("nats.conf", () => {
  it("keeps clients and monitoring on loopback and routes on the zone address", () => {
    const text = renderNats(planWith({}), "beta");
    expect(text).toContain('listen: "127.0.0.1:4222"');
    expect(text).toContain('http: "127.0.0.1:8222"');
    expect(text).toContain('listen: "198.18.6.12:6222"');
    expect(text).not.toContain("0.0.0.0");
  });

  it("lists the other two servers and advertises none", () => {
    const text = renderNats(planWith({}), "gamma");
    expect(text.match(/nats-route:[^"]+/g)).toEqual(
      [11, 12].map((host) => `nats-route://zone:5ec3e7@198.18.6.${host}:6222`),
    );
    expect(text).toContain("no_advertise: true");
  });

  it("requires the zone's secret from a server that opens a route", () => {
    expect(renderNats(planWith({}), "alpha")).toContain('authorization { user: "zone", password: "5ec3e7" }');
  });

  it("flushes before it acknowledges in the critical tier only", () => {
    expect(renderNats(planWith({ tier: "critical" }), "alpha")).toContain("sync_interval: always");
    expect(renderNats(planWith({ tier: "standard" }), "alpha")).not.toContain("sync_interval");
  });
});
