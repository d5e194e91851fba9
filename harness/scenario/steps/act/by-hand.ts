// Steps "start-by-hand" and "try-bind": what a person with a shell on a node could try, past the promotion flow.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { ServiceNode } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /**
     * Starts the controller as an operator would, and watches for `ms` which controller processes that starts. Watches
     * on, up to four times as long, while one is left.
     */
    "start-by-hand": { node: ServiceNode; ms: number };
    /**
     * Tries to bind the RPC port inside the node's network namespace, as any program there could: on the node's own
     * address, which must succeed, and on the VIP.
     */
    "try-bind": { node: ServiceNode };
  }
}

const timeoutMs = 5_000;
const furtherWatches = 3;

/**
 * Marks `started-by-hand` with the time of the command, its exit code, and the controller processes: how many were
 * seen, and how many were left at the end. The observer records whether one of them listens.
 */
export async function startByHand({ zone, history }: StepContext, step: StepOf<"start-by-hand">): Promise<void> {
  const command = zone.plan.contract.services.controller?.start;
  if (!command)
    throw new HarnessError("fault/impossible", "the profile names no command that starts the controller", {
      remedy: "Name it in the profile: node.programs.controller.start",
    });
  const atNs = nowNs();
  const watch = { do: "processes", match: "controller", forMs: step.ms } as const;
  const watched = zone.askNode(step.node, watch, step.ms + timeoutMs);
  const started = zone.askNode(step.node, {
    do: "run-inside",
    namespaces: ["net", "mnt", "pid"],
    argv: command,
    timeoutMs,
  });
  const [{ code, stderr }, first] = await Promise.all([started, watched]);
  if (code === 127 || code === 126)
    throw new HarnessError("image/breaks-contract", `${command.join(" ")} on ${step.node}: ${stderr.trim()}`);
  // On a busy machine a controller needs longer to see that it may not serve. What the harness started must be gone
  // before the next step looks for controllers.
  const seen = new Set(first.seen);
  let { left } = first;
  for (let more = 0; more < furtherWatches && left.length > 0; more += 1) {
    const later = await zone.askNode(step.node, watch, step.ms + timeoutMs);
    later.seen.forEach((pid) => seen.add(pid));
    ({ left } = later);
  }
  history.mark("started-by-hand", { node: step.node, atNs, code, seen: seen.size, left: left.length, command });
}

/** A plain bind with no option set: the kernel's answer to any ordinary program. */
const binder = `
  use Socket; use Errno;
  my ($address, $port) = @ARGV;
  socket(my $one, PF_INET, SOCK_STREAM, 0) or die "socket: $!\\n";
  print bind($one, sockaddr_in($port, inet_aton($address))) ? "bound" : (grep { $!{$_} } keys %!)[0];
`;

/** Writes two `bind` events. The program is the agent's; the node needs none. */
export async function tryBind({ zone, history }: StepContext, { node }: StepOf<"try-bind">): Promise<void> {
  const { vip, nodes, contract } = zone.plan;
  const port = contract.ports.rpc;
  for (const address of [nodes[node].zoneAddress, vip]) {
    const { code, stdout, stderr } = await zone.askNode(node, {
      do: "run-inside",
      namespaces: ["net"],
      argv: ["perl", "-e", binder, address, String(port)],
      timeoutMs,
    });
    if (code !== 0) throw new HarnessError("agent/refused", `the bind could not be tried: ${stderr.trim()}`);
    history.record({ t: nowNs(), type: "bind", node, target: `${address}:${port}`, outcome: stdout.trim() });
  }
}
