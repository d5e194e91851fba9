// What lines of a BSFG controller and its gates mean. The wordings of the reference node are exact. A controller of
// another hand is read by words that such programs use; its lines weigh less. Pure.

import type { SignPattern } from "./sign.ts";

export const referenceSigns: readonly SignPattern[] = [
  { pattern: /^may claim the VIP$/, sign: () => ({ kind: "gate-open" }) },
  {
    pattern: /^may not claim the VIP: (?<gates>.+)$/,
    sign: ({ gates }) => ({ kind: "gate", gates: gates! }),
  },
  { pattern: /^promoting: /, sign: () => ({ kind: "promoting" }) },
  { pattern: /^holds the lease$/, sign: () => ({ kind: "lease-held" }) },
  { pattern: /^lease: (?<why>.+)$/, sign: ({ why }) => ({ kind: "lease-trouble", why: why! }) },
  { pattern: /^active$/, sign: () => ({ kind: "active" }) },
  { pattern: /^standby$/, sign: () => ({ kind: "standby" }) },
  { pattern: /^starting at \d+$/, sign: () => ({ kind: "started", program: "controller" }) },
];

/** Of a controller that is not the reference one. */
const otherSigns: readonly SignPattern[] = [
  {
    pattern: /\b(?:not (?:ready|eligible)|unhealthy|gate \S+ (?:closed|failed)|check failed)\b[:\s]*(?<gates>.*)$/i,
    sign: ({ gates }) => ({ kind: "gate", gates: gates! }),
  },
  {
    pattern: /\b(?:standby|demot(?:ed|ing)|stepp(?:ed|ing) down|lost (?:the )?(?:lease|leadership))\b/i,
    sign: () => ({ kind: "standby" }),
  },
  { pattern: /\b(?:acquired|holds?|got) (?:the )?(?:lease|leadership)\b/i, sign: () => ({ kind: "lease-held" }) },
  { pattern: /\b(?:promoting|taking over)\b/i, sign: () => ({ kind: "promoting" }) },
  { pattern: /\b(?:now|became|becoming|is) active\b|\bpromoted\b/i, sign: () => ({ kind: "active" }) },
];

export const controllerSigns: readonly SignPattern[] = [...referenceSigns, ...otherSigns];
