// How clients were served in a scenario: answered calls inside and outside the gaps that a fault excuses, and calls by
// kind and outcome.

import type { Figures } from "#spec/figures.ts";
import { escaped } from "../escape.ts";

/** Figures that the table shows, so that the line beside a verdict can leave them out. */
export const serviceFigureNames = [
  "callsInside",
  "unansweredInside",
  "callsOutside",
  "unansweredOutside",
  "slowestOutsideMs",
  "fullRateS",
  "callsByKind",
] as const satisfies (keyof Figures)[];

/** Empty when no finding of the scenario measured the service. */
export function serviceTable(measured: readonly Figures[]): string {
  const one = measured.find((figures) => figures.callsByKind !== undefined);
  if (!one) return "";
  const rows = Object.entries(one.callsByKind ?? {}).map(([kind, outcomes]) => {
    const words = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`);
    return `<tr><td class="id">${escaped(kind)}</td><td>${escaped(words.join(" · "))}</td></tr>`;
  });
  const { fullRateS, slowestOutsideMs: slowest } = one;
  const parts = [
    `Outside the gaps that a fault excuses: ${answered(one.callsOutside, one.unansweredOutside)}`,
    ...(one.callsInside ? [`inside: ${answered(one.callsInside, one.unansweredInside)}`] : []),
    ...(slowest === undefined ? [] : [`slowest answer outside ${slowest} ms`]),
    ...(typeof fullRateS === "number" ? [`full rate again after ${fullRateS.toFixed(1)} s`] : []),
  ];
  return `<h3>Service</h3><p class="small">${escaped(parts.join("; "))}.</p><table class="compact">${rows.join("")}</table>`;
}

function answered(calls = 0, unanswered = 0): string {
  if (calls === 0) return "no calls";
  // Rounded down: 100% must mean all of them.
  const percent = Math.floor((1000 * (calls - unanswered)) / calls) / 10;
  return `${calls - unanswered} of ${calls} calls answered (${percent}%)`;
}
