// Faults of the nodes' certificates.

import { z } from "zod";
import { kind, node, runsOn } from "./kind.ts";

export const certificateWays = [
  "short",
  "expired",
  "not-yet-valid",
  "issuer-expired",
  "wrong-ca",
  "wrong-identity",
  "wrong-key",
] as const;
export type CertificateWay = (typeof certificateWays)[number];

export const certificateFaults = {
  certificate: kind({
    does: "The node gets a bad server certificate: soon to expire, expired, not yet valid, of an issuer that has expired, or of a wrong CA, identity or key.",
    options: z.strictObject({
      node,
      way: z
        .enum(certificateWays)
        .describe(
          "what is bad; short: it is valid and ends in ten days; issuer-expired: it is valid and its intermediate CA is not",
        ),
    }),
    words: (spec) => `certificate ${spec.way} on ${spec.node}`,
    traits: { ...runsOn, server: "untouched", gate: "certificate" },
    examples: [
      { node: "alpha", way: "expired" },
      { node: "beta", way: "issuer-expired" },
    ],
  }),
};
