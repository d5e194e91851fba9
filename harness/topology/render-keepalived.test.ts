// What a rendered keepalived.conf says, per statement of the catalogue.

import { describe, expect, it } from "@jest/globals";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { planZone } from "./plan-zone.ts";
import { renderKeepalived } from "./render-keepalived.ts";

const pair = { certificate: "", key: "", fingerprint: "" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };
const planWith = (vrrp: Partial<(typeof defaultZoneSpec)["vrrp"]> = {}) =>
  planZone({
    id: "t",
    index: 3,
    spec: { ...defaultZoneSpec, vrrp: { ...defaultZoneSpec.vrrp, ...vrrp } },
    certificates,
  });

describe("keepalived.conf", () => {
  it("speaks unicast to the peer's control address and keeps the VIP on the zone interface", () => {
    const text = renderKeepalived(planWith(), "alpha");
    expect(text).toContain("interface __CONTROL_IF__");
    expect(text).toMatch(/unicast_src_ip 198\.18\.7\.11\n\s+unicast_peer \{\n\s+198\.18\.7\.12\n/);
    expect(text).toContain("198.18.6.10/24 dev __ZONE_IF__");
  });

  it("gives both nodes one router id and different priorities", () => {
    const texts = (["alpha", "beta"] as const).map((name) => renderKeepalived(planWith(), name));
    const all = (pattern: RegExp) => texts.map((text) => pattern.exec(text)?.[1]);
    expect(new Set(all(/virtual_router_id (\d+)/)).size).toBe(1);
    expect(all(/priority (\d+)/)).toEqual(["150", "30"]);
  });

  it("starts as BACKUP and does not preempt, unless a wrong zone asks for that", () => {
    expect(renderKeepalived(planWith(), "alpha")).toMatch(/state BACKUP\n\s+nopreempt\n/);
    const wrong = renderKeepalived(planWith({ noPreempt: false }), "alpha");
    expect(wrong).not.toContain("nopreempt");
  });

  it("leaves the control segment or unicast only when a wrong zone asks for that", () => {
    const onZone = renderKeepalived(planWith({ segment: "zone" }), "alpha");
    expect(onZone).toMatch(/unicast_src_ip 198\.18\.6\.11\n\s+unicast_peer \{\n\s+198\.18\.6\.12\n/);
    expect(onZone).not.toContain("__CONTROL_IF__");
    expect(renderKeepalived(planWith({ isMulticast: true }), "alpha")).not.toContain("unicast");
  });

  it("calls notify on every transition", () => {
    const states = [...renderKeepalived(planWith(), "beta").matchAll(/notify_\w+ "\/opt\/bsfg\/bin\/notify (\w+)"/g)];
    expect(states.map((match) => match[1])).toEqual(["MASTER", "BACKUP", "FAULT", "STOP"]);
  });

  it.each([
    ["gate", ['/opt/bsfg/bin/track"', "/run/bsfg/verdict"]],
    ["healthz", ["/opt/bsfg/bin/track-healthz"]],
  ] as const)("tracks by %s", (trackScript, expected) => {
    const text = renderKeepalived(planWith({ trackScript }), "alpha");
    for (const part of expected) expect(text).toContain(part);
  });

  it("tracks nothing when told so", () => {
    expect(renderKeepalived(planWith({ trackScript: "none" }), "alpha")).not.toMatch(/track_(script|file)/);
  });

  it("has as many opening as closing braces", () => {
    const text = renderKeepalived(planWith(), "alpha");
    expect(text.split("{").length).toBe(text.split("}").length);
  });
});
