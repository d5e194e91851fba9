// MON-7: the leader of the meta group hears both other voters.

import { nodeNames } from "#spec/node.ts";
import { gone, green, type MonitorRule, red } from "../rule.ts";
import { isHeard, type ServerAnswer, serverAnswers, unseenNode, type Voter } from "../server-answers.ts";

export const votersVisible: MonitorRule = {
  reads: "both",
  needsAgreement: true,
  judge: (zone) => {
    const unseen = unseenNode(zone);
    if (unseen) return gone(`no data of ${unseen} yet`);
    const answers = serverAnswers(zone);
    if (answers.length === 0) return gone("no server answers");
    const leading = leaderOf(answers);
    if (!leading) return red("no server that answers leads the group");
    const { name: leader, voters } = leading;
    const seen = new Set([leader, ...voters.filter((one) => isHeard(zone, one)).map((one) => one.name)]);
    const missing = nodeNames.filter((name) => !seen.has(name));
    if (missing.length > 0) return red(`the leader ${leader} does not see ${missing.join(" and ")}`);
    const others = [...seen].filter((name) => !(nodeNames as readonly string[]).includes(name));
    return others.length > 0
      ? red(`${others.join(", ")} votes too`)
      : green(`the leader ${leader} hears both other voters`);
  },
};

/** The leader that most servers name. A deposed leader may still call itself the leader. */
function leaderOf(answers: readonly ServerAnswer[]): { name: string; voters: Voter[] } | undefined {
  const supporters = (name: string) => answers.filter(({ server }) => server.leader === name).length;
  const leading = answers
    .filter(({ name, server }) => server.leader === name && server.voters)
    .sort((a, b) => supporters(b.name) - supporters(a.name))[0];
  return leading && { name: leading.name, voters: leading.server.voters! };
}
