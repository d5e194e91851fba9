// Stops one service of a node as an operator would, so that the supervisor does not start it again.

import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import type { NodeName } from "#spec/node.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

type DownSpec = Pick<SpecOf<"service-down">, "node" | "service">;

const timeoutMs = 10_000;

/** A service that the operator's command can start and stop. Only some are stopped as a fault. */
interface Served {
  node: NodeName;
  service: DownSpec["service"] | "keepalived";
}

/** Runs the operator's command of the node contract. */
export async function command(zone: StartedZone, spec: Served, action: "start" | "stop"): Promise<void> {
  const argv = zone.plan.contract.services[spec.service]?.[action];
  if (!argv)
    throw new HarnessError("fault/impossible", `the profile names no command to ${action} ${spec.service}`, {
      remedy: `Name it in the profile: node.programs.${spec.service}.${action}`,
    });
  const request = { do: "run-inside", namespaces: ["net", "mnt", "pid"], argv, timeoutMs } as const;
  const { code, stderr } = await zone.askNode(spec.node, request, timeoutMs + 2_000);
  if (code !== 0)
    throw new HarnessError("image/breaks-contract", `${argv.join(" ")} on ${spec.node}: ${stderr.trim()}`);
}

/** Waits until the kernel shows a listener on the server's client port, or none. */
export async function untilListening(zone: StartedZone, spec: DownSpec, wanted: boolean): Promise<string> {
  const { natsClient } = zone.plan.contract.ports;
  const argv = ["ss", "-Hltn", `sport = :${natsClient}`];
  await pollUntil(
    async () => {
      const { stdout } = await zone.askNode(spec.node, { do: "run-inside", namespaces: ["net"], argv, timeoutMs });
      return (stdout.trim() !== "") === wanted ? { done: true } : { saw: stdout.trim() || "no listener" };
    },
    {
      what: `port ${natsClient} of ${spec.node} to be ${wanted ? "open" : "closed"}`,
      deadlineMs: timeoutMs,
      intervalMs: 20,
      code: wanted ? "fault/not-undone" : "fault/no-effect",
    },
  );
  return `port ${natsClient} of ${spec.node} is ${wanted ? "open" : "closed"}`;
}

export const serviceDown: Fault<"service-down"> = {
  inject: async (zone, spec) => {
    await command(zone, spec, "stop");
    return effectNow(await untilListening(zone, spec, false));
  },
  heal: async (zone, spec) => {
    if (!zone.node(spec.node).isUp) return "the node is down";
    await command(zone, spec, "start");
    return untilListening(zone, spec, true);
  },
};
