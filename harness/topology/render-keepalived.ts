// keepalived.conf of a service-bearing node, as text. Pure. Interfaces are placeholders (__ZONE_IF__ and
// __CONTROL_IF__): the node finds them by its addresses at boot. Option names as in keepalived 2.3.3.

import { type ServiceNode, otherServiceNode } from "#spec/node.ts";
import type { ZonePlan } from "./plan.ts";
import { controlAddressOf, prefixLengthOf } from "./render-node.ts";

/** One router id on both nodes; each zone has a control segment of its own, so zones may share it. */
export const virtualRouterId = 51;

/** The complete keepalived.conf of `name`, interfaces still to be filled in. */
export function renderKeepalived(plan: ZonePlan, name: ServiceNode): string {
  const { vrrp } = plan.spec;
  const track = trackOf(vrrp.trackScript);
  return [
    "global_defs {",
    `  router_id ${name}`,
    "  script_user root",
    "  enable_script_security",
    "}",
    ...track.definitions,
    "vrrp_instance zone {",
    "  state BACKUP",
    ...(vrrp.noPreempt ? ["  nopreempt"] : []),
    `  interface ${vrrp.segment === "control" ? "__CONTROL_IF__" : "__ZONE_IF__"}`,
    // The VIP lives on another interface than VRRP; losing carrier on one must not hide in the other.
    "  dont_track_primary",
    `  virtual_router_id ${virtualRouterId}`,
    `  priority ${vrrp.priority[name]}`,
    `  advert_int ${vrrp.advertS}`,
    `  down_timer_adverts ${vrrp.downAdverts}`,
    // A master whose timer fired so late that the other may have taken over steps back instead of going on.
    ...(vrrp.noPreempt ? ["  timer_expired_backup 254"] : []),
    "  garp_master_delay 1",
    "  garp_master_repeat 3",
    "  garp_master_refresh 5",
    ...(vrrp.isMulticast ? [] : unicastOf(plan, name)),
    "  virtual_ipaddress {",
    `    ${plan.vip}/${prefixLengthOf(plan.zoneSubnet)} dev __ZONE_IF__`,
    "  }",
    ...track.uses,
    ...["master", "backup", "fault", "stop"].map(
      (state) => `  notify_${state} "/opt/bsfg/bin/notify ${state.toUpperCase()}"`,
    ),
    "}",
    "",
  ].join("\n");
}

function unicastOf(plan: ZonePlan, name: ServiceNode): string[] {
  const addressOf = (node: ServiceNode) =>
    plan.spec.vrrp.segment === "control" ? controlAddressOf(plan, node) : plan.nodes[node].zoneAddress;
  return [`  unicast_src_ip ${addressOf(name)}`, "  unicast_peer {", `    ${addressOf(otherServiceNode(name))}`, "  }"];
}

/**
 * What keepalived tracks. `gate`: the gate program's verdict by inotify (0 open, 1 closed) and, once a second,
 * that the gate program itself is alive; both force FAULT. `healthz`: the local server's own word.
 */
function trackOf(script: ZonePlan["spec"]["vrrp"]["trackScript"]): { definitions: string[]; uses: string[] } {
  if (script === "none") return { definitions: [], uses: [] };
  if (script === "healthz")
    return {
      definitions: ["vrrp_script healthz {", '  script "/opt/bsfg/bin/track-healthz"', ...scriptTimers(2), "}"],
      uses: ["  track_script {", "    healthz", "  }"],
    };
  return {
    definitions: [
      "vrrp_script alive {",
      '  script "/opt/bsfg/bin/track"',
      ...scriptTimers(1),
      "}",
      "track_file verdict {",
      '  file "/run/bsfg/verdict"',
      "  weight 0",
      "  init_file 1",
      "}",
    ],
    uses: ["  track_script {", "    alive", "  }", "  track_file {", "    verdict", "  }"],
  };
}

function scriptTimers(fall: number): string[] {
  return ["  interval 1", "  timeout 1", `  fall ${fall}`, "  rise 1", "  init_fail"];
}
