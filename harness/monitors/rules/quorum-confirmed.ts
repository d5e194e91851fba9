// MON-8: a majority of servers names one leader, and that leader has heard a majority recently. The answer of a single
// server about itself does not count.

import { nodeNames } from "#spec/node.ts";
import { gone, green, type MonitorRule, red } from "../rule.ts";
import { isHeard, serverAnswers, unseenNode } from "../server-answers.ts";

const majority = Math.floor(nodeNames.length / 2) + 1;

export const quorumConfirmed: MonitorRule = {
  reads: "both",
  needsAgreement: true,
  judge: (zone) => {
    const unseen = unseenNode(zone);
    if (unseen) return gone(`no data of ${unseen} yet`);
    const answers = serverAnswers(zone);
    if (answers.length === 0) return gone("no server answers");
    if (answers.length < majority) return red(`only ${answers.map((one) => one.name).join(", ")} answers`);
    const votes = new Map<string, number>();
    for (const { server } of answers) if (server.leader) votes.set(server.leader, (votes.get(server.leader) ?? 0) + 1);
    const [leader, count] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
    if (count < majority)
      return red(count === 0 ? "no server knows a leader" : `only one server names ${leader} as leader`);
    const named = answers.find((one) => one.name === leader);
    const voters = named?.server.voters;
    if (!voters)
      return red(`${count} servers name ${leader} as leader, but it ${named ? "does not lead" : "does not answer"}`);
    const heard = voters.filter((one) => isHeard(zone, one)).length;
    if (heard + 1 < majority)
      return red(`the leader ${leader} has heard no other voter for ${zone.limits.voterSilentMs} ms`);
    return green(`${count} servers name ${leader} as leader, which hears ${heard} of the other voters`);
  },
};
