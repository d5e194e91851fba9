// Attaches to a zone that another process started and left running. It has no observer, and its keys stayed with its
// maker.

import type Docker from "dockerode";
import { HarnessError } from "#base/errors.ts";
import { label } from "#engine/labels.ts";
import { isNodeName } from "#spec/node.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { StartedZone } from "./zone.ts";
import { containersOf } from "./zone-containers.ts";
import { ZoneParts } from "./zone-parts.ts";
import type { ZoneRequest } from "./zone-request.ts";

/** Finds the containers by label. @throws HarnessError `zone/not-running` */
export async function attachZone(request: ZoneRequest, plan: ZonePlan): Promise<StartedZone> {
  const parts = new ZoneParts(request, plan);
  const containers = await containersOf(request.docker, plan);
  // No fault touches the agent: without it the whole zone was ended.
  const agent = containers.find((one) => one.Labels[label.role] === "agent" && one.State === "running");
  if (!agent) throw notRunning(containers);
  parts.agent.use(agent.Id);
  for (const one of containers) {
    const role = one.Labels[label.role] ?? "";
    if (isNodeName(role)) await parts.adopt(role, one.Id, one.State === "running" || one.State === "paused");
  }
  await parts.agent.openActuator();
  return new StartedZone(parts);
}

function notRunning(containers: Docker.ContainerInfo[]): HarnessError {
  const states = containers.map((one) => `${one.Labels[label.role]} ${one.State}`).sort();
  return new HarnessError("zone/not-running", `the zone's agent does not run: ${states.join(", ") || "no containers"}`);
}
