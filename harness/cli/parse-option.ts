// Parsers of option values and arguments. Each refusal is a usage error that names the option, the value and the values
// that would be valid.

import { accessSync, constants, existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { HarnessError, messageOf } from "#base/errors.ts";
import { serverSuiteIn } from "#engine/debian-package.ts";
import { isNodeName, mapNodes, type NodeName, nodeNames, type Segment } from "#spec/node.ts";
import { type StoreKind, storeKinds, type Tier } from "#spec/zone-spec.ts";

const tiers = ["standard", "critical"] as const satisfies Tier[];
const segmentNames = ["zone", "control", "peer"] as const satisfies Segment[];

/** A list such as `a,b c`, in order, each name once. A repeated option adds to it. */
export function list(option: string): (text: string, former?: string[]) => string[] {
  return (text, former) => {
    const names = text.split(/[\s,]+/).filter((name) => name !== "");
    if (names.length === 0) throw invalid(option, text, "names with commas or spaces between them");
    return [...new Set([...(former ?? []), ...names])];
  };
}

/** A whole number from `min` to `max`. */
export function wholeNumber(option: string, min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
    throw invalid(option, text, `a whole number, ${range}`);
  };
}

/** A share of 1 from a whole percentage. */
export function percentage(option: string, min = 1, max = 100): (text: string) => number {
  return (text) => wholeNumber(option, min, max)(text.replace(/%$/, "")) / 100;
}

/** One of a few words. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word !== undefined) return word;
    throw invalid(option, text, orList(words));
  };
}

export const parseTier: (text: string) => Tier = oneOf("--tier", tiers);
export const parseStores: (text: string) => StoreKind = oneOf("--stores", storeKinds);

/** @throws HarnessError `usage/unknown-node` */
export function parseNode(text: string): NodeName {
  if (isNodeName(text)) return text;
  throw new HarnessError("usage/unknown-node", `unknown node "${text}": use ${orList(nodeNames)}`);
}

/** @throws HarnessError `usage/unknown-node` */
export function parseNodeOrClients(text: string): NodeName | "clients" {
  return text === "clients" ? text : parseNode(text);
}

export function segments(option: string): (text: string, former?: Segment[]) => Segment[] {
  return (text, former) => list(option)(text, former).map(oneOf(option, segmentNames));
}

/** Names of interfaces and containers contain the zone's name, so it is short. */
export function zoneName(option: string): (text: string) => string {
  return (text) => {
    if (/^[a-z][a-z0-9-]{0,15}$/.test(text)) return text;
    throw invalid(option, text, "1 to 16 of a-z, 0-9 and -, beginning with a letter");
  };
}

export const controllerHelp = "test this controller: the archive of its OCI image, or an image that the engine has";

/**
 * The absolute path of an archive, or the reference of an image.
 *
 * @throws HarnessError `controller/absent` for what looks like a path and is none.
 */
export function controllerImage(text: string): string {
  const path = resolve(text);
  if (existsSync(path)) return path;
  if (/^[./~]|\.(?:tar|tgz|gz|zst)$/.test(text))
    throw new HarnessError("controller/absent", `no controller ${text}: there is no such file`);
  if (/^[\w][\w./:@-]*$/.test(text)) return text;
  throw invalid("--controller", text, "the path of an archive, or the reference of an image");
}

export const profileHelp = "YAML with the bounds, exceptions and waivers of your zone, and what its nodes are like";
export const imageHelp =
  "test this node image: an archive, a root file system, a disk or a reference; or alpha=A,beta=B,gamma=C";

/**
 * The node image of each node: the absolute path of a file or folder, or the reference of an image.
 *
 * @throws HarnessError `node-image/absent` for what looks like a path and is none.
 */
export function nodeImages(text: string): Record<NodeName, string> {
  if (!/^(?:alpha|beta|gamma)=/.test(text)) return mapNodes(() => nodeImage(text));
  const given = new Map(text.split(",").map((part) => part.split("=", 2) as [string, string]));
  const wrong = [...given.keys()].find((name) => !isNodeName(name)) ?? nodeNames.find((name) => !given.get(name));
  if (wrong !== undefined || given.size !== nodeNames.length)
    throw invalid("--image", text, "one image, or one for each node: alpha=A,beta=B,gamma=C");
  return mapNodes((name) => nodeImage(given.get(name)!));
}

function nodeImage(text: string): string {
  const path = resolve(text);
  if (existsSync(path)) return path;
  if (/^[./~]|\.(?:tar|tgz|gz|zst|xz|raw|img|qcow2)$/.test(text))
    throw new HarnessError("node-image/absent", `no node image ${text}: there is no such file or folder`);
  if (/^[\w][\w./:@-]*$/.test(text)) return text;
  throw invalid("--image", text, "the path of a file or folder, or the reference of an image");
}

/** The absolute path of a file. It is tried now, so that a long run does not fail on it later. */
export function readableFile(option: string): (text: string) => string {
  return (text) => {
    const path = resolve(text);
    try {
      accessSync(path, constants.R_OK);
      if (statSync(path).isFile()) return path;
    } catch (error) {
      throw new HarnessError("usage/bad-value", `cannot read the file of ${option}: ${messageOf(error)}`);
    }
    throw invalid(option, text, "a regular file");
  };
}

export const serverHelp = "test this nats-server: a binary, or debian:SUITE for that of bookworm, trixie or forky";

/** The absolute path of a binary, or "debian:SUITE". @throws HarnessError `usage/bad-value` */
export function natsServer(text: string): string {
  return serverSuiteIn(text) === undefined ? readableFile("--nats-server")(text) : text;
}

/** The absolute path of a folder, which need not exist. */
export function folder(option: string): (text: string) => string {
  return (text) => {
    if (text.trim() === "") throw invalid(option, text, "the path of a folder");
    return resolve(text);
  };
}

/** "a, b or c". */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function invalid(option: string, text: string, use: string): HarnessError {
  return new HarnessError("usage/bad-value", `invalid ${option} "${text}": use ${use}`);
}
