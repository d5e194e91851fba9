// Where a program lies in an image: layers, removals, links and the PATH.

import { describe, expect, it } from "@jest/globals";
import { FileTree } from "./file-tree.ts";

const program = { kind: "file", isExecutable: true } as const;

function tree(...names: string[]): FileTree {
  const made = new FileTree();
  for (const name of names) made.add(name, program);
  return made;
}

describe("the program of an image", () => {
  it("is found by its path, by the PATH, and beside the working folder", () => {
    const made = tree("opt/bsfg/run", "./usr/bin/python3");
    expect(made.programOf("/opt/bsfg/run", [], "")).toBe("/opt/bsfg/run");
    expect(made.programOf("python3", [], "")).toBe("/usr/bin/python3");
    expect(made.programOf("./run", [], "/opt/bsfg")).toBe("/opt/bsfg/run");
    expect(made.programOf("run", ["PATH=/opt/bsfg"], "")).toBe("/opt/bsfg/run");
  });

  it("is followed through links, which stay inside the root", () => {
    const made = tree("usr/bin/python3.13");
    made.add("bin", { kind: "link", target: "usr/bin" });
    made.add("usr/bin/python3", { kind: "link", target: "python3.13" });
    made.add("app", { kind: "link", target: "/../../bin/python3" });
    expect(made.programOf("/bin/python3", [], "")).toBe("/usr/bin/python3.13");
    expect(made.programOf("/app", [], "")).toBe("/usr/bin/python3.13");
  });

  it("is not there when a later layer removes it, when it cannot be run, and when links go round", () => {
    const made = tree("a/run", "b/run", "c");
    made.add("a/.wh.run", program);
    made.add("b/.wh..wh..opq", program);
    made.add("c", { kind: "file", isExecutable: false });
    made.add("round", { kind: "link", target: "round" });
    for (const path of ["/a/run", "/b/run", "/c", "/round", "/none"])
      expect(made.programOf(path, [], "")).toBeUndefined();
  });

  it("may be a hard link", () => {
    const made = tree("bin/busybox");
    made.addSame("bin/sh", "bin/busybox");
    expect(made.programOf("sh", [], "")).toBe("/bin/sh");
  });
});
