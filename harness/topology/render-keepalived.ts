// Renders keepalived.conf of a service node. Pure. __ZONE_IF__ and __CONTROL_IF__ are placeholders: at boot the node
// finds its interfaces by their addresses. Option names are those of keepalived 2.3.3.

import { type ServiceNode, otherServiceNode } from "#spec/node.ts";
import type { ZonePlan } from "./plan.ts";
import { controlAddressOf, prefixLengthOf } from "./render-node.ts";

/** The same on both nodes. Zones may share it, because each has its own control segment. */
export const virtualRouterId = 51;

/** The complete keepalived.conf of `name`, with placeholders for interfaces. */
export function renderKeepalived(plan: ZonePlan, name: ServiceNode): string {
  const { vrrp } = plan.spec;
  return [
    "global_defs {",
    `  router_id ${name}`,
    "  script_user root",
    "  enable_script_security",
    // Without it keepalived believes adverts from any address, although it sends its own to one peer.
    "  vrrp_check_unicast_src",
    "}",
    ...trackDefinitions,
    "vrrp_instance zone {",
    "  state BACKUP",
    "  nopreempt",
    "  interface __CONTROL_IF__",
    // By default keepalived enters FAULT when the interface of its adverts loses the carrier. The VIP is on another
    // interface, so that alone is no reason to give it up.
    "  dont_track_primary",
    `  virtual_router_id ${virtualRouterId}`,
    `  priority ${vrrp.priority[name]}`,
    `  advert_int ${vrrp.advertS}`,
    `  down_timer_adverts ${vrrp.downAdverts}`,
    // A master whose timer fires so late that the other node may have taken over becomes BACKUP.
    "  timer_expired_backup 254",
    "  garp_master_delay 1",
    "  garp_master_repeat 3",
    "  garp_master_refresh 5",
    `  unicast_src_ip ${controlAddressOf(plan, name)}`,
    "  unicast_peer {",
    `    ${controlAddressOf(plan, otherServiceNode(name))}`,
    "  }",
    "  virtual_ipaddress {",
    `    ${plan.vip}/${prefixLengthOf(plan.zoneSubnet)} dev __ZONE_IF__`,
    "  }",
    ...trackUses,
    ...["master", "backup", "fault", "stop"].map(
      (state) => `  notify_${state} "/opt/bsfg/bin/notify ${state.toUpperCase()}"`,
    ),
    "}",
    "",
  ].join("\n");
}

/**
 * keepalived watches the gate program's verdict by inotify (0 open, 1 closed), and checks once a second that the gate
 * program is alive. Both can force FAULT.
 */
const trackDefinitions = [
  "vrrp_script alive {",
  '  script "/opt/bsfg/bin/track"',
  "  interval 1",
  "  timeout 1",
  "  fall 1",
  "  rise 1",
  "  init_fail",
  "}",
  "track_file verdict {",
  '  file "/run/bsfg/verdict"',
  "  weight 0",
  "  init_file 1",
  "}",
];
const trackUses = ["  track_script {", "    alive", "  }", "  track_file {", "    verdict", "  }"];
