// May this node start its controller now? The controller of this image asks before it listens; the launcher of another
// controller asks before that one starts.

import { elapsedMs } from "#base/clock.ts";
import { isLeaseValid, readHealth } from "./files.ts";

/** Exit code of a start that was refused, for the supervisor's log. */
export const notAllowedCode = 77;
/** An older health file proves nothing: the gate program is gone or gets no CPU. */
const freshMs = 2_000;

/** Why this node may not serve; empty when it may. */
export function whyNotAllowed(): string {
  const health = readHealth();
  if (health?.atNs === undefined || elapsedMs(health.atNs) > freshMs) return "the health file is missing or too old";
  const closed = health.gates.filter((gate) => !gate.isOpen);
  if (closed.length > 0) return closed.map((gate) => `gate ${gate.name}: ${gate.why}`).join("; ");
  return isLeaseValid() ? "" : "this node holds no lease";
}
