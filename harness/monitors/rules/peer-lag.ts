// MON-11: the peer zone confirms facts in time. One slow answer does not matter: the last known lag counts until it is
// as old as any silence.

import { gone, green, type MonitorRule, red } from "../rule.ts";

export const peerLag: MonitorRule = {
  reads: "sample",
  judge: ({ t, exchange, limits }) => {
    if (!exchange || t - exchange.t > limits.silentMs * 1e6) return gone("the lag of the peer is unknown");
    const { lagMs, facts } = exchange;
    const count = facts === undefined ? "" : `, ${facts} facts`;
    const why = `the peer lags ${(lagMs / 1_000).toFixed(1)} s${count}`;
    return lagMs > limits.lagMaxMs || (facts ?? 0) > limits.lagMaxFacts ? red(why) : green(why);
  },
};
