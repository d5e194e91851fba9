// Entries that are asked of every history, also where the plan does not name them. There only a violation that was seen
// counts: it makes the entry broken. Missing evidence decides nothing, and nothing counts as kept. A rule may stand
// here when a right zone never breaks it, whatever fault it suffers.

export const askedEverywhere: ReadonlySet<string> = new Set([
  "BOOT-4",
  "BOOT-5",
  "DUAL-1",
  "DUAL-2",
  "DUAL-4",
  "DUR-1",
  "DUR-2",
  "DUR-3",
  "INV-1",
  "INV-2",
  "INV-4",
  "INV-5",
  "MECH-1",
  "MECH-2",
  "NET-1",
  "NET-2",
  "NET-3",
  "NET-5",
  "ROLE-3",
  "RPC-1",
  "RPC-2",
  "RPC-3",
  "SEC-1",
  "SEC-2",
  "SEC-3",
  "SEC-4",
  "STO-5",
  "TIME-1",
]);
