// The examples are written as somebody else would write them. They share no code with the images.

import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readNodeContract } from "#profile/read-profile.ts";
import { nodeNames } from "#spec/node.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { planZone } from "#topology/plan-zone.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const filesOf = (pattern: string) =>
  globSync(pattern, { cwd: root }).filter((path) => statSync(join(root, path)).isFile());
const sources = [
  ...filesOf("examples/**/*.{go,ts,py,sh}"),
  ...filesOf("examples/**/compile"),
  // Scripts, units and configuration of the example nodes.
  ...filesOf("examples/*/rootfs/**"),
];
const scripts = filesOf("examples/build-node");

/** Lines long enough that two people do not write the same by chance. */
function longLines(path: string): string[] {
  return read(path)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length > 60);
}

describe("the examples", () => {
  it("are there", () => {
    expect(sources.length).toBeGreaterThan(5);
  });

  it("name no file of the images, but for the contract's proto", () => {
    const named = sources.filter((path) => /\bimages\/|#node|\.\.\//.test(read(path)));
    expect(named).toEqual([]);
    const proto = "images/node/proto/bsfg.proto";
    expect(scripts.map((path) => read(path).match(/\bimages\/\w+\/.*/g))).toEqual([[proto]]);
  });

  it("share no long line with the images or the harness", () => {
    const ours = [...filesOf("{images,harness}/**/*.{ts,sh}"), ...filesOf("images/*/{rootfs,oci}/**")];
    const known = new Set(ours.flatMap(longLines));
    expect([...sources, ...scripts].flatMap(longLines).filter((line) => known.has(line))).toEqual([]);
  });

  it.each(filesOf("examples/*/profile.yaml"))(
    "%s is a profile, and each node gets every value that it reads",
    (path) => {
      const contract = readNodeContract(join(root, path));
      const pair = { certificate: "", key: "", fingerprint: "" };
      const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };
      const plan = planZone({ id: "t", index: 3, spec: defaultZoneSpec, certificates, contract });
      const read = new Set(
        filesOf(`${path.replace("profile.yaml", "rootfs")}/**`)
          .filter((file) => file.endsWith(".in"))
          .flatMap((file) => [...readFileSync(join(root, file), "utf8").matchAll(/\$([A-Z][A-Z0-9_]+)/g)])
          .map(([, name]) => name!),
      );
      // The script that renders them adds these four.
      for (const name of ["ZONE_IF", "CONTROL_IF", "STATE", "PRIORITY"]) read.delete(name);
      for (const name of nodeNames) {
        const text = plan.nodes[name].files.find((file) => file.path === "/etc/bsfg/zone.env")!.text;
        const given = new Set([...text.matchAll(/^(\w+)=/gm)].map(([, key]) => key));
        expect([...read].filter((key) => !given.has(key))).toEqual([]);
      }
    },
  );
});
