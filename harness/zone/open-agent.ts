// Starts a role of the agent in its container: `node agent.cjs ROLE`, with its streams attached.

import type { AgentRole } from "#protocol/commands.ts";
import { type AgentListener, AgentProcess } from "./agent-process.ts";
import { type InContainer, startProgram } from "./exec.ts";

export interface OpenOptions<Role extends AgentRole> {
  role: Role;
  listener: AgentListener;
  /** A program that starts the agent, for example one that enters another namespace first. */
  prefix?: string[];
}

/** @throws HarnessError `agent/lost` when the role is not ready in time. */
export async function openAgent<Role extends AgentRole>(
  agent: InContainer,
  { role, listener, prefix = [] }: OpenOptions<Role>,
): Promise<AgentProcess<Role>> {
  const argv = [...prefix, "node", "/opt/triad/agent.cjs", role];
  const { stream, stdout, stderr } = await startProgram(agent, argv, true);
  stderr.setEncoding("utf8").on("data", (chunk: string) => chunk.trim().split("\n").forEach(listener.onNoise));
  const ended = new Promise<void>((resolve) => {
    const end = () => resolve();
    stream.once("close", end).once("end", end).once("error", end);
  });
  return AgentProcess.over(role, { input: stream, output: stdout, ended }, listener);
}
