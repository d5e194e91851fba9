// The first command of a node: when it runs, and what its failure says.

import { describe, expect, it } from "@jest/globals";
import { runFirstStart } from "./first-start.ts";

function nodeThatEndsWith(code: number) {
  const asked: string[][] = [];
  const exec = (argv: string[]) => {
    asked.push(argv);
    return Promise.resolve({ code, stdout: "joining\n", stderr: "no such zone\n" });
  };
  return { asked, node: { name: "beta" as const, exec } };
}

describe("the first command of a node", () => {
  it("runs inside the node", async () => {
    const { asked, node } = nodeThatEndsWith(0);
    await runFirstStart(node, ["/usr/local/sbin/join", "--now"]);
    expect(asked).toEqual([["/usr/local/sbin/join", "--now"]]);
  });

  it("is left out where the profile names none", async () => {
    const { asked, node } = nodeThatEndsWith(0);
    await runFirstStart(node, undefined);
    expect(asked).toEqual([]);
  });

  it("breaks the contract when it fails, with its last line", async () => {
    const { node } = nodeThatEndsWith(4);
    await expect(runFirstStart(node, ["join"])).rejects.toMatchObject({
      code: "image/breaks-contract",
      message: expect.stringMatching(/firstStart on beta: join ended with 4.*no such zone/s),
    });
  });
});
