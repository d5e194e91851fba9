// MON-3: the controller answers healthy through the VIP.

import { gone, green, type MonitorRule, red } from "../rule.ts";

export const controllerHealthy: MonitorRule = {
  reads: "sample",
  needsAgreement: true,
  judge: ({ sample }) => {
    const answer = sample?.health;
    if (!answer) return gone("no call was made yet");
    if (answer.error !== undefined) return red(`no answer through the VIP: ${answer.error}`);
    if (!answer.node) return red("the answer carries the certificate of no known node");
    if (answer.isAsked === false) return gone("the profile names no way to ask for the health");
    if (!answer.isActive) return red(`${answer.node} answers that it is not active`);
    if (answer.closedGates?.length)
      return red(`${answer.node} answers with closed gates: ${answer.closedGates.join(", ")}`);
    return green(`${answer.node} answers healthy`);
  },
};
