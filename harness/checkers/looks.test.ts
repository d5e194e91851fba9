// Claims about rounds of looks and about telling programs apart.

import { describe, expect, it } from "@jest/globals";
import { viewOf } from "#history/view.ts";
import { HistoryBuilder } from "./corpus/builder.ts";
import { looked } from "./corpus/looks.ts";
import { answersTo, roundsOf, wholeRounds } from "./looks.ts";

const process = (name: string, ...argv: string[]) => ({ pid: 2, parent: 1, name, argv });

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

describe("a program", () => {
  it("answers to its name and to a file in its arguments", () => {
    expect(answersTo("keepalived", process("keepalived", "keepalived", "--vrrp"))).toBe(true);
    expect(answersTo("controller", process("node", "node", "/opt/bsfg/bin/controller.cjs"))).toBe(true);
  });

  it("does not answer for what it supervises, is told by an option, or runs as a script", () => {
    expect(answersTo("controller", process("runsv", "runsv", "controller"))).toBe(false);
    expect(answersTo("controller", process("node", "node", "--controller=off"))).toBe(false);
    expect(answersTo("controller", process("sh", "sh", "-c", "pgrep controller"))).toBe(false);
    expect(answersTo("keepalived", process("tail", "tail", "/etc/keepalived/notes.txt"))).toBe(false);
  });
});
