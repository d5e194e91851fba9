// MON-10: the certificates of the service-bearing nodes are far from expiry, in the file and as they are served.

import { serviceNodes } from "#spec/node.ts";
import { gone, green, type Judgement, type MonitorRule, red, worst } from "../rule.ts";
import { goneWhy, type ZoneState } from "../zone-state.ts";

export const certificateExpiry: MonitorRule = {
  reads: "both",
  judge: (zone) => {
    const judgements = serviceNodes.map((name) => {
      const why = goneWhy(zone, name);
      if (why !== undefined) return gone(why);
      const file = zone.sample?.certificates[name];
      if (!file) return gone(`the certificate of ${name} was not read yet`);
      if (file.leftDays === undefined) return red(`the certificate of ${name} cannot be read: ${file.error}`);
      return daysLeft(zone, name, file.leftDays);
    });
    const served = zone.sample?.health;
    // The file may be new while the controller still serves the old certificate.
    if (served?.leftDays !== undefined && served.node)
      judgements.push(daysLeft(zone, `served by ${served.node}`, served.leftDays));
    return worst(judgements);
  },
};

function daysLeft({ minDays }: ZoneState, whose: string, leftDays: number): Judgement {
  const why = `${whose}: ${leftDays} days left, at least ${minDays} required`;
  return leftDays < minDays ? red(why) : green(why);
}
