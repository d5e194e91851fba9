// Step "read-back": are the facts readable while something is broken?

import { HarnessError } from "#base/errors.ts";
import { readFacts } from "#scenario/audit.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Reads every fact back now, while something is broken, from a server that runs. */
    "read-back": object;
  }
}

/** Marks `read-back`. Facts that cannot be read are a finding, not trouble. */
export async function readBack(context: StepContext): Promise<void> {
  const { history } = context;
  try {
    await readFacts(context);
    history.mark("read-back", { isReadable: true });
  } catch (error) {
    if (!(error instanceof HarnessError) || !isAnswerOfZone(error)) throw error;
    history.mark("read-back", { isReadable: false, saw: error.message });
  }
}

/** A reader that was killed at its own deadline says nothing about the zone. */
function isAnswerOfZone({ code, message }: HarnessError): boolean {
  return code === "agent/refused" && !message.includes("gave no result");
}
