// What people type, read strictly: lists with commas or spaces, whole numbers, nodes, tiers, files. Each refusal is a
// coded usage error that names the value and what would have been right. Not a reader of files.

import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { HarnessError, messageOf } from "#base/errors.ts";
import { isNodeName, type NodeName, nodeNames, type Segment } from "#spec/node.ts";
import { type StoreKind, storeKinds, type Tier } from "#spec/zone-spec.ts";

/** `a,b c` however it was split by the shell, in order, each once. For repeated options too. */
export function collectList(text: string, former: string[] | undefined): string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length === 0) throw bad(`"${text}" is an empty list`, "names with commas or spaces between them");
  return [...new Set([...(former ?? []), ...names])];
}

/** A parser of whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
    throw bad(`"${text}" is not a number that fits`, `a whole number, ${range}`);
  };
}

export function parseTier(text: string): Tier {
  if (text === "standard" || text === "critical") return text;
  throw bad(`"${text}" is no tier`, "standard or critical");
}

export function parseStores(text: string): StoreKind {
  const kind = storeKinds.find((one) => one === text);
  if (kind) return kind;
  throw bad(`"${text}" is nothing to keep a store on`, storeKinds.join(", "));
}

/** @throws HarnessError `usage/unknown-node` */
export function parseNode(text: string): NodeName {
  if (isNodeName(text)) return text;
  throw new HarnessError("usage/unknown-node", `there is no node "${text}"`, { expected: nodeNames.join(", ") });
}

/** A node or the client hosts. @throws HarnessError `usage/unknown-node` */
export function parsePeer(text: string): NodeName | "clients" {
  return text === "clients" ? text : parseNode(text);
}

export function parseSegment(text: string, former: Segment[] | undefined): Segment[] {
  return collectList(text, former).map((name) => {
    if (name === "zone" || name === "control" || name === "peer") return name;
    throw bad(`there is no segment "${name}"`, "zone, control or peer");
  });
}

/** Interface and container names are made of it, so it is short and plain. */
export function parseZoneName(text: string): string {
  if (/^[a-z][a-z0-9-]{0,15}$/.test(text)) return text;
  throw bad(`"${text}" cannot name a zone`, "1 to 16 of a-z, 0-9 and -, a letter first");
}

/** The absolute path of a file that can be read now, so that a long run does not end on it. */
export function parseFile(text: string): string {
  const path = resolve(text);
  try {
    accessSync(path, constants.R_OK);
    if (statSync(path).isFile()) return path;
  } catch (error) {
    throw bad(`${path} cannot be read: ${messageOf(error)}`, "a file that can be read");
  }
  throw bad(`${path} is not a file`, "a file that can be read");
}

/** The absolute path of a folder that may or may not exist. */
export function parseFolder(text: string): string {
  if (text.trim() === "") throw bad("the name of a folder is empty", "a path");
  return resolve(text);
}

function bad(happened: string, expected: string): HarnessError {
  return new HarnessError("usage/bad-value", happened, { expected });
}
