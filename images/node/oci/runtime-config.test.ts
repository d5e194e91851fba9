// The configuration that an OCI runtime gets for the controller of another image.

import { describe, expect, it } from "@jest/globals";
import { runtimeConfig, userIds } from "./runtime-config.ts";

const image = { entrypoint: ["/bsfg"], command: ["serve"], environment: ["A=1"], workingFolder: "", user: "" };
const root = { uid: 0, gid: 0, additionalGids: [] };
const own = { ZONE_ID: "plant-a-bsfg", BIND_ADDRESS: "198.18.0.10:9443", SECRET: "s", NODE_NAME: "alpha" };

interface Config {
  process: { args: string[]; env: string[]; cwd: string };
  linux: { namespaces: { type: string }[] };
  mounts: { destination: string; options: string[] }[];
}
const config = (changes: Partial<typeof image> = {}) => runtimeConfig({ ...image, ...changes }, root, own) as Config;

describe("the runtime's configuration", () => {
  it("starts the image's own program, in the node's network", () => {
    const { process, linux } = config();
    expect(process).toMatchObject({ args: ["/bsfg", "serve"], cwd: "/" });
    expect(linux.namespaces.map(({ type }) => type)).toEqual(["pid", "mount", "ipc", "uts"]);
  });

  it("gives the pattern's variables, which win, and no other of the node's", () => {
    const { env } = config({ environment: ["A=1", "ZONE_ID=mine"] }).process;
    expect(env.findLast((one) => one.startsWith("ZONE_ID="))).toBe("ZONE_ID=plant-a-bsfg");
    expect(env).toEqual(expect.arrayContaining(["A=1", "BIND_ADDRESS=198.18.0.10:9443", "NODE_NAME=alpha"]));
    expect(env.some((one) => one.startsWith("SECRET="))).toBe(false);
  });

  it("mounts the certificates and the gates read-only, and the artifacts for writing", () => {
    const optionsOf = (path: string) => config().mounts.find(({ destination }) => destination === path)?.options;
    expect(optionsOf("/certs")).toContain("ro");
    expect(optionsOf("/run/bsfg")).toContain("ro");
    expect(optionsOf("/artifacts")).toContain("rw");
  });
});

describe("the user of an image", () => {
  const accounts = { passwd: "root:x:0:0::/:/\nbsfg:x:100:101::/:/", group: "bsfg:x:101:\ndata:x:7:bsfg" };

  it("is root without a name, and numbers need no account", () => {
    expect(userIds("", accounts)).toEqual(root);
    expect(userIds("65532:65532", { passwd: "", group: "" })).toEqual({ uid: 65532, gid: 65532, additionalGids: [] });
    expect(userIds("65532", { passwd: "", group: "" })).toEqual({ uid: 65532, gid: 0, additionalGids: [] });
  });

  it("is looked up in the image, with its groups", () => {
    expect(userIds("bsfg", accounts)).toEqual({ uid: 100, gid: 101, additionalGids: [7] });
    expect(userIds("bsfg:data", accounts)).toEqual({ uid: 100, gid: 7, additionalGids: [] });
    expect(() => userIds("nobody", accounts)).toThrow("the image has no user nobody");
  });
});
