// Reads the file of a profile and checks its shape. harness/run/profile.ts checks what it says of the catalogue.

import { realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { defined } from "#base/defined.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { readRegular } from "#base/regular-file.ts";
import type {
  NodeContract,
  ProgramName,
  ProgramRule,
  ServiceCommands,
  TemplateFile,
} from "#spec/contract/node-contract.ts";
import type { ProfiledNode } from "./node-shape.ts";
import { profileShape, type ProfileText } from "./profile-shape.ts";

const bytesMax = 1 << 20;
/** So many wrong fields are named. */
const issuesMax = 3;

/** @throws HarnessError `usage/bad-value` */
export function shapedProfile(text: string, from: string): ProfileText {
  try {
    return profileShape.parse(parse(text) ?? {});
  } catch (error) {
    const wrong = error instanceof z.ZodError ? wordsOf(error) : firstLineOf(messageOf(error));
    throw new HarnessError("usage/bad-value", `--profile ${from}: ${wrong}`, {
      expected: "a profile like those in fixtures/profiles",
      cause: error,
    });
  }
}

/** @throws HarnessError `usage/bad-value` when the file cannot be read */
export function textOfProfile(path: string): string {
  try {
    return readRegular(realpathSync(path), { code: "usage/bad-value", bytesMax });
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw new HarnessError("usage/bad-value", `--profile ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** The node that the profile describes. @throws HarnessError `usage/bad-value`, also when it describes none */
export function readNodeContract(path: string): NodeContract {
  const { node } = shapedProfile(textOfProfile(path), path);
  if (node) return contractOf(node, path);
  throw new HarnessError("usage/bad-value", `--profile ${path} describes no node`, {
    expected: "the key node, which --image needs",
    remedy: "See docs/node-contract.md.",
  });
}

export function noProfile(): HarnessError {
  return new HarnessError("node-image/no-profile", "--image needs --profile", {
    expected: "a profile with the key node, which says what the node is like",
  });
}

/** A node image has its own controller. @throws HarnessError `usage/bad-value` */
export function refuseBoth({ image, controller }: { image?: unknown; controller?: unknown }): void {
  if (image !== undefined && controller !== undefined)
    throw new HarnessError("usage/bad-value", "--image and --controller exclude each other", {
      expected: "one of them: a controller of --controller runs on the reference node",
    });
}

/** @throws HarnessError `usage/bad-value` for a template that cannot be read */
export function contractOf(node: ProfiledNode, from: string): NodeContract {
  const { certificates, programs, gates, health, streams, stores, ports } = node;
  const { others, ...named } = programs;
  const entries = Object.entries(named) as [ProgramName, NonNullable<(typeof named)[ProgramName]>][];
  return {
    isReference: false,
    name: node.name,
    ports,
    stores,
    programs: Object.fromEntries(entries.map(([name, one]) => [name, ruleOf(one)])),
    others: others.map(ruleOf),
    services: Object.fromEntries(entries.map(([name, one]) => [name, commandsOf(one)])),
    streams,
    roleFile: node.role?.file ?? null,
    hasGates: gates !== undefined,
    gates: gates ? { names: gates.names, ...defined({ file: gates.file, command: gates.command }) } : null,
    health: typeof health === "string" ? health : "http",
    ...(typeof health === "string" ? {} : { healthHttp: { path: health.http, port: health.port } }),
    certificates: {
      certificate: certificates.certificate,
      key: certificates.key,
      ca: certificates.ca,
      peerCa: certificates.peerCa ?? `${dirname(certificates.ca)}/peer-ca.crt`,
      keyMode: Number.parseInt(certificates.keyMode, 8),
      ...defined({ owner: certificates.owner }),
    },
    texts: node.texts ?? null,
    environment: node.environment,
    files: node.files.map((file) => templateOf(file, from)),
    volumes: node.volumes,
    ...defined({ firstStart: node.firstStart }),
  };
}

type RuleText = Omit<ProgramRule, "exe"> & { exe?: string | string[] | undefined };

function ruleOf({ exe, name, unit, argv }: { [Key in keyof RuleText]: RuleText[Key] | undefined }): ProgramRule {
  return defined({ exe: typeof exe === "string" ? [exe] : exe, name, unit, argv });
}

function commandsOf({ start, stop }: { start?: string[] | undefined; stop?: string[] | undefined }): ServiceCommands {
  return defined({ start, stop });
}

function templateOf(file: ProfiledNode["files"][number], from: string): TemplateFile {
  const { path, text, template, mode, nodes } = file;
  return {
    path,
    text: text ?? templateText(resolve(dirname(from), template!), from),
    mode: Number.parseInt(mode, 8),
    ...defined({ nodes }),
  };
}

function templateText(path: string, from: string): string {
  try {
    return readRegular(realpathSync(path), { code: "usage/bad-value", bytesMax });
  } catch (error) {
    throw new HarnessError("usage/bad-value", `--profile ${from}: cannot read the template: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** `waivers.0.reason: Too small…`, for the first few fields that are wrong. */
function wordsOf({ issues }: z.ZodError): string {
  const told = issues.slice(0, issuesMax).map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`);
  const rest = issues.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

/** The YAML reader goes on with a picture of the place. */
function firstLineOf(message: string): string {
  return message.split("\n", 1)[0]!.replace(/:$/, "");
}
