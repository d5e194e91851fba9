// The pauses of a history, from given calls and faults.

import { describe, expect, it } from "@jest/globals";
import { HistoryBuilder } from "#corpus/builders/history-builder.ts";
import { pauseRows } from "./pause-rows.ts";

/** Alpha serves until it is frozen at 10 s. It is thawed at 14.5 s, and beta serves from `answersS` on. */
function pausedAlpha(answersS: number): HistoryBuilder {
  const builder = new HistoryBuilder("bench-pause", ["DUAL-0"]);
  builder.allUp(1).promote(2, "alpha");
  return builder.fault({ fault: "pause", nodes: ["alpha"], effectS: 10, healS: 14.5 }).load({ fromS: 3, toS: 40 }, [
    { fromS: 3, toS: 10, node: "alpha" },
    { fromS: answersS, toS: 40, node: "beta" },
  ]);
}

describe("a pause", () => {
  it("counts the longest silence around it, and the part after the thaw", () => {
    const [row] = pauseRows(pausedAlpha(20).build());
    expect(row).toMatchObject({ node: "alpha", served: true, pausedS: 4.5 });
    expect(row!.silenceS).toBeCloseTo(10.25, 2);
    expect(row!.afterThawS).toBeCloseTo(5.5, 2);
  });

  it("that another node bridged has no silence after the thaw", () => {
    const [row] = pauseRows(pausedAlpha(13).build());
    expect(row!.silenceS).toBeCloseTo(3.25, 2);
    expect(row!.afterThawS).toBe(0);
  });

  it("of a standby says that it did not serve", () => {
    const builder = new HistoryBuilder("bench-pause", ["DUAL-0"]).allUp(1).promote(2, "alpha");
    builder.fault({ fault: "pause", nodes: ["gamma"], effectS: 10, healS: 14.5 });
    const [row] = pauseRows(builder.load({ fromS: 3, toS: 40 }, [{ fromS: 3, toS: 40, node: "alpha" }]).build());
    expect(row).toMatchObject({ node: "gamma", served: false, afterThawS: 0 });
    expect(row!.silenceS).toBeCloseTo(0.25, 2);
  });

  it("with nothing acknowledged afterwards is silent to the end of the watch", () => {
    const [row] = pauseRows(pausedAlpha(50).build());
    expect(row!.afterThawS).toBeCloseTo(22, 2);
  });
});
