// A program called "controller" listens on the RPC port of every address of a node, although the node did not start it.
// It is the agent's own Node.js in the node's network and PID namespaces, so the node image needs no support for it.
// The node's first process becomes its parent, as of any orphan.

import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import type { RunInsideRequest } from "#protocol/commands/node.ts";
import { strayProgram } from "#spec/program.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

type StraySpec = SpecOf<"stray-controller">;

const timeoutMs = 5_000;
const programOn = (port: number) => `require("node:net").createServer((s) => s.destroy()).listen(${port}, "0.0.0.0")`;
/** File in the agent that holds its PID. */
const pidFileOf = (spec: StraySpec) => `/run/triad/stray-${spec.node}`;

type Run = Pick<RunInsideRequest, "namespaces" | "argv">;

async function inside(zone: StartedZone, spec: StraySpec, run: Run) {
  return zone.askNode(spec.node, {
    do: "run-inside",
    timeoutMs,
    ...run,
  });
}

async function untilListening(zone: StartedZone, spec: StraySpec, isWanted: boolean): Promise<string> {
  const { rpc } = zone.plan.contract.ports;
  const wildcard = `0.0.0.0:${rpc}`;
  await pollUntil(
    async () => {
      const { stdout } = await inside(zone, spec, {
        namespaces: ["net"],
        argv: ["ss", "-Hltn", `sport = :${rpc}`],
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
  inject: async (zone, spec) => {
    // The shell ends at once, so the node's first process adopts the program. Healing needs its PID.
    const start = `setsid node -e '${programOn(zone.plan.contract.ports.rpc)}' ${strayProgram} >/dev/null 2>&1 </dev/null &`;
    const command = `mkdir -p /run/triad && { ${start} } && echo $! >${pidFileOf(spec)}`;
    const { code, stderr } = await inside(zone, spec, { namespaces: ["net", "pid"], argv: ["sh", "-c", command] });
    if (code !== 0) throw new HarnessError("fault/no-effect", stderr.trim());
    return effectNow(await untilListening(zone, spec, true));
  },
  heal: async (zone, spec) => {
    if (!zone.node(spec.node).isUp) return "the node is down";
    const pidFile = pidFileOf(spec);
    const end = `[ ! -e ${pidFile} ] || { kill -9 "$(cat ${pidFile})"; rm ${pidFile}; }`;
    await inside(zone, spec, { namespaces: ["pid"], argv: ["sh", "-c", end] });
    return untilListening(zone, spec, false);
  },
};
