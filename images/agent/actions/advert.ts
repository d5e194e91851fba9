// Sends one VRRP advert that keepalived did not send, from inside a node's namespace. Perl opens the raw socket, which
// Node cannot; it is part of Debian's essential packages.

import type { AdvertRequest } from "#protocol/commands/network.ts";
import { inNet, must } from "../namespace/programs.ts";
import { advertBytes } from "./vrrp-packet.ts";

/** keepalived's default interval, which the receiver compares with its own. */
const advertS = 1;

/** Protocol 112; TTL 255, without which a receiver must drop it. */
const sender = `
  use Socket;
  my ($source, $destination, $hex) = @ARGV;
  socket(my $out, PF_INET, SOCK_RAW, 112) or die "socket: $!\\n";
  setsockopt($out, 0, 2, 255) or die "ttl: $!\\n"; # IPPROTO_IP, IP_TTL
  bind($out, sockaddr_in(0, inet_aton($source))) or die "bind: $!\\n";
  print send($out, pack("H*", $hex), 0, sockaddr_in(0, inet_aton($destination))) // die "send: $!\\n";
`;

/** Replies how many bytes the kernel took. @throws what the kernel says. */
export async function sendAdvert(request: AdvertRequest): Promise<{ bytes: number }> {
  const { pid, source, destination, routerId, priority, vip } = request;
  const hex = advertBytes({ routerId, priority, advertS, addresses: [vip] }).toString("hex");
  return { bytes: Number(await must(inNet(pid, ["perl", "-e", sender, source, destination, hex]))) };
}
