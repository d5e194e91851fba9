// What a profile says of a node: its paths, ports, programs, streams and gates. The JSON Schema of the profile is made
// from it, so each key has a description.

import { z } from "zod";
import { nodeNames } from "#spec/node.ts";
import { referenceContract } from "#spec/contract/node-contract.ts";
import { gateNames } from "#spec/zone-spec.ts";

const path = z
  .string()
  .regex(/^\/[^\s]*$/, "an absolute path without blanks")
  .refine((text) => !text.split("/").includes(".."), "a path without ..");
const mode = z.string().regex(/^0?[0-7]{3}$/, 'octal digits in quotes, such as "0644"');
const command = z.array(z.string().min(1)).min(1);
const port = z.int().min(1).max(65_535);
const word = z.string().min(1);

const says = <Shape extends z.ZodType>(shape: Shape, description: string): Shape => shape.describe(description);

const rule = z
  .strictObject({
    exe: says(z.union([path, z.array(path).min(1)]), "the program file, as /proc/PID/exe names it").optional(),
    name: says(word.max(15), "the command name that the kernel keeps, 15 letters at most").optional(),
    unit: says(z.string().regex(/\.\w+$/, "a unit with its ending"), "the last systemd unit in its cgroup").optional(),
    argv: says(
      z.string().refine(isPattern, "a regular expression"),
      "regular expression over the arguments, joined by blanks",
    ).optional(),
  })
  .refine((one) => Object.keys(one).length > 0, "at least one of exe, name, unit, argv");

const program = z.strictObject({
  ...rule.shape,
  start: says(command, "what an operator types to start it").optional(),
  stop: says(command, "what an operator types to stop it").optional(),
});
const recognised = program.refine(
  ({ exe, name, unit, argv }) => [exe, name, unit, argv].some((one) => one !== undefined),
  "at least one of exe, name, unit, argv",
);

const { ports, streams } = referenceContract;

export const nodeShape = z.strictObject({
  name: says(word, "name and version of the node, for the report"),
  environment: says(
    z.record(word, z.string()),
    "added to the container's environment; values may hold {{VARIABLES}}",
  ).default({}),
  files: says(
    z.array(
      z
        .strictObject({
          path: says(path, "where the file is placed"),
          text: says(z.string(), "its text, with {{VARIABLES}}").optional(),
          template: says(word, "a file beside the profile that holds the text").optional(),
          mode: says(mode, "octal, in quotes").default("0644"),
          nodes: says(z.array(z.enum(nodeNames)).min(1), "only on these nodes").optional(),
        })
        .refine(({ text, template }) => (text === undefined) !== (template === undefined), "either text or template"),
    ),
    "files that are rendered and placed before the container starts",
  ).default([]),
  volumes: says(z.array(path), "folders that get an anonymous volume; an inner container engine needs one").default([]),
  firstStart: says(command, "run inside once, after the first start of a container").optional(),
  certificates: says(
    z.strictObject({
      certificate: path,
      key: path,
      ca: path,
      peerCa: says(path, "the CA of the peer zone, only in a pair of zones").optional(),
      keyMode: mode.default("0600"),
      owner: says(z.string().regex(/^\d+:\d+$/, "uid:gid"), "owner of the files; root when absent").optional(),
    }),
    "where the harness places PEM files on alpha and beta",
  ),
  stores: says(
    z.strictObject({
      jetstream: says(path, "store_dir of nats-server, all of it"),
      artifacts: says(path, "artifact storage of alpha and beta"),
    }),
    "folders that faults wipe, damage and move to disks of their own",
  ),
  ports: z
    .strictObject({
      rpc: port.default(ports.rpc),
      natsClient: port.default(ports.natsClient),
      natsMonitor: port.default(ports.natsMonitor),
      natsCluster: port.default(ports.natsCluster),
      peerBeat: says(port, "UDP between the gate programs").default(ports.peerBeat),
    })
    .prefault({}),
  programs: says(
    z.strictObject({
      "nats-server": recognised,
      keepalived: recognised,
      controller: recognised,
      gate: says(recognised, "the program that decides about the gates").optional(),
      others: says(z.array(rule), "further programs that run for good, for INV-2").default([]),
    }),
    "how a process is recognised from outside, and how an operator starts and stops the program",
  ),
  role: says(
    z.strictObject({ file: path }),
    "a file with MASTER, BACKUP, FAULT or STOP, written by keepalived's notify",
  ).optional(),
  gates: says(
    z
      .strictObject({
        file: path.optional(),
        command: command.optional(),
        names: says(z.partialRecord(z.enum(gateNames), word), "the node's own names of the gates").default({}),
      })
      .refine(({ file, command: argv }) => (file === undefined) !== (argv === undefined), "either file or command"),
    'where {"gates":[{"name","isOpen","why"}]} can be read',
  ).optional(),
  health: says(
    z.union([z.enum(["rpc", "none"]), z.strictObject({ http: path, port })]),
    "how the active node is asked for its health",
  ).default("rpc"),
  streams: z
    .strictObject({
      facts: word.default(streams.facts),
      audit: word.nullable().default(streams.audit),
      cursors: word.nullable().default(streams.cursors),
      lease: word.nullable().default(streams.lease),
      others: says(z.array(word), "further streams of the node").default([]),
      messageId: says(word, "the header with the message id").default(streams.messageId),
    })
    .prefault({}),
  texts: says(path, "folder with the node's own texts").optional(),
});

export type ProfiledNode = z.infer<typeof nodeShape>;

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
