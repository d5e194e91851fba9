// Sends forged VRRP adverts as whole Ethernet frames: with a MAC of no node, and with any source address. A packet
// socket of Perl sends them from another node's interface on the segment, because Node opens no packet socket. tcpdump
// on each receiver's interface shows that they arrived.

import { delay, nowNs } from "#base/clock.ts";
import type { VrrpEvent } from "#history/event.ts";
import type { ForgedTally, ForgeFramesRequest } from "#protocol/commands/network.ts";
import { advertIn } from "../inspect/vrrp-line.ts";
import { deviceOf } from "../namespace/device.ts";
import { type Followed, follow, inNet, must } from "../namespace/programs.ts";
import { advertBytes, frameOf } from "./vrrp-packet.ts";

/** Faster than the real adverts: a node must believe each before the active node's own advert contradicts it. */
const gapS = 0.2;
const pollMs = 50;
/** Ends a sender whose agent is gone. */
const senderMaxS = 120;
/** Not the zone's: the reference zone has none. */
const wrongPassword = "forged";

/** Sends the frames in turn, and prints the number sent so far. 17: AF_PACKET. */
const sender = `
  use Socket;
  $| = 1;
  alarm(${senderMaxS});
  my ($number, @frames) = @ARGV;
  socket(my $out, 17, SOCK_RAW, 0) or die "socket: $!\\n";
  my $place = pack("S n i S C C a8", 17, 0x0800, $number, 0, 0, 6, "");
  for (my $sent = 0; ; select(undef, undef, undef, ${gapS})) {
    for (@frames) { send($out, pack("H*", $_), 0, $place) // die "send: $!\\n"; $sent++; }
    print "$sent\\n";
  }
`;

/** VRRP's multicast group. A node that uses it believes no advert to its own address. */
const group = { destinationMac: "01:00:5e:00:00:12", destination: "224.0.0.18" };

type Stream = ForgeFramesRequest["streams"][number];

export class FrameForgery {
  readonly #emit: (event: VrrpEvent) => void;
  #running: { programs: Followed[]; tally: ForgedTally } | undefined;

  constructor(emit: (event: VrrpEvent) => void) {
    this.#emit = emit;
  }

  /** @throws when a node saw no advert within `proofMs` */
  async start(request: ForgeFramesRequest): Promise<ForgedTally> {
    if (this.#running) throw new Error("frames are already being forged");
    const tally: ForgedTally = { sent: 0, arrived: {} };
    const programs: Followed[] = [];
    this.#running = { programs, tally };
    try {
      for (const stream of request.streams) programs.push(await this.#witness(request, stream, tally));
      for (const stream of request.streams) programs.push(await startSender(request, stream, tally));
      const untilNs = nowNs() + request.proofMs * 1e6;
      const lacking = () => request.streams.filter(({ node }) => (tally.arrived[node] ?? 0) === 0);
      while (lacking().length > 0 && nowNs() < untilNs) await delay(pollMs);
      const [first] = lacking();
      if (first) throw new Error(`${tally.sent} adverts were sent and ${first.node} saw none`);
    } catch (thrown) {
      this.stop();
      throw thrown;
    }
    return tally;
  }

  /** Idempotent. */
  stop(): ForgedTally {
    const running = this.#running;
    this.#running = undefined;
    for (const program of running?.programs ?? []) program.stop();
    return running?.tally ?? { sent: 0, arrived: {} };
  }

  async #witness({ sourceMac }: ForgeFramesRequest, { node, pid, address }: Stream, tally: ForgedTally) {
    const device = await deviceOf(pid, address);
    const filter = ["ip", "proto", "112", "and", "ether", "src", sourceMac];
    const argv = ["tcpdump", "-n", "-l", "-t", "--immediate-mode", "-Z", "root", "-Q", "in", "-i", device, ...filter];
    const witness = follow(inNet(pid, argv), (line) => {
      const advert = advertIn(line);
      if (!advert) return;
      tally.arrived[node] = (tally.arrived[node] ?? 0) + 1;
      this.#emit({ t: nowNs(), type: "vrrp", seenBy: node, segment: "control", ...advert, isForged: true });
    });
    await witness.said(/listening on/);
    return witness;
  }
}

/** To the node alone and to the group, each without authentication and with a wrong one, in turn. */
async function startSender(request: ForgeFramesRequest, stream: Stream, tally: ForgedTally): Promise<Followed> {
  const ends = { sourceMac: request.sourceMac, source: stream.source };
  const places = [{ destinationMac: stream.mac, destination: stream.address }, group];
  const adverts = [request, { ...request, password: wrongPassword }];
  const frames = adverts.flatMap((advert) =>
    places.map((place) => frameOf({ ...ends, ...place }, advertBytes(advert))),
  );
  const device = await deviceOf(stream.fromPid, stream.fromAddress);
  // /sys shows the interfaces of the agent's own namespace.
  const shown = await must(inNet(stream.fromPid, ["ip", "-j", "link", "show", "dev", device]));
  const [{ ifindex }] = JSON.parse(shown) as [{ ifindex: number }];
  let last = 0;
  return follow(
    inNet(stream.fromPid, ["perl", "-e", sender, `${ifindex}`, ...frames.map((frame) => frame.toString("hex"))]),
    (line) => {
      tally.sent += Number(line) - last;
      last = Number(line);
    },
  );
}
