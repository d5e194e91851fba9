// Asks the servers of a zone about its streams and their replicas. Answers arrive as `stream` events.

import { HarnessError, messageOf } from "#base/errors.ts";
import { type Look } from "#base/poll.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { StepContext } from "./step-context.ts";

const askTimeoutMs = 3_000;

type Asked = Pick<StepContext, "zone" | "history">;

/** Done when every stream has a leader and all its replicas are current. */
export async function lookAtStreams({ zone, history }: Asked): Promise<Look<true>> {
  // A server that holds no replica knows no stream; then the next one is asked.
  for (const node of upNodes({ zone, history })) {
    try {
      const reply = await zone.askNode(node, { do: "streams", timeoutMs: askTimeoutMs });
      if (reply.streams.length > 0) break;
    } catch (error) {
      return { saw: messageOf(error) };
    }
  }
  const { streams } = history;
  const lacking = streams.filter((one) => one.leader === null || one.replicas.some((replica) => !replica.isCurrent));
  if (streams.length === 0) return { saw: "no streams" };
  return lacking.length === 0 ? { done: true } : { saw: `${lacking.map((one) => one.stream).join(", ")} not current` };
}

/** Facts in the stream now, as its leader says; undefined when it does not answer. */
export async function countFacts(context: Asked): Promise<number | undefined> {
  await lookAtStreams(context);
  const answer = context.history.streams.find((one) => one.stream === context.zone.plan.contract.streams.facts);
  return answer?.error === undefined ? answer?.messages : undefined;
}

/**
 * Nodes that run and are not frozen. The active node comes first: its server is surely in the quorum.
 *
 * @throws HarnessError `run/internal` when there is none.
 */
export function upNodes({ zone, history }: Asked): [NodeName, ...NodeName[]] {
  const up = nodeNames.filter((name) => zone.node(name).isUp && !history.lastLook(name)?.isFrozen);
  const listens = (name: NodeName) => (history.lastLook(name)?.listens.length ?? 0) > 0;
  const [first, ...others] = [...up.filter(listens), ...up.filter((name) => !listens(name))];
  if (first === undefined) throw new HarnessError("run/internal", "no node of the zone is up");
  return [first, ...others];
}
