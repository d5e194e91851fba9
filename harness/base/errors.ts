// One error class and one table of codes. A HarnessError means a wrong request, or trouble in the environment or the
// harness. A promise that the zone breaks is a verdict, never an error.

export type ErrorKind = "usage" | "environment";

interface CodeEntry {
  kind: ErrorKind;
  /** What the code means, in one sentence. docs/errors.md is generated from it. */
  means: string;
  /** What to do about it, unless the thrower gives a better remedy. */
  remedy: string;
}

const usage = (means: string, remedy: string): CodeEntry => ({ kind: "usage", means, remedy });
const environment = (means: string, remedy: string): CodeEntry => ({ kind: "environment", means, remedy });

/** Every code that the harness can end with. Stable: scripts may match on them. */
export const errorCodes = {
  "usage/unknown-entry": usage("No catalogue entry has this id or slug.", "List the entries: ./triad list entries"),
  "usage/unknown-suite": usage("No suite has this name.", "List the suites: ./triad list suites"),
  "usage/unknown-scenario": usage("No scenario has this name.", "List the scenarios: ./triad list scenarios"),
  "usage/unknown-fault": usage("No fault has this name.", "List the faults: ./triad list faults"),
  "usage/unknown-node": usage("No node has this name.", "Use alpha, beta or gamma."),
  "usage/unknown-zone": usage("No zone with this name is up.", "List the zones: ./triad status"),
  "usage/node-state": usage(
    "The node is in a state in which the command can do nothing.",
    "See the state of each node: ./triad status. Undo its faults: ./triad heal",
  ),
  "usage/no-record": usage(
    "The zone has no record: `triad up` did not start it.",
    "Start a zone that is recorded: ./triad up NAME",
  ),
  "usage/nothing-done": usage(
    "Nothing was done by hand that a scenario could do again.",
    "Break the zone first: ./triad fault, ./triad cut",
  ),
  "usage/bad-value": usage("An option has an invalid value.", "See --help of the command."),
  "usage/bad-command": usage("The command line is invalid.", "See: ./triad --help"),
  "usage/bad-scenario": usage(
    "A scenario file is wrong. Nothing was started.",
    "Correct the named line. docs/scenario-files.md explains the format, and fixtures/incidents has examples.",
  ),
  "usage/not-evidence": usage(
    "The folder does not contain the evidence of a run.",
    "Give the evidence folder of a run: the value of --out, or a folder under evidence/.",
  ),
  "usage/not-snapshot": usage(
    "The folder does not contain a snapshot.",
    "Give a folder that was written by: ./triad snapshot",
  ),
  "usage/bad-log": usage(
    "A log or a capture cannot be read.",
    "Give text or JSON of journalctl, or the log file of a program, plain or gzip. A capture is a pcap file.",
  ),
  "shrink/not-red": usage(
    "The entry is not broken often enough in replays of the file.",
    "See how often: ./triad replay FILE --repeat 10. Then lower --red-at-least, or name another entry.",
  ),
  // The first four codes below are printed by the launcher (./triad), before Node can run this file.
  "launcher/no-npm": environment(
    "The packages are not installed, and npm is missing.",
    "Install Node.js with npm, then run the command again.",
  ),
  "launcher/no-node": environment(
    "Node.js 24 or newer was not found.",
    "Install Node.js 24 or newer, then run the command again.",
  ),
  "launcher/install-failed": environment(
    "npm ci failed.",
    "Check the npm registry and the free disk space, then run the command again.",
  ),
  "launcher/busy": environment(
    "Another triad process is installing the packages and did not finish in time.",
    "Wait for that process or end it, then run the command again.",
  ),
  "engine/not-root": environment(
    "The embedded engine needs root.",
    "Run as root, or set DOCKER_HOST to a daemon that you may use.",
  ),
  "engine/not-linux": environment("The embedded engine needs Linux.", "Set DOCKER_HOST to a Docker daemon on Linux."),
  "engine/no-answer": environment(
    "No Docker daemon answers at DOCKER_HOST.",
    "Start that daemon, or unset DOCKER_HOST to use the embedded engine.",
  ),
  "engine/no-bootstrap": environment(
    "No tool is installed that can create the engine's root file system.",
    "Install mmdebstrap (apt-get install mmdebstrap), or set DOCKER_HOST.",
  ),
  "engine/bootstrap-failed": environment(
    "mmdebstrap failed to create the engine's root file system.",
    "Read its last lines above. Check the package mirror and the free disk space.",
  ),
  "engine/bad-choice": environment(
    "TRIAD_ENGINE_SUITE or TRIAD_CGROUP_PARENT has a value that the embedded engine cannot have.",
    "Correct it, or unset it. docs/engines.md has both.",
  ),
  "engine/no-cgroup": environment(
    "The machine has no control groups that could limit a run.",
    "Mount /sys/fs/cgroup with the controllers cpu and cpuset.",
  ),
  "engine/start-failed": environment(
    "The embedded dockerd did not start.",
    "Read its log. Run ./triad prune, then run the command again.",
  ),
  "engine/no-capability": environment(
    "The daemon refuses --privileged, and also the capabilities that a node needs.",
    "Use a rootful daemon, or unset DOCKER_HOST to use the embedded engine.",
  ),
  "engine/no-macvlan": environment(
    "The daemon cannot create macvlan networks.",
    "Use a Linux daemon with the macvlan driver, or unset DOCKER_HOST to use the embedded engine.",
  ),
  "image/build-failed": environment("An image could not be built.", "Read the build output above."),
  "image/no-base": environment(
    "The base image that was asked for does not exist.",
    "Correct TRIAD_BASE, load that image into the daemon, or unset TRIAD_BASE.",
  ),
  "image/no-program": environment(
    "A program that was asked for could not be downloaded from Debian's packages.",
    "Check that apt-get works on this machine, or give the path of a binary.",
  ),
  "image/disk-full": environment(
    "The disk is full.",
    "Free disk space in the cache folder and in the evidence folder, then run the command again.",
  ),
  "image/breaks-contract": environment(
    "The node image does not meet the node contract.",
    "Read docs/node-contract.md and correct the image.",
  ),
  "controller/absent": usage(
    "The controller that was named does not exist. The reference controller is never tested in its place.",
    "Give the path of an archive, or the reference of an image that the engine has.",
  ),
  "controller/not-an-image": usage(
    "The file that was named as a controller is not the archive of one image.",
    "Write it with: docker save IMAGE -o FILE, or give an OCI image layout as a tar file.",
  ),
  "controller/damaged": usage(
    "The archive of the controller ends early, or its content does not have the digests that it names.",
    "Write or copy the archive again.",
  ),
  "controller/too-large": usage(
    "The image of the controller unpacks to more than the harness accepts.",
    "Make the image smaller.",
  ),
  "controller/wrong-architecture": usage(
    "The image of the controller was built for another processor or system.",
    "Build it for the architecture of this machine.",
  ),
  "controller/no-entrypoint": usage(
    "The image of the controller names no program to run, or the program is not in it.",
    "Set the Entrypoint of the image to a program that it holds.",
  ),
  "controller/cannot-change": usage(
    "A mutant changes the reference controller, and another controller was named.",
    "Leave the mutant out, or prove without --controller.",
  ),
  "node-image/absent": usage(
    "The node image that was named does not exist. The reference node is never tested in its place.",
    "Give the path of a file or folder, or the reference of an image that the engine has.",
  ),
  "node-image/not-an-image": usage(
    "What was named as a node image is none of the kinds that the harness reads.",
    "Give an image as docker save writes it, an OCI layout as a tar file, a root file system, or a disk.",
  ),
  "node-image/damaged": usage(
    "The file of the node image ends early, or its content is not what it says.",
    "Write or copy the file again.",
  ),
  "node-image/too-large": usage("The node image unpacks to more than the harness accepts.", "Make the image smaller."),
  "node-image/wrong-architecture": usage(
    "The node image was built for another processor or system.",
    "Build it for the architecture of this machine.",
  ),
  "node-image/no-entrypoint": usage(
    "The node image names no program to run, or the program is not in it.",
    "Set the Entrypoint of the image to the node's init.",
  ),
  "node-image/no-init": usage(
    "The root file system has no init.",
    "Install one as /sbin/init, or submit an OCI image with an Entrypoint.",
  ),
  "node-image/no-profile": usage(
    "A node image was named without a profile that describes the node.",
    "Give --profile with the key node. See docs/node-contract.md.",
  ),
  "node-image/no-tool": environment(
    "A program of this machine that reads this kind of file is missing.",
    "Install the program, or submit the node in another form.",
  ),
  "zone/start-failed": environment("A container of the zone did not start.", "Read the container's last lines above."),
  "zone/not-ready": environment(
    "The zone did not become steady in time.",
    "Read the logs of the nodes in the evidence folder.",
  ),
  "zone/not-recorded": environment(
    "The recorder of a zone did not start, or ended too early.",
    "Read its log, then start the zone again: ./triad down NAME, ./triad up NAME",
  ),
  "zone/not-running": environment(
    "The containers of this zone are stopped, for example after a restart of the host or of the engine.",
    "Remove the zone: ./triad down NAME",
  ),
  "zone/other-version": environment(
    "Another version of triad broke the zone, in a way that this version does not know.",
    "Use that version, or remove the zone: ./triad down NAME",
  ),
  "zone/no-address": environment(
    "No free zone index is left in 198.18.0.0/15.",
    "Remove zones that you do not need (./triad down NAME), then run ./triad prune.",
  ),
  "agent/lost": environment(
    "The connection to an agent process ended too early.",
    "Read agent.log in the evidence folder.",
  ),
  "agent/refused": environment(
    "The agent or a nats-server refused a command, or a transfer ended early.",
    "Run again: a server may have had no leader. If the message names the kernel (no space, not permitted), run ./triad " +
      "doctor and repair the host. Otherwise it is a defect of the harness: report it.",
  ),
  "fault/no-effect": environment(
    "A fault was injected, but its effect could not be shown.",
    "Run the scenario again. This run gives no verdict from it.",
  ),
  "fault/not-undone": environment(
    "A fault could not be undone.",
    "Run ./triad prune to remove what is left. The zone was discarded.",
  ),
  "fault/impossible": environment(
    "This kernel or daemon does not support the fault.",
    "Run ./triad doctor to see what is missing. The entries that need this fault are unknown.",
  ),
  "history/bad-format": environment(
    "A history file cannot be read. `gate` and `check` do not end with this error: they call its entries unknown (exit 2).",
    "It is truncated, or another version wrote it. Use that version, or run the scenario again.",
  ),
  "snapshot/damaged": environment(
    "The files of a snapshot do not match its manifest.",
    "Use another snapshot. Nothing was restored.",
  ),
  "snapshot/not-taken": environment(
    "A server did not deliver a complete snapshot of a stream.",
    "Wait until the zone is steady, then take the snapshot again. The folder has no manifest and is not a snapshot.",
  ),
  "snapshot/not-empty": environment(
    "The zone already holds messages.",
    "Restore into a new zone: ./triad up NAME. Nothing was changed.",
  ),
  "snapshot/not-restored": environment(
    "A restored stream does not match the snapshot on all nodes.",
    "Remove the zone, start a new one and restore again.",
  ),
  "wait/timeout": environment(
    "An expected event did not happen in time.",
    "Read in the message what was seen instead.",
  ),
  "run/interrupted": environment(
    "The run was interrupted.",
    "Run the command again. Everything it started was removed.",
  ),
  "run/jest-failed": environment(
    "The test runner ended with an exit code that does not match its results.",
    "Read its output above.",
  ),
  "run/internal": environment(
    "A defect of the harness.",
    "Report it with the stack trace: set TRIAD_DEBUG=1 and run again.",
  ),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof errorCodes;

export interface HarnessErrorOptions {
  cause?: unknown;
  /** What was expected instead of what happened. */
  expected?: string;
  /** Replaces the remedy of the code table. */
  remedy?: string;
  /** True when the requested action certainly did not happen. */
  isDefinite?: boolean;
}

/** The only error class of the harness: a code, what happened, what was expected and what to do. */
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

  /** 64 for a wrong request, 3 for trouble in the environment or the harness. */
  get exitCode(): 64 | 3 {
    return errorCodes[this.code].kind === "usage" ? 64 : 3;
  }

  /** Lines for a person. */
  describe(): string {
    const lines = [`[${this.code}] ${this.message}`];
    if (this.expected) lines.push(`  expected: ${this.expected}`);
    lines.push(`  to do:    ${this.remedy}`);
    return lines.join("\n");
  }

  /** Any thrown value as a HarnessError. A foreign error becomes `run/internal` and is kept as the cause. */
  static from(thrown: unknown): HarnessError {
    if (thrown instanceof HarnessError) return thrown;
    // A full disk can show up anywhere. It is not a defect of the harness.
    if ((thrown as NodeJS.ErrnoException | undefined)?.code === "ENOSPC")
      return new HarnessError("image/disk-full", messageOf(thrown), { cause: thrown });
    return new HarnessError("run/internal", messageOf(thrown), { cause: thrown, isDefinite: false });
  }
}

/** The message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
