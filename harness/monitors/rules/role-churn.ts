// MON-2: few role transitions in a window. The larger of two counts decides: changes of the VIP in the kernel, and the
// states that keepalived reports. What keepalived reports can therefore never hide a change.

import { green, type MonitorRule, red } from "../rule.ts";

export const roleChurn: MonitorRule = {
  reads: "observer",
  judge: ({ t, limits, transitions }) => {
    const { churnWindowMs, churnMax } = limits;
    const count = (stamps: readonly number[]) => stamps.filter((one) => one > t - churnWindowMs * 1e6).length;
    const counted = Math.max(count(transitions.kernel), count(transitions.reported));
    const why = `${counted} role transitions in ${churnWindowMs / 1000} s`;
    return counted > churnMax ? red(why) : green(why);
  },
};
