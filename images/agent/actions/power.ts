// Power loss of nodes whose folders lie on file systems of their own: from one instant on no packet of them leaves or
// arrives and nothing more reaches their disks, and then every process dies. The packets are stopped by rules that the
// kernel begins to apply at a whole second (what nft can name); the disks by its shutdown call for a file system,
// without a flush of the journal, made by one program for all of them in that second. Nothing here brings a node back.

import { delay, nowNs } from "#base/clock.ts";
import type { PowerOffReply, PowerOffRequest } from "#protocol/commands/storage.ts";
import { deviceOf } from "../namespace/device.ts";
import { inNet, must, nodePath } from "../namespace/programs.ts";
import { darkText, packetsIn } from "./nft-text.ts";

/** Rules of all nodes must be in place before the second begins; a busy machine takes a while for them. */
const leadMs = 700;
const programTimeoutMs = 10_000;
/** Within it a node of a zone sends something, be it a ping. */
const packetDeadlineMs = 3_000;

/**
 * Opens the folders, leaves in each a file that is flushed and one that is not, waits for the second SECOND of the
 * clock, and shuts the file systems down. Writes a line a folder: before, after (CLOCK_MONOTONIC ns), errno of the
 * call, errno of a flushed write afterwards; and last the second on CLOCK_MONOTONIC. The numbers are those of x86-64
 * and of arm64: clock_gettime, fsync, syslog; the call is _IOR('X', 125, u32) for ext4 and xfs alike, with flag 2, no
 * log flush. The kernel says a line about each, which costs 2 to 5 ms where its console is a serial line: for these
 * calls the console is off.
 */
const program = `
use strict; use Fcntl; use POSIX ();
my ($second, @folders) = @ARGV;
my ($gettime, $fsync, $syslog) = (POSIX::uname())[4] eq "aarch64" ? (113, 82, 116) : (228, 74, 103);
sub ns { my $b = pack("qq", 0, 0); syscall($gettime, $_[0], $b); my ($s, $n) = unpack("qq", $b); $s * 1_000_000_000 + $n }
sub leave { my ($name, $isFlushed) = @_;
  sysopen(my $f, $name, O_WRONLY | O_CREAT | O_TRUNC) or return $! + 0;
  defined(syswrite($f, "triad" x 4096)) or return $! + 0;
  return 0 unless $isFlushed;
  syscall($fsync, fileno($f)) == 0 or return $! + 0; return 0 }
my @open;
for my $folder (@folders) {
  my $errno = leave("$folder/.triad-flushed", 1) || leave("$folder/.triad-unflushed", 0);
  die "$folder: errno $errno\\n" if $errno;
  sysopen(my $handle, $folder, O_RDONLY | O_DIRECTORY) or die "$folder: $!\\n";
  push @open, $handle }
my $at = $second * 1_000_000_000; my $left;
die "the second is over\\n" if ns(0) > $at;
while (($left = $at - ns(0)) > 0) { select(undef, undef, undef, ($left - 2_000_000) / 1e9) if $left > 4_000_000 }
my @lines;
syscall($syslog, 6, 0, 0);
for my $handle (@open) { my $flags = pack("L", 2); my $before = ns(1);
  my $errno = defined(ioctl($handle, 0x8004587d, $flags)) ? 0 : $! + 0; push @lines, [$before, ns(1), $errno] }
syscall($syslog, 7, 0, 0);
my $cut = ns(1) - (ns(0) - $at);
for my $i (0 .. $#folders) { print join(" ", @{$lines[$i]}, leave("$folders[$i]/.triad-after", 1)), "\\n" }
print "$cut\\n";
`;

/**
 * Before everything that is not real-time, so that no busy host comes between two of the calls; as observe/first.ts
 * does it.
 */
const first = [
  "sh",
  "-c",
  'for at in /proc/1/root/sys/fs/cgroup /sys/fs/cgroup; do for in in cpu cpu,cpuacct; do echo $$ >"$at/$in/tasks" && break 2; done; done 2>/dev/null; chrt --fifo --pid 1 $$ 2>/dev/null; exec "$@"',
  "first",
];

export async function powerOff({ targets }: PowerOffRequest): Promise<PowerOffReply> {
  const rules = await Promise.all(
    targets.map(async ({ pid, addresses }) => ({
      pid,
      devices: await Promise.all(addresses.map((address) => deviceOf(pid, address))),
    })),
  );
  const second = Math.ceil((Date.now() + leadMs) / 1000);
  const folders = targets.flatMap(({ pid, folders: all }) => all.map((path) => nodePath(pid, path)));
  const off = must([...first, "perl", "-e", program, String(second), ...folders], { timeoutMs: programTimeoutMs });
  const ruled = rules.map(({ pid, devices }) =>
    must(inNet(pid, ["nft", "-f", "-"]), { input: darkText(devices, second) }),
  );
  const [told] = await Promise.all([off, ...ruled.map((each) => each.then(() => inTime(second)))]);
  const lines = told
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  const packets = await Promise.all(targets.map(({ pid }) => refused(pid)));
  for (const { pid } of targets) process.kill(pid, "SIGKILL");
  return {
    cutNs: lines.at(-1)![0]!,
    packets,
    stores: folders.map((_, place) => {
      const [beforeNs, shutNs, errno, errnoAfter] = lines[place] as [number, number, number, number];
      return { beforeNs, shutNs, errno, errnoAfter };
    }),
  };
}

/** A rule that came after its second was no instant. */
function inTime(second: number): void {
  if (Date.now() >= second * 1000) throw new Error("the rules were not in place before their second began");
}

/** Packets that the rules dropped; waits for the first. 0: none came. */
async function refused(pid: number): Promise<number> {
  const untilNs = nowNs() + packetDeadlineMs * 1e6;
  for (;;) {
    const packets = packetsIn(await must(inNet(pid, ["nft", "list", "table", "netdev", "triad_dark"])));
    if (packets > 0 || nowNs() > untilNs) return packets;
    await delay(20);
  }
}
