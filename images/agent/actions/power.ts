// Power loss of nodes whose folders are file systems of their own. From one instant on, none of their packets leaves or
// arrives and nothing more reaches their disks; then every process is killed. nft rules that apply from a whole second
// on stop the packets. The kernel's shutdown call, without a flush of the journal, stops the file systems; one program
// makes it for all of them in that second.

import { delay, nowNs } from "#base/clock.ts";
import type { PowerOffReply, PowerOffRequest } from "#protocol/commands/storage.ts";
import { deviceOf } from "../namespace/device.ts";
import { inNet, must, nodePath } from "../namespace/programs.ts";
import { darkText, packetsIn } from "./nft-text.ts";

/** Time for all rules to be in place before the second begins, also on a busy machine. */
const leadMs = 700;
const programTimeoutMs = 10_000;
/** Every node of a zone sends something within this time, if only a ping. */
const packetDeadlineMs = 3_000;

/**
 * Opens the folders, writes one flushed and one unflushed file in each, waits for second SECOND of the clock, and shuts
 * the file systems down. Prints a line for each folder: before, after (CLOCK_MONOTONIC ns), errno of the call, errno of
 * a later flushed write. Prints the second on CLOCK_MONOTONIC last. The syscall numbers are those of x86-64 and arm64:
 * clock_gettime, fsync, syslog. The call is _IOR('X', 125, u32) for ext4 and xfs, with flag 2: no log flush. The kernel
 * logs a line for each, which costs 2 to 5 ms on a serial console, so the console is off during these calls.
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
 * Runs the program with real-time priority, so that a busy host does not come between two of the calls.
 * observe/real-time.ts does the same.
 */
const realTime = [
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
  const off = must([...realTime, "perl", "-e", program, String(second), ...folders], { timeoutMs: programTimeoutMs });
  const ruled = rules.map(({ pid, devices }) =>
    must(inNet(pid, ["nft", "-f", "-"]), { input: darkText(devices, second) }),
  );
  const [told] = await Promise.all([off, ...ruled.map((each) => each.then(() => inTime(second)))]);
  const lines = told
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  const packets = await Promise.all(targets.map(({ pid }) => droppedPackets(pid)));
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

/** A rule that came after its second would make no single instant. */
function inTime(second: number): void {
  if (Date.now() >= second * 1000) throw new Error("the rules were not in place before their second began");
}

/** Waits for the first packet that the rules dropped. Returns 0 when none came. */
async function droppedPackets(pid: number): Promise<number> {
  const untilNs = nowNs() + packetDeadlineMs * 1e6;
  for (;;) {
    const packets = packetsIn(await must(inNet(pid, ["nft", "list", "table", "netdev", "triad_dark"])));
    if (packets > 0 || nowNs() > untilNs) return packets;
    await delay(20);
  }
}
