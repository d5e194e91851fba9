// What lines of systemd, the kernel, journald and the programs that set the clock mean. Pure.

import type { Program } from "../logs/record.ts";
import type { Sign, SignPattern } from "./sign.ts";

const programs: readonly [RegExp, Program][] = [
  [/keepalived/i, "keepalived"],
  [/nats/i, "nats-server"],
  [/bsfg|controller/i, "controller"],
];

const programOf = (name: string): Program | undefined => programs.find(([pattern]) => pattern.test(name))?.[1];

function ofUnit(name: string | undefined, sign: (program: Program) => Sign): Sign | undefined {
  const program = programOf(name ?? "");
  return program && sign(program);
}

export const systemdSigns: readonly SignPattern[] = [
  {
    pattern: /^(?<unit>\S+): Main process exited, (?<how>code=(?:killed|dumped|exited), status=\S+)/,
    sign: ({ unit, how }) => ofUnit(unit, (program) => ({ kind: "ended", program, how: how! })),
  },
  {
    pattern: /^Stopping (?<unit>.+?)(?:\.\.\.|…)?$/,
    sign: ({ unit }) => ofUnit(unit, (program) => ({ kind: "stopping", program })),
  },
  { pattern: /^systemd \d+.* running in system mode/, sign: () => ({ kind: "booted" }) },
  { pattern: /^\w+, services: /, sign: () => ({ kind: "booted" }) },
  {
    pattern:
      /Reached target (?:System )?(?:Shutdown|Power[- ]Off|Reboot)|^System is (?:powering down|rebooting)|^Power key pressed/i,
    sign: () => ({ kind: "shutting-down" }),
  },
  {
    pattern:
      /(?:System clock (?:was stepped by|wrong by) (?<seconds>-?\d+(?:\.\d+)?))|Time has been changed|clock_step/i,
    sign: ({ seconds }) => ({ kind: "clock-stepped", ...(seconds === undefined ? {} : { seconds }) }),
  },
];

export const kernelSigns: readonly SignPattern[] = [
  { pattern: /^(?:\[\s*\d+\.\d+\] )?Linux version \d/, sign: () => ({ kind: "booted" }) },
  {
    pattern: /\b(?<name>[\w.@-]+): (?:NIC )?Link is (?<way>Down|Up)/i,
    sign: ({ name, way }) => ({ kind: way!.toLowerCase() === "down" ? "link-down" : "link-up", interface: name! }),
  },
  {
    pattern: /I\/O error|EXT4-fs error|XFS .*(?:error|shutdown)|Remounting filesystem read-only|No space left/i,
    sign: (_, { text }) => ({ kind: "io-trouble", why: text.slice(0, 160) }),
  },
  {
    pattern: /Killed process \d+ \((?<name>[^)]+)\)/,
    sign: ({ name }) => ofUnit(name, (program) => ({ kind: "ended", program, how: "killed: out of memory" })),
  },
];
