// What the table holds about each fault: its options, its words, its traits. Plain data; ../faults.ts joins the themes.

import { z } from "zod";
import { nodeNames, type Segment } from "../node.ts";
import type { GateName } from "../zone-spec.ts";

/** What the rules need to know about a fault. A row of the table that lacks one does not compile. */
export interface FaultTraits {
  /** The node as a whole: it "ends" until the fault is healed, "restarts" at once, "freezes" or "runs" on. */
  node: "ends" | "restarts" | "freezes" | "runs";
  /** The node's message store: "kept", "lost", or "suspect" when a replica may have damage that no inspection shows. */
  store: "kept" | "lost" | "suspect";
  /**
   * nats-server on a node that runs: "silent" until healed. "untouched" only where that is certain, else "disturbed".
   */
  server: "silent" | "disturbed" | "untouched";
  /**
   * On the active node: "abrupt" when VRRP and the lease must time out before another node answers, "orderly" when the
   * node releases both first. "none" when no timer is certain to run, although the zone may react.
   */
  failover: "abrupt" | "orderly" | "none";
  /** keepalived itself leaves MASTER while the node runs on. */
  leavesMaster: boolean;
  /** The one gate that the fault closes on its node; null when it closes several or none. */
  gate: GateName | null;
}

/** The node runs on, its stores are as before, and no timer is certain to run. */
export const runsOn: FaultTraits = {
  node: "runs",
  store: "kept",
  server: "disturbed",
  failover: "none",
  leavesMaster: false,
  gate: null,
};

/** zod gives an optional field the type `T | undefined`; our own types never hold `undefined`. */
export type Exact<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

type OptionsShape = z.ZodObject<{ node: z.ZodType } & z.core.$ZodShape>;

export interface FaultKind<Options extends OptionsShape> {
  /** Whole sentences for docs/faults.md. */
  does: string;
  /** `node` and the fault's own fields: of a scenario, of a file, and as options of `triad fault`. */
  options: Options;
  /** One line for a person, e.g. "cut alpha from beta, gamma (zone, control)". */
  words(spec: Exact<z.output<Options>>): string;
  /** A function gets the fields as a history recorded them. It may lack some. */
  traits: FaultTraits | ((recorded: Partial<Exact<z.output<Options>>>) => FaultTraits);
  /** Fields of specs that the tests inject and heal, the first one also for docs/faults.md. */
  examples: [z.input<Options>, ...z.input<Options>[]];
  /** It can also be done to a paused node. */
  worksOnPaused?: true;
}

/** Infers the types of a row. */
export function kind<Options extends OptionsShape>(row: FaultKind<Options>): FaultKind<Options> {
  return row;
}

export const node = z.enum(nodeNames).describe("the node that it is done to");
export const nodes = z.array(z.enum(nodeNames)).min(1);
const segmentNames = ["zone", "control", "peer"] as const satisfies Segment[];
export const segments = z.array(z.enum(segmentNames)).min(1).describe("the network segments");
export const zoneAndControl = segments.default(["zone", "control"]);
export const direction = z
  .enum(["both", "in", "out"])
  .default("both")
  .describe("in: the node no longer hears; out: it is no longer heard");

export const onNode = z.strictObject({ node });

/** The peer segment carries neither VRRP nor the lease. */
export const isPeerOnly = (given?: readonly Segment[]): boolean => given?.every((one) => one === "peer") ?? false;
