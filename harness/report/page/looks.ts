// Observations that do not belong on the timeline: handshakes as a table, the others as counts.

import type { HandshakeEvent, History, HistoryEvent } from "#history/event.ts";
import { eventsOf } from "#history/view.ts";
import { escaped } from "../escape.ts";

const rowsMax = 60;

/** Empty when no handshake was tried. Equal rows become one, with their number. */
export function handshakeMatrix(history: History): string {
  const tried = eventsOf(history, "handshake").map(({ event }) => event);
  if (tried.length === 0) return "";
  const alike = Map.groupBy(tried, (one) => cellsOf(one).join("\0"));
  const rows = [...alike.values()].slice(0, rowsMax).map((all) => {
    const [row, ...cells] = cellsOf(all[0]!);
    const times = all.length > 1 ? ` <span class="soft">×${all.length}</span>` : "";
    return `<tr><td class="id">${escaped(row)}${times}</td>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
  });
  const more = alike.size > rowsMax ? `<p class="soft small">${alike.size - rowsMax} more in the history.</p>` : "";
  return (
    `<h3>Handshakes</h3><table class="compact"><thead><tr><th>row</th><th>certificate</th><th>offered</th><th>outcome</th>` +
    `<th>result</th></tr></thead><tbody>${rows.join("")}</tbody></table>${more}`
  );
}

function cellsOf({ row, offered, outcome, version, cipher, error }: HandshakeEvent): string[] {
  const [least, most] = offered.versions;
  const versions = least === most ? least : `${least} to ${most}`;
  return [row, offered.certificate, versions, outcome, [version, cipher, error].filter(Boolean).join(", ")];
}

const counted = {
  inspection: "inspections of a node",
  server: "answers of a server's monitoring port",
  attempt: "connection attempts",
  capture: "capture events",
  vrrp: "VRRP adverts seen",
  files: "file lists",
  search: "folder searches",
} as const satisfies Partial<Record<HistoryEvent["type"], string>>;

/** One line, e.g. "3 inspections of a node, 6 connection attempts". Empty without such events. */
export function lookCounts(history: History): string {
  const counts = Object.entries(counted).flatMap(([type, words]) => {
    const count = eventsOf(history, type as HistoryEvent["type"]).length;
    return count > 0 ? [`${count} ${words}`] : [];
  });
  return counts.length > 0 ? `<p class="small soft">Also recorded: ${counts.join(", ")}.</p>` : "";
}
