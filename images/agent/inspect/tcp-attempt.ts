// Tries TCP connections and records how each ended: answered, refused by a kernel, or neither. Sends nothing.

import { nowNs } from "#base/clock.ts";
import type { AttemptEvent } from "#history/event.ts";
import type { AttemptRequest } from "#protocol/commands/network.ts";
import { inNet, run } from "../namespace/programs.ts";
import type { Emit } from "../role/outlet.ts";

/** Error texts of bash, in the words of strerror. */
const outcomes: readonly [RegExp, AttemptEvent["outcome"]][] = [
  [/Connection refused/, "refused"],
  [/No route to host|Network is unreachable/, "unreachable"],
  [/timed out/, "timeout"],
];
const killedCode = 124;

/** Emits one `attempt` event for each target, once all have ended. @throws when a target is not address:port. */
export async function emitAttempts(request: AttemptRequest, emit: Emit): Promise<void> {
  (await attemptAll(request)).forEach(emit);
}

/** From the network namespace of a node, or of this program. */
function attemptAll({ pid, from, targets, timeoutMs }: AttemptRequest): Promise<AttemptEvent[]> {
  return Promise.all(
    targets.map(async (target) => {
      const outcome = await attempt(pid ?? process.pid, target, timeoutMs);
      return { t: nowNs(), type: "attempt", from, target, outcome };
    }),
  );
}

async function attempt(pid: number, target: string, timeoutMs: number): Promise<AttemptEvent["outcome"]> {
  const [, host, port] = /^([\d.]+):(\d+)$/.exec(target) ?? [];
  if (!host || !port) throw new Error(`not address:port: ${target}`);
  const { code, stderr } = await run(inNet(pid, ["bash", "-c", `exec 3<>/dev/tcp/${host}/${port}`]), { timeoutMs });
  if (code === 0) return "connected";
  if (code === killedCode) return "timeout";
  return outcomes.find(([words]) => words.test(stderr))?.[1] ?? "unreachable";
}
