// Sends a VRRP advert that keepalived did not send, from inside a node's namespace. The bytes are made here; Perl, which
// Debian always has, opens the raw socket that Node cannot.

import type { AdvertRequest } from "#protocol/commands/network.ts";
import { inNet, must } from "../namespace/inside.ts";

/** RFC 3768: version 2, type 1, no authentication, an interval of one second. The kernel adds the IP header. */
export function advertBytes({ routerId, priority, vip }: Pick<AdvertRequest, "routerId" | "priority" | "vip">): Buffer {
  const address = vip.split(".").map(Number);
  // Eight bytes of authentication data follow the address in version 2, zero where there is none.
  const bytes = Buffer.from([0x21, routerId, priority, 1, 0, 1, 0, 0, ...address, 0, 0, 0, 0, 0, 0, 0, 0]);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  bytes.writeUInt16BE(~sum & 0xffff, 6);
  return bytes;
}

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
  const { pid, source, destination } = request;
  const hex = advertBytes(request).toString("hex");
  return { bytes: Number(await must(inNet(pid, ["perl", "-e", sender, source, destination, hex]))) };
}
