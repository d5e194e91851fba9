// Delays what a node sends on one interface, where the kernel has no netem: nft forwards the frames to a tap device,
// and a Perl program of the agent holds each one and sends it on. Perl, because Node opens no tap and no packet socket.
// It runs at the highest nice level: the cgroup of the agent refuses real-time priority.

import { HarnessError } from "#base/errors.ts";
import type { NodeName } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import { inNet, tryInNet } from "../run-in-net.ts";

/** The mark of frames that the relay has sent on, so that nft does not forward them again. */
export const relayedMark = "0x7a1";

/**
 * Arguments: note of its PID, tap, number of the interface, delay and jitter in ms, percent of frames that are sent at
 * once and so overtake others. Without these, the order is kept. 0x400454ca: TUNSETIFF with IFF_TAP and IFF_NO_PI. 36:
 * SO_MARK. 17: AF_PACKET. The alarm ends a relay that was left behind.
 */
const program = `
  use Socket; use Fcntl; use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
  my ($note, $tap, $number, $delay, $jitter, $overtakes) = @ARGV;
  alarm(3600);
  sysopen(my $in, "/dev/net/tun", O_RDWR | O_NONBLOCK) or die "tun: $!\\n";
  ioctl($in, 0x400454ca, pack("a16 S x22", $tap, 0x1002)) or die "tap: $!\\n";
  system("ip", "link", "set", $tap, "up") and die "the tap does not come up\\n";
  socket(my $out, 17, SOCK_RAW, 0) or die "socket: $!\\n";
  setsockopt($out, SOL_SOCKET, 36, pack("I", ${relayedMark})) or die "mark: $!\\n";
  my $place = pack("S n i S C C a8", 17, 0x0800, $number, 0, 0, 6, "");
  open(my $file, ">", $note) or die "note: $!\\n"; print $file $$; close $file;
  my (@queue, $last);
  for (;;) {
    my $now = clock_gettime(CLOCK_MONOTONIC);
    while (@queue && $queue[0][0] <= $now) { send($out, (shift @queue)->[1], 0, $place); }
    my $wait = @queue ? $queue[0][0] - clock_gettime(CLOCK_MONOTONIC) : 1;
    my $ready = ""; vec($ready, fileno($in), 1) = 1;
    select($ready, undef, undef, $wait > 0 ? $wait : 0);
    while (sysread($in, my $frame, 65535)) {
      if (rand(100) < $overtakes) { send($out, $frame, 0, $place); next; }
      my $due = clock_gettime(CLOCK_MONOTONIC) + ($delay + (rand(2) - 1) * $jitter) / 1000;
      $due = $last if defined $last && $due < $last;
      $last = $due;
      push @queue, [$due, $frame];
    }
  }
`;

export interface Delays {
  delayMs: number;
  jitterMs: number;
  reorderPercent: number;
}

export class Relay {
  readonly #zone: StartedZone;
  readonly #node: NodeName;
  readonly #device: string;
  /** The tap, in the node's network namespace. */
  readonly tap: string;

  constructor(zone: StartedZone, node: NodeName, device: string) {
    this.#zone = zone;
    this.#node = node;
    this.#device = device;
    this.tap = `tap-${device}`;
  }

  /** Returns when the relay is ready. Forwarding to the tap is left to the caller. */
  async start({ delayMs, jitterMs, reorderPercent }: Delays): Promise<void> {
    await this.stop();
    const link = await inNet(this.#zone, this.#node, ["ip", "-o", "link", "show", "dev", this.#device]);
    const number = /^(\d+):/.exec(link)?.[1] ?? "";
    const figures = [delayMs, jitterMs, reorderPercent].join(" ");
    // The shell waits for the note, at most 2 s. What the relay says before that is the reason of a failure.
    const script =
      `mkdir -p /run/triad; setsid nice -n -19 perl -e "$1" ${this.#note} ${this.tap} ${number} ${figures} ` +
      `</dev/null >/dev/null 2>${this.#note}.err & for i in $(seq 40); do [ -e ${this.#note} ] && exit 0; sleep 0.05; done; ` +
      `cat ${this.#note}.err >&2; exit 1`;
    await inNet(this.#zone, this.#node, ["sh", "-c", script, "relay", program]);
  }

  /** Idempotent. @throws HarnessError `fault/not-undone` when the tap is still there */
  async stop(): Promise<void> {
    const end = `[ ! -e ${this.#note} ] || { kill -9 "$(cat ${this.#note})"; rm -f ${this.#note} ${this.#note}.err; }`;
    await tryInNet(this.#zone, this.#node, ["sh", "-c", end]);
    const gone = `for i in $(seq 40); do ip link show ${this.tap} >/dev/null 2>&1 || exit 0; sleep 0.05; done; exit 1`;
    const { code } = await tryInNet(this.#zone, this.#node, ["sh", "-c", gone]);
    if (code !== 0) throw new HarnessError("fault/not-undone", `the relay of ${this.#node} still runs`);
  }

  get #note(): string {
    return `/run/triad/relay-${this.#node}-${this.#device}`;
  }
}
