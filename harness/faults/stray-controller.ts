// A program called "controller" that listens on the RPC port of every address of a node, beside what the node runs. It
// is the agent's own Node, started in the node's network and PID namespaces: the node image needs nothing for it, and
// the node's first process becomes its parent as it does of any orphan.

import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { ports } from "#spec/node.ts";
import type { RunInsideRequest } from "#protocol/commands/node.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "./fault.ts";

type StraySpec = SpecOf<"stray-controller">;

const timeoutMs = 5_000;
/** Who it is on the node's process list; a path, so that it counts as the name of a program. */
const name = "/opt/triad/stray/controller";
const program = `require("node:net").createServer((s) => s.destroy()).listen(${ports.rpc}, "0.0.0.0")`;
/** In the agent. */
const noteOf = (spec: StraySpec) => `/run/triad/stray-${spec.node}`;

type Run = Pick<RunInsideRequest, "namespaces" | "argv">;

async function inside(zone: StartedZone, spec: StraySpec, run: Run) {
  return zone.askNode(spec.node, {
    do: "run-inside",
    timeoutMs,
    ...run,
  });
}

async function untilListening(zone: StartedZone, spec: StraySpec, isWanted: boolean): Promise<string> {
  const wildcard = `0.0.0.0:${ports.rpc}`;
  await pollUntil(
    async () => {
      const { stdout } = await inside(zone, spec, {
        namespaces: ["net"],
        argv: ["ss", "-Hltn", `sport = :${ports.rpc}`],
      });
      return stdout.includes(wildcard) === isWanted ? { done: true } : { saw: stdout.trim() || "no listener" };
    },
    {
      what: `${wildcard} of ${spec.node} to be ${isWanted ? "open" : "closed"}`,
      deadlineMs: timeoutMs,
      intervalMs: 50,
      code: isWanted ? "fault/no-effect" : "fault/not-undone",
    },
  );
  return `${spec.node} ${isWanted ? "listens" : "does not listen"} on ${wildcard}`;
}

export const strayController: Fault<"stray-controller"> = {
  does: "A second controller process listens on every address of the node's RPC port.",
  inject: async (zone, spec) => {
    // The shell ends at once and leaves it to the node's first process; its PID there is kept for the undoing.
    const start = `setsid node -e '${program}' ${name} >/dev/null 2>&1 </dev/null &`;
    const command = `mkdir -p /run/triad && { ${start} } && echo $! >${noteOf(spec)}`;
    const { code, stderr } = await inside(zone, spec, { namespaces: ["net", "pid"], argv: ["sh", "-c", command] });
    if (code !== 0) throw new HarnessError("fault/no-effect", stderr.trim());
    return effectNow(await untilListening(zone, spec, true));
  },
  heal: async (zone, spec) => {
    if (!zone.node(spec.node).isUp) return "the node is down";
    const note = noteOf(spec);
    const end = `[ ! -e ${note} ] || { kill -9 "$(cat ${note})"; rm ${note}; }`;
    await inside(zone, spec, { namespaces: ["pid"], argv: ["sh", "-c", end] });
    return untilListening(zone, spec, false);
  },
};
