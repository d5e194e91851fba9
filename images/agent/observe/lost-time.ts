// Time that the machine did not give to any zone: stolen by the hypervisor, or spent on waiting for a disk. Read once a
// second, 0.4 ms for both on a busy machine.

import { stolenIn, statPath } from "#base/idle.ts";
import { diskPressurePath, diskWaitUsIn } from "#base/pressure.ts";
import type { LookEvent } from "#history/event.ts";
import { ProcFile } from "./proc-file.ts";

export class LostTime {
  readonly #stat: ProcFile | undefined;
  readonly #pressure: ProcFile | undefined;
  #ticks: ReturnType<typeof stolenIn>;
  #waitUs: number | undefined;
  #takenNs = 0;

  constructor({ stat = statPath, pressure = diskPressurePath } = {}) {
    [this.#stat, this.#pressure] = [openedIn(stat), openedIn(pressure)];
  }

  /** Shares of the time since the last call. Those that the kernel does not say are left out. */
  take(nowNs: number): Pick<LookEvent, "stolenShare" | "diskWaitShare"> {
    const [ticks, waitUs] = [stolenIn(textOf(this.#stat)), diskWaitUsIn(textOf(this.#pressure))];
    const [before, beforeUs, overNs] = [this.#ticks, this.#waitUs, nowNs - this.#takenNs];
    this.#ticks = ticks;
    this.#waitUs = waitUs;
    this.#takenNs = nowNs;
    return {
      ...(ticks && before && ticks.all > before.all
        ? { stolenShare: shareOf(ticks.stolen - before.stolen, ticks.all - before.all) }
        : {}),
      ...(waitUs !== undefined && beforeUs !== undefined && overNs > 0
        ? { diskWaitShare: shareOf((waitUs - beforeUs) * 1000, overNs) }
        : {}),
    };
  }
}

function openedIn(path: string): ProcFile | undefined {
  try {
    return new ProcFile(path);
  } catch {
    return undefined;
  }
}

/** A kernel without pressure figures refuses to read the file that it has. */
function textOf(file: ProcFile | undefined): string {
  try {
    file?.read();
    return file?.text() ?? "";
  } catch {
    return "";
  }
}

/** 0 to 1, with three decimals. */
function shareOf(part: number, whole: number): number {
  return Math.round(1000 * Math.min(1, Math.max(0, part / whole))) / 1000;
}
