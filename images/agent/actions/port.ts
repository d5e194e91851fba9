// Takes a port inside a node's network namespace with our own listener, and gives it back. The listener may be on an
// address that the node does not have yet (IP_FREEBIND). Node cannot set that option, so Perl does; it is part of
// Debian's essential packages.

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { delay, nowNs } from "#base/clock.ts";
import type { PortRequest } from "#protocol/commands/network.ts";
import { holderNote, notesFolder } from "../observe/held-port.ts";
import { inNet, must } from "../namespace/programs.ts";

const proofMaxMs = 3_000;

/**
 * Writes its PID to a note before it listens, so that the observer never counts the listener as the node's. It accepts
 * and closes connections: the port must look served, not dead.
 */
const holder = `
  use Socket;
  my ($note, $address, $port) = @ARGV;
  open(my $file, ">", $note) or die "note: $!\\n"; print $file $$; close $file;
  socket(my $listener, PF_INET, SOCK_STREAM, 0) or die "socket: $!\\n";
  setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1);
  setsockopt($listener, 0, 15, 1) or die "freebind: $!\\n"; # IPPROTO_IP, IP_FREEBIND
  bind($listener, sockaddr_in($port, inet_aton($address))) or die "bind: $!\\n";
  listen($listener, 64) or die "listen: $!\\n";
  while (1) { accept(my $client, $listener) and close $client }
`;

/** @throws when our listener does not appear, or does not go */
export async function setPort(request: PortRequest): Promise<{ listeners: string[] }> {
  const { pid, address, port, isHeld } = request;
  if (!isHeld) await stop(holderNote(pid));
  else {
    start(request, holderNote(pid));
    await until(
      async () => (await listenersOn(pid, port)).includes(`${address}:${port}`),
      `${address}:${port} to be held`,
    );
  }
  return { listeners: await listenersOn(pid, port) };
}

function start({ pid, address, port }: PortRequest, note: string): void {
  if (existsSync(note)) throw new Error(`a port of process ${pid} is already held`);
  mkdirSync(notesFolder, { recursive: true });
  const argv = inNet(pid, ["perl", "-e", holder, note, address, String(port)]);
  // Its stderr goes to ours, which the harness keeps.
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ["ignore", "ignore", "inherit"], detached: true });
  child.on("error", (error) => process.stderr.write(`port holder: ${error.message}\n`));
  child.unref();
}

/** Idempotent. */
async function stop(note: string): Promise<void> {
  if (!existsSync(note)) return;
  const pid = Number(readFileSync(note, "utf8"));
  const isGone = () => {
    try {
      process.kill(pid, "SIGKILL");
      return false;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return true;
      throw error;
    }
  };
  await until(isGone, `process ${pid} to end`);
  rmSync(note, { force: true });
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const untilNs = nowNs() + proofMaxMs * 1e6;
  while (!(await isSo())) {
    if (nowNs() > untilNs) throw new Error(`waited ${proofMaxMs} ms for ${what}`);
    await delay(10);
  }
}

async function listenersOn(pid: number, port: number): Promise<string[]> {
  const text = await must(inNet(pid, ["ss", "-Hltn", `sport = :${port}`]));
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/)[3] ?? "")
    .filter((at) => at !== "");
}
