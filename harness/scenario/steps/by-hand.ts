// The steps "start-by-hand" and "try-bind": what somebody with a shell on a node could try, past the promotion flow.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { ports, type ServiceNode } from "#spec/node.ts";
import type { Step } from "#spec/scenario.ts";
import type { StepContext } from "../step-context.ts";

const timeoutMs = 5_000;
/** The operator's command of the node contract. */
const command = ["/opt/bsfg/bin/service", "start", "controller"];

/**
 * Marks `started-by-hand` with the instant of the command, the command's exit code, how many controller processes were
 * seen in the time watched and how many were left at its end. Whether any of them listens is the observer's to say.
 */
export async function startByHand(
  { zone, feed }: StepContext,
  step: Extract<Step, { step: "start-by-hand" }>,
): Promise<void> {
  const atNs = nowNs();
  const watched = zone.askNode(
    step.node,
    { do: "processes", match: "controller", forMs: step.ms },
    step.ms + timeoutMs,
  );
  const started = zone.askNode(step.node, {
    do: "run-inside",
    namespaces: ["net", "mnt", "pid"],
    argv: command,
    timeoutMs,
  });
  const [{ code, stderr }, { seen, left }] = await Promise.all([started, watched]);
  if (code === 127 || code === 126)
    throw new HarnessError("image/breaks-contract", `${command.join(" ")} on ${step.node}: ${stderr.trim()}`);
  feed.mark("started-by-hand", { node: step.node, atNs, code, seen: seen.length, left: left.length });
}

/** Plain bind, no option set: what the kernel says to any program that does nothing out of the way. */
const binder = `
  use Socket; use Errno;
  my ($address, $port) = @ARGV;
  socket(my $one, PF_INET, SOCK_STREAM, 0) or die "socket: $!\\n";
  print bind($one, sockaddr_in($port, inet_aton($address))) ? "bound" : (grep { $!{$_} } keys %!)[0];
`;

/** Writes a `bind` event. The program is the agent's; the node needs none. */
export async function tryBind({ zone, feed }: StepContext, node: ServiceNode): Promise<void> {
  const { vip } = zone.plan;
  const { code, stdout, stderr } = await zone.askNode(node, {
    do: "run-inside",
    namespaces: ["net"],
    argv: ["perl", "-e", binder, vip, String(ports.rpc)],
    timeoutMs,
  });
  if (code !== 0) throw new HarnessError("agent/refused", `the bind could not be tried: ${stderr.trim()}`);
  feed.record({ t: nowNs(), type: "bind", node, target: `${vip}:${ports.rpc}`, outcome: stdout.trim() });
}
