// The rendered keepalived.conf, held against the statements of the catalogue.

import { describe, expect, it } from "@jest/globals";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { planZone } from "./plan-zone.ts";
import { renderKeepalived } from "./render-keepalived.ts";

const pair = { certificate: "", key: "", fingerprint: "" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };
const plan = planZone({ id: "t", index: 3, spec: defaultZoneSpec, certificates });

describe("keepalived.conf", () => {
  it("sends unicast to the peer's control address and keeps the VIP on the zone interface", () => {
    const text = renderKeepalived(plan, "alpha");
    expect(text).toContain("interface __CONTROL_IF__");
    expect(text).toMatch(/unicast_src_ip 198\.18\.7\.11\n\s+unicast_peer \{\n\s+198\.18\.7\.12\n/);
    expect(text).toContain("198.18.6.10/24 dev __ZONE_IF__");
  });

  it("has the same router id and different priorities on both nodes", () => {
    const texts = (["alpha", "beta"] as const).map((name) => renderKeepalived(plan, name));
    const all = (pattern: RegExp) => texts.map((text) => pattern.exec(text)?.[1]);
    expect(new Set(all(/virtual_router_id (\d+)/)).size).toBe(1);
    expect(all(/priority (\d+)/)).toEqual(["150", "30"]);
  });

  it("starts as BACKUP and does not preempt", () => {
    expect(renderKeepalived(plan, "alpha")).toMatch(/state BACKUP\n\s+nopreempt\n/);
  });

  it("calls notify on every transition", () => {
    const states = [...renderKeepalived(plan, "beta").matchAll(/notify_\w+ "\/opt\/bsfg\/bin\/notify (\w+)"/g)];
    expect(states.map((match) => match[1])).toEqual(["MASTER", "BACKUP", "FAULT", "STOP"]);
  });

  it("tracks the gate program's verdict and that it is alive", () => {
    const text = renderKeepalived(plan, "alpha");
    for (const part of ['/opt/bsfg/bin/track"', "/run/bsfg/verdict"]) expect(text).toContain(part);
  });

  it("has as many opening as closing braces", () => {
    const text = renderKeepalived(plan, "alpha");
    expect(text.split("{").length).toBe(text.split("}").length);
  });
});
