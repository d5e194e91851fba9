// `triad import`: reads, prints, and writes the proposed scenario file.

import { writeFileSync } from "node:fs";
import type { Shown } from "#api/answers.ts";
import type { ImportOptions } from "#api/incident-options.ts";
import type { RunContext } from "#api/operations.ts";
import { importIncident } from "#incident/import-incident.ts";

export async function importLogs({ out, ...options }: ImportOptions, { signal }: RunContext): Promise<Shown> {
  const { timeline, explanation, file, lines } = await importIncident(options, signal);
  const isWritten = out !== undefined && file !== undefined;
  if (isWritten) writeFileSync(out, file);
  const end = isWritten
    ? `proposed scenario: ${out}. Read it, then: ./triad replay ${out}`
    : file === undefined
      ? "no scenario is proposed: nothing to replay"
      : "write the proposed scenario with --out FILE";
  const { alignment, signs, spans, shortLogs } = timeline;
  const { proposals, unexplained } = explanation;
  return {
    summary: [...lines, end].join("\n"),
    data: { format: "triad-incident/1", clocks: alignment.clocks, spans, shortLogs, signs, proposals, unexplained },
    exitCode: unexplained.length > 0 || proposals.length === 0 ? 2 : 0,
  };
}
