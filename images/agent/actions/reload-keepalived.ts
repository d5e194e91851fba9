// Has a node's keepalived read its configuration again, the same or a changed one: SIGHUP to its main process. The
// proof is the kernel's: the new file has an access time of long ago, which the kernel sets when somebody reads it.

import { existsSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { delay, nowNs, wallMs } from "#base/clock.ts";
import type { ReloadReply, ReloadRequest } from "#protocol/commands/node.ts";
import { nodePath } from "../namespace/programs.ts";
import { parseStat } from "../observe/proc-stat.ts";
import { targetsOf } from "./signal.ts";

const proofMaxMs = 3_000;
const defaultFile = "/etc/keepalived/keepalived.conf";
const priorityLine = /^(\s*priority\s+)(\d+)/m;

/** @throws when the node runs no keepalived, when its file has no priority, or when it does not read the file again */
export async function reloadKeepalived({ pid: nodePid, priorityBy }: ReloadRequest): Promise<ReloadReply> {
  const pid = await untilRuns(nodePid);
  const file = fileOf(readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"));
  const path = nodePath(nodePid, file);
  const text = change(path, priorityBy ?? 0);
  const mode = statSync(path).mode;
  const draft = `${path}.new`;
  writeFileSync(draft, text, { mode });
  utimesSync(draft, 0, wallMs() / 1e3);
  renameSync(draft, path);
  const fromNs = nowNs();
  process.kill(pid, "SIGHUP");
  while (statSync(path).atimeMs === 0) {
    const afterMs = (nowNs() - fromNs) / 1e6;
    if (afterMs > proofMaxMs) throw new Error(`keepalived (pid ${pid}) did not read ${file} within ${proofMaxMs} ms`);
    await delay(2);
  }
  if (mainProcess(nodePid) !== pid) throw new Error(`keepalived (pid ${pid}) ended at the reload`);
  return { pid, file, afterMs: (nowNs() - fromNs) / 1e6, priority: Number(priorityLine.exec(text)![2]) };
}

/** The text to write. The original is kept beside it while there is a change. */
function change(path: string, priorityBy: number): string {
  const kept = `${path}.triad-original`;
  const original = readFileSync(existsSync(kept) ? kept : path, "utf8");
  const text = withPriority(original, priorityBy);
  if (priorityBy === 0) rmSync(kept, { force: true });
  else writeFileSync(kept, original);
  return text;
}

/** Pure. @throws when the text has no priority */
export function withPriority(text: string, by: number): string {
  if (!priorityLine.test(text)) throw new Error("the configuration has no priority");
  return text.replace(priorityLine, (_, words: string, priority: string) => `${words}${Number(priority) + by}`);
}

/** The file that keepalived's command line names. Pure. */
export function fileOf(argv: readonly string[]): string {
  const joined = argv.find((one) => /^(?:-f|--use-file=)./.test(one));
  const place = argv.findIndex((one) => one === "-f" || one === "--use-file");
  return joined?.replace(/^(?:-f|--use-file=)/, "") ?? (place < 0 ? undefined : argv[place + 1]) ?? defaultFile;
}

/** The supervisor may be about to start it. */
async function untilRuns(nodePid: number): Promise<number> {
  const untilNs = nowNs() + proofMaxMs * 1e6;
  for (;;) {
    const pid = mainProcess(nodePid);
    if (pid !== undefined) return pid;
    if (nowNs() > untilNs) throw new Error("the node runs no keepalived");
    await delay(2);
  }
}

/** keepalived is a process with children of the same name; only the first takes the signal. */
function mainProcess(nodePid: number): number | undefined {
  const pids = targetsOf(nodePid, "keepalived").map((target) => target.pid);
  return pids.find((pid) => !pids.includes(parseStat(readFileSync(`/proc/${pid}/stat`, "latin1")).parent));
}
