// The proposed scenario as a file: above each fault, why it is there and the log lines that it rests on. Pure.

import { isMap, isSeq, parseDocument } from "yaml";
import { scenarioText } from "#scenario-file/scenario-text.ts";
import type { Timeline, TimedSign } from "../timeline/timeline.ts";
import { clockText } from "../timeline/print-timeline.ts";
import type { Explanation } from "./propose.ts";
import type { Proposal } from "./proposal.ts";
import { stepsOf } from "./steps.ts";

const linesMax = 6;
const unexplainedMax = 10;

/** Undefined when nothing was proposed: a scenario without a fault replays no incident. */
export function proposedFile(explanation: Explanation, timeline: Timeline): string | undefined {
  const { proposals } = explanation;
  if (proposals.length === 0) return undefined;
  const { steps, proposals: places } = stepsOf(
    proposals.map((one) => ({ ...one })),
    timeline,
  );
  const title = `proposed from logs of ${new Date(proposals[0]!.atMs).toISOString().slice(0, 16)}Z`;
  const document = parseDocument(scenarioText({ title, steps }));
  document.commentBefore = [document.commentBefore ?? "", "", ...headOf(explanation, timeline).map((one) => ` ${one}`)]
    .join("\n")
    .replaceAll("\n\n", "\n \n");
  const list = document.get("steps");
  if (isSeq(list))
    for (const [place, proposal] of places) {
      const item = list.items[place];
      if (isMap(item)) item.commentBefore = commentOf(proposal, timeline).map(asComment).join("\n");
    }
  return document.toString({ lineWidth: 110, flowCollectionPadding: true });
}

/** A comment of YAML is one line, whatever a log line holds. */
const asComment = (text: string): string => ` ${text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g, " ")}`;

function headOf({ unexplained }: Explanation, timeline: Timeline): string[] {
  const clocks = timeline.alignment.clocks.map(({ node, ms, withinMs }) =>
    ms === undefined ? `${node} unknown` : `${node} ${ms.toFixed(0)} ms (within ${withinMs!.toFixed(0)} ms)`,
  );
  return [
    "Proposed by triad import. Read it before you replay it: logs tell what happened, seldom why.",
    `Clocks against ${timeline.alignment.reference}: ${clocks.join(", ")}.`,
    ...timeline.shortLogs,
    ...(unexplained.length > 0
      ? [`Nothing here explains these ${unexplained.length} lines:`, ...linesOf(unexplained, timeline, unexplainedMax)]
      : ["Every change in the logs falls into the time of a fault below, or of a start."]),
  ];
}

function commentOf(proposal: Proposal, timeline: Timeline): string[] {
  const { confidence, because, alternatives, notBeforeMs, notAfterMs, atMs, lines } = proposal;
  return [
    `${clockText(atMs)} (between ${clockText(notBeforeMs)} and ${clockText(notAfterMs)}), confidence: ${confidence}`,
    ...because,
    ...(alternatives.length > 0 ? [`Or: ${alternatives.join("; ")}`] : []),
    ...linesOf(lines, timeline, linesMax),
  ];
}

function linesOf(lines: readonly TimedSign[], { logs }: Timeline, max: number): string[] {
  const shown = lines.toSorted((a, b) => a.atMs - b.atMs).slice(0, max);
  const texts = shown.map((one) => {
    const path =
      logs
        .find(({ node }) => node === one.node)
        ?.files[one.file]?.path.split("/")
        .at(-1) ?? one.node;
    return `  ${clockText(one.atMs)} ${path}:${one.line}: ${one.text.slice(0, 140)}`;
  });
  return lines.length > max ? [...texts, `  and ${lines.length - max} more`] : texts;
}
