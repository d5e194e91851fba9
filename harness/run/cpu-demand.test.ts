// Demand for the cores, from what the kernel counts.

import { availableParallelism } from "node:os";
import { describe, expect, it } from "@jest/globals";
import { DemandWindow } from "./cpu-demand.ts";

const cores = availableParallelism();

/** Ticks of a hundred in each moment: so many idle, and so many on nice programs. */
function demand(idle: number, niced: number, tasksPerCore: number) {
  const window = new DemandWindow(2);
  for (const moment of [0, 1])
    window.add({ all: moment * 100, idle: moment * idle, niced: moment * niced, runnable: tasksPerCore * cores });
  return window.lately;
}

describe("the demand for the cores", () => {
  it.each([
    ["a machine at rest", demand(90, 0, 0.5), { idle: 0.9, runnablePerCore: 0.5 }],
    ["a nice program on every core", demand(10, 80, 1.5), { idle: 0.9, runnablePerCore: 0.7 }],
    ["the same program, not nice", demand(10, 0, 1.5), { idle: 0.1, runnablePerCore: 1.5 }],
  ])("of %s", (_, { idle, runnablePerCore }, expected) => {
    expect({ idle: idle.toFixed(3), runnable: runnablePerCore.toFixed(3) }).toEqual({
      idle: expected.idle.toFixed(3),
      runnable: expected.runnablePerCore.toFixed(3),
    });
  });
});
