// What lines of keepalived mean. Wordings of versions 1.3 to 2.3. Pure.

import type { SignPattern } from "./sign.ts";

export const keepalivedSigns: readonly SignPattern[] = [
  { pattern: /entering MASTER STATE/i, sign: () => ({ kind: "master" }) },
  // "(init)" is said at the start and at a reload.
  { pattern: /entering BACKUP STATE(?! \(init\))/i, sign: () => ({ kind: "backup" }) },
  {
    pattern: /entering FAULT STATE(?: \((?<why>[^)]+)\))?/i,
    sign: ({ why }) => ({ kind: "fault", ...(why === undefined ? {} : { why }) }),
  },
  { pattern: /Receive advertisement timeout/i, sign: () => ({ kind: "advert-timeout" }) },
  {
    pattern: /master set to (?<address>[0-9a-f.:]+)/i,
    sign: ({ address }) => ({ kind: "master-is", address: address! }),
  },
  {
    pattern:
      /received (?:an? )?(?:lower|higher)? ?(?:prio(?:rity)? ?)?(?:\((?<lower>\d+)\) )?advert(?:isement)? from (?<address>[0-9a-f.:]+)(?: with (?:higher|lower|same) priority (?<priority>\d+))?/i,
    sign: ({ address, lower, priority }) => {
      const told = priority ?? lower;
      return { kind: "heard-advert", address: address!, ...(told === undefined ? {} : { priority: told }) };
    },
  },
  { pattern: /sent 0 priority/i, sign: () => ({ kind: "priority-zero", way: "sent" }) },
  { pattern: /received priority 0 advert/i, sign: () => ({ kind: "priority-zero", way: "heard" }) },
  {
    pattern: /timer expired (?<seconds>\d+(?:\.\d+)?) seconds ago/i,
    sign: ({ seconds }) => ({ kind: "late-timer", seconds: seconds! }),
  },
  {
    pattern: /(?:Netlink reports |Interface )(?<name>\S+)(?: is)? (?<way>down|up)\b/i,
    sign: ({ name, way }) => ({ kind: way!.toLowerCase() === "down" ? "link-down" : "link-up", interface: name! }),
  },
  {
    pattern: /VRRP sockpool: .*\baddress\((?<address>[0-9a-f.:]+)\)/i,
    sign: ({ address }) => ({ kind: "own-address", address: address! }),
  },
  { pattern: /^Starting Keepalived v/, sign: () => ({ kind: "started", program: "keepalived" }) },
  {
    pattern: /^(?:Stopping(?: Keepalived)?|Stopped(?: Keepalived.*)?|Keepalived_vrrp exiting|Terminating on signal)/i,
    sign: () => ({ kind: "stopping", program: "keepalived" }),
  },
  {
    pattern: /(?:VRRP child process\(\d+\) died|pid \d+ exited (?<how>due to signal \S+|with .+))/i,
    sign: ({ how }) => ({ kind: "ended", program: "keepalived", how: how ?? "died" }),
  },
];
