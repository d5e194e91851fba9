// One error class, one code table. A HarnessError is trouble in the world or in what was asked for; a broken
// promise of the zone is a verdict and never an error. `definite` says whether the thing certainly did not happen.

export type ErrorKind = "usage" | "world";

interface CodeEntry {
  kind: ErrorKind;
  /** What the code means, in one sentence; docs/errors.md is generated from here. */
  means: string;
  /** What to do about it, unless the thrower knows better. */
  remedy: string;
}

const entry = (kind: ErrorKind, means: string, remedy: string): CodeEntry => ({ kind, means, remedy });

/** Every code the harness can end with. Stable: scripts may match on them. */
export const errorCodes = {
  "usage/unknown-entry": entry("usage", "An entry id is not in the catalogue.", "List them with: ./triad list"),
  "usage/unknown-suite": entry("usage", "No suite has that name.", "List them with: ./triad list"),
  "usage/unknown-scenario": entry("usage", "No scenario has that name.", "List them with: ./triad list"),
  "usage/unknown-fault": entry("usage", "No fault has that name.", "See docs/faults.md."),
  "usage/unknown-node": entry("usage", "A node is alpha, beta or gamma.", "Correct the node name."),
  "usage/unknown-zone": entry("usage", "No zone of that name is running.", "List them with: ./triad status"),
  "usage/bad-value": entry("usage", "An option has a value it cannot take.", "See --help of the command."),
  "usage/bad-command": entry("usage", "The command line cannot be read.", "See: ./triad --help"),
  "usage/not-evidence": entry("usage", "The folder holds no run of this harness.", "Give the --out folder of a gate."),
  "usage/not-snapshot": entry("usage", "The folder holds no snapshot.", "Give the folder of a: ./triad snapshot"),
  // The launcher's own, spoken before there is a Node to run this file.
  "launcher/no-npm": entry(
    "world",
    "The packages are not installed and npm is missing.",
    "Install Node.js with npm, then run again.",
  ),
  "launcher/no-node": entry(
    "world",
    "No Node.js that is new enough runs here.",
    "Install Node.js 24 or newer, then run again.",
  ),
  "launcher/install-failed": entry(
    "world",
    "npm ci ended with an error.",
    "Check the registry and the free disk space, then run again.",
  ),
  "launcher/busy": entry(
    "world",
    "Another triad has used the packages for too long.",
    "Wait for it to end, or end it, then run again.",
  ),
  "engine/not-root": entry(
    "world",
    "The embedded engine needs root.",
    "Run as root, or set DOCKER_HOST to a daemon you may use.",
  ),
  "engine/not-linux": entry("world", "The embedded engine needs Linux.", "Set DOCKER_HOST to a Linux Docker daemon."),
  "engine/no-answer": entry(
    "world",
    "DOCKER_HOST is set and no daemon answers there.",
    "Start that daemon, or unset DOCKER_HOST.",
  ),
  "engine/no-bootstrap": entry(
    "world",
    "No tool can make the root file system.",
    "Install mmdebstrap (apt-get install mmdebstrap), or set DOCKER_HOST.",
  ),
  "engine/bootstrap-failed": entry(
    "world",
    "mmdebstrap ended with an error.",
    "Read its last lines above; check the package mirror and the free disk space.",
  ),
  "engine/start-failed": entry(
    "world",
    "The embedded dockerd did not come up.",
    "Read its log; try: ./triad prune, then again.",
  ),
  "engine/no-capability": entry(
    "world",
    "The daemon grants containers neither --privileged nor the capabilities a node needs.",
    "Use a rootful daemon, or unset DOCKER_HOST for the embedded engine.",
  ),
  "engine/no-macvlan": entry(
    "world",
    "The daemon cannot make macvlan networks.",
    "Use a Linux daemon with the macvlan driver, or the embedded engine.",
  ),
  "image/build-failed": entry("world", "An image could not be built.", "Read the builder's message above."),
  "image/disk-full": entry(
    "world",
    "The disk filled up, as a rule while an image was built.",
    "Free disk space in the cache folder and where the evidence goes, then run again.",
  ),
  "image/breaks-contract": entry(
    "world",
    "The node image does not keep the node contract.",
    "See docs/node-contract.md.",
  ),
  "zone/start-failed": entry(
    "world",
    "A container of the zone did not start.",
    "Read the container's last lines above.",
  ),
  "zone/not-ready": entry(
    "world",
    "The zone did not reach its steady state in time.",
    "Read the node logs in the evidence folder.",
  ),
  "zone/not-running": entry(
    "world",
    "The containers of a zone that was left up do not run, as after a restart of the host or the engine.",
    "Remove the zone with: ./triad down NAME",
  ),
  "zone/no-address": entry("world", "No free zone index is left in 198.18.0.0/15.", "Remove zones with: ./triad prune"),
  "agent/lost": entry(
    "world",
    "The agent's stream ended before it was asked to.",
    "Read agent.log in the evidence folder.",
  ),
  "agent/refused": entry(
    "world",
    "The agent could not do what it was asked.",
    "Read the message; it comes from the kernel or a tool inside.",
  ),
  "fault/no-effect": entry(
    "world",
    "A fault was injected and its effect could not be shown.",
    "No verdict is drawn from that scenario.",
  ),
  "fault/not-undone": entry("world", "A fault could not be undone.", "The zone is thrown away; run: ./triad prune"),
  "fault/impossible": entry(
    "world",
    "This kernel or daemon cannot do that fault.",
    "The entries that need it are unknown.",
  ),
  "history/bad-format": entry(
    "world",
    "A history file cannot be read.",
    "It may have been cut short or made by another version.",
  ),
  "snapshot/damaged": entry(
    "world",
    "A snapshot's files are not those that its manifest names.",
    "Nothing was restored. Use another snapshot; a damaged one cannot be mended.",
  ),
  "snapshot/not-taken": entry(
    "world",
    "A server did not give a whole snapshot of a stream.",
    "The folder holds no manifest and is no snapshot. Wait until the zone is steady, then take it again.",
  ),
  "snapshot/not-empty": entry(
    "world",
    "The zone to restore into holds messages already.",
    "Nothing was changed. Restore into a new zone: ./triad up NAME",
  ),
  "snapshot/not-restored": entry(
    "world",
    "A restored stream did not come to hold what the snapshot holds, on all nodes.",
    "Remove that zone, start a new one and restore again.",
  ),
  "wait/timeout": entry(
    "world",
    "Something expected did not happen in time.",
    "The message says what was seen instead.",
  ),
  "run/interrupted": entry("world", "The run was interrupted.", "Everything it started was removed."),
  "run/jest-failed": entry(
    "world",
    "The test runner ended without a plan, a result or an entry.",
    "Read its output above.",
  ),
  "run/internal": entry("world", "A defect of the harness itself.", "Please report it with the stack trace."),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof errorCodes;

export interface HarnessErrorOptions {
  cause?: unknown;
  /** What was expected instead of what happened. */
  expected?: string;
  /** Overrides the remedy of the code table. */
  remedy?: string;
  /** True when the thing asked for certainly did not happen. */
  isDefinite?: boolean;
}

/** The one error the harness throws on purpose: code, what happened, what was expected, what to do. */
export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly expected: string | undefined;
  readonly remedy: string;
  readonly isDefinite: boolean;

  constructor(code: ErrorCode, happened: string, options: HarnessErrorOptions = {}) {
    super(happened, { cause: options.cause });
    this.name = "HarnessError";
    this.code = code;
    this.expected = options.expected;
    this.remedy = options.remedy ?? errorCodes[code].remedy;
    this.isDefinite = options.isDefinite ?? true;
  }

  /** 64 for a wrong request, 3 for trouble in the world. */
  get exitCode(): 64 | 3 {
    return errorCodes[this.code].kind === "usage" ? 64 : 3;
  }

  /** The four answers as lines a person reads. */
  describe(): string {
    const lines = [`[${this.code}] ${this.message}`];
    if (this.expected) lines.push(`  expected: ${this.expected}`);
    lines.push(`  to do:    ${this.remedy}`);
    return lines.join("\n");
  }

  /** Anything thrown, as a HarnessError; foreign errors become `run/internal` with their cause kept. */
  static from(thrown: unknown): HarnessError {
    if (thrown instanceof HarnessError) return thrown;
    // Wherever it happens, it is no defect of ours and there is one thing to do about it.
    if ((thrown as NodeJS.ErrnoException | undefined)?.code === "ENOSPC")
      return new HarnessError("image/disk-full", messageOf(thrown), { cause: thrown });
    return new HarnessError("run/internal", messageOf(thrown), { cause: thrown, isDefinite: false });
  }
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
