// Which sign a record is, if any. Pure.

import type { LogRecord, Program } from "../logs/record.ts";
import { controllerSigns, referenceSigns } from "./controller-signs.ts";
import { keepalivedSigns } from "./keepalived-signs.ts";
import { natsSigns } from "./nats-signs.ts";
import type { Sign, SignPattern } from "./sign.ts";
import { kernelSigns, systemdSigns } from "./system-signs.ts";

/** Lines of a program that no identifier names may be of any of these. */
const unnamed = [...keepalivedSigns, ...systemdSigns, ...referenceSigns];

const signsOf: Record<Program, readonly SignPattern[]> = {
  keepalived: keepalivedSigns,
  "nats-server": natsSigns,
  controller: controllerSigns,
  systemd: systemdSigns,
  kernel: kernelSigns,
  other: unnamed,
};

export function recognise(record: LogRecord): Sign | undefined {
  for (const { pattern, sign } of signsOf[record.program]) {
    const match = pattern.exec(record.text);
    const found = match && sign(match.groups ?? {}, record);
    if (found) return found;
  }
  return undefined;
}
