// A foreign host announces the VIP as its own by gratuitous ARP. No node has its MAC, so frames to it are lost. The
// announcements leave from another node's interface on the zone segment, which is another port of the same segment. The
// kernel of `node` counts those that arrive.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { NodeName } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Fault } from "../fault.ts";
import { NftTable } from "../network/nft-table.ts";
import { deviceWith, inNet, tryInNet } from "../run-in-net.ts";

type Claimed = SpecOf<"vip-claimed">;

const claimantMac = "02:42:00:bd:bd:01";
const note = "/run/triad/vip-claimed";

/** ARP requests and replies in turn, to everybody: RFC 5227 has requests, and old kernels believe replies only. */
const program = `
  use Socket;
  my ($note, $number, $gap, @frames) = @ARGV;
  alarm(3600);
  socket(my $out, 17, SOCK_RAW, 0) or die "socket: $!\\n";
  my $place = pack("S n i S C C a8", 17, 0x0806, $number, 0, 0, 6, "");
  open(my $file, ">", $note) or die "note: $!\\n"; print $file $$; close $file;
  for (;;) { for (@frames) { send($out, pack("H*", $_), 0, $place) // die "send: $!\\n"; } select(undef, undef, undef, $gap); }
`;

const senderOf = (node: NodeName): NodeName => (node === "gamma" ? "alpha" : "gamma");

/** Gratuitous ARP: sender and target are the claimed address. @param operation 1 request, 2 reply */
function frameOf(address: string, operation: 1 | 2): string {
  const mac = claimantMac.replaceAll(":", "");
  const ip = address
    .split(".")
    .map((octet) => Number(octet).toString(16).padStart(2, "0"))
    .join("");
  const target = operation === 1 ? "000000000000" : "ffffffffffff";
  return `ffffffffffff${mac}080600010800060400${operation.toString().padStart(2, "0")}${mac}${ip}${target}${ip}`;
}

const tableOf = (zone: StartedZone, { node }: Claimed): NftTable => new NftTable(zone, node, "vip_claimed");

export const vipClaimed: Fault<"vip-claimed"> = {
  inject: async (zone, spec) => {
    const from = senderOf(spec.node);
    const { device } = await deviceWith(zone, spec.node, zone.plan.nodes[spec.node].zoneAddress);
    await tableOf(zone, spec).install([
      { hook: "ingress", device, rules: [`ether saddr ${claimantMac} ether type arp counter`] },
    ]);
    const sender = await deviceWith(zone, from, zone.plan.nodes[from].zoneAddress);
    const link = await inNet(zone, from, ["ip", "-o", "link", "show", "dev", sender.device]);
    const number = /^(\d+):/.exec(link)?.[1] ?? "";
    const frames = [frameOf(zone.plan.vip, 1), frameOf(zone.plan.vip, 2)].join(" ");
    const script =
      `mkdir -p /run/triad; setsid perl -e "$1" ${note} ${number} ${spec.everyMs / 1_000} ${frames} ` +
      `</dev/null >/dev/null 2>&1 &`;
    const atNs = nowNs();
    await inNet(zone, from, ["sh", "-c", script, "claim", program]);
    const packets = await tableOf(zone, spec).untilCounted(`${spec.node} to hear the claim`);
    return { proof: `${spec.node} heard ${packets} claims of ${zone.plan.vip} by ${claimantMac}`, atNs };
  },
  heal: async (zone, spec) => {
    const from = senderOf(spec.node);
    const asks = zone.node(from).isUp ? from : spec.node;
    if (!zone.node(asks).isUp) return "the nodes are down";
    const end = `[ ! -e ${note} ] || { kill -9 "$(cat ${note})"; rm -f ${note}; }`;
    const { code, stderr } = await tryInNet(zone, asks, ["sh", "-c", end]);
    if (code !== 0) throw new HarnessError("fault/not-undone", `the claims go on: ${stderr.trim()}`);
    if (zone.node(spec.node).isUp) await tableOf(zone, spec).remove();
    return "no claim is sent any more";
  },
};
