// Claims about rounds of looks.

import { describe, expect, it } from "@jest/globals";
import { viewOf } from "#history/view.ts";
import { HistoryBuilder } from "./corpus/builder.ts";
import { looked } from "./corpus/looks.ts";
import { roundsOf, wholeRounds } from "./looks.ts";

describe("rounds of looks", () => {
  it("end where a node is told of again", () => {
    const builder = new HistoryBuilder("any", []);
    looked(builder, 10, { active: "alpha" });
    looked(builder, 11, { active: "alpha" });
    const rounds = roundsOf(viewOf(builder.build()));
    expect(rounds.map(({ surveys, servers }) => [surveys.size, servers.size])).toEqual([
      [3, 3],
      [3, 3],
    ]);
  });

  it("do not join what was told long after", () => {
    const builder = new HistoryBuilder("any", []);
    looked(builder, 10, { active: "alpha", nodes: ["alpha"] });
    looked(builder, 40, { active: "alpha", nodes: ["beta", "gamma"] });
    const view = viewOf(builder.build());
    expect(roundsOf(view)).toHaveLength(2);
    expect(wholeRounds(view)).toEqual([]);
  });
});
