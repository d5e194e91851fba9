// The programs that a node may run, by the file that runs and its arguments. Any other one is unknown: a second
// controller, a scheduler, a forwarder. Plain data, for the reference image; the node contract says what they are for.

export interface KnownProgram {
  name: string;
  /** The program file, /proc/PID/exe. */
  exe: RegExp;
  /** The arguments, joined by blanks. */
  argv: RegExp;
  /** On alpha and beta only. */
  isOfService: boolean;
  /** Processes of it at a time. A copy that is just becoming another program does not count. */
  most?: number;
}

const shell = /^\/usr\/bin\/(?:dash|bash)$/;

/** Of every node, whichever controller it has. */
const common: readonly KnownProgram[] = [
  {
    name: "supervisor",
    exe: /^\/usr\/bin\/s6-(?:svscan|svscanctl|supervise|log|svc|svlisten1)$/,
    argv: /^(?:\/usr\/bin\/)?s6-/,
    isOfService: false,
  },
  {
    name: "nats-server",
    exe: /^\/usr\/sbin\/nats-server$/,
    argv: /^nats-server -c \/opt\/bsfg\/nats\.conf$/,
    isOfService: false,
    most: 1,
  },
  {
    name: "keepalived",
    exe: /^\/usr\/sbin\/keepalived$/,
    argv: /^keepalived --dont-fork .*-f \/run\/bsfg\/keepalived\.conf$/,
    isOfService: true,
    most: 1,
  },
  {
    name: "gate",
    exe: /^\/usr\/bin\/node$/,
    argv: /^node (?:--\S+ )*\/opt\/bsfg\/bin\/gate\.cjs$/,
    isOfService: true,
    most: 1,
  },
  // The gate program's own: it watches the addresses and renews the VIP.
  { name: "ip", exe: /^\/usr\/bin\/ip$/, argv: /^ip (?:-4 -o monitor address|-force -batch -)$/, isOfService: true },
  // At a boot, in a transition, and once a second for keepalived.
  {
    name: "script",
    exe: shell,
    argv: /^\/bin\/(?:sh|bash) (?:\.\/run|\.\/finish|\.s6-svscan\/|\/opt\/bsfg\/bin\/(?:init|notify|track|ensure-quorum|service)(?: |$))/,
    isOfService: false,
  },
  {
    name: "barrier",
    exe: /^\/usr\/bin\/(?:node|env)$/,
    argv: /^(?:\/usr\/bin\/env )?node \/opt\/bsfg\/bin\/startup-barrier$/,
    isOfService: false,
  },
  {
    name: "tool",
    exe: /^\/usr\/bin\/(?:sleep|pgrep|mv|cp|rm|mkdir|sed|ip)$/,
    argv: /^(?:sleep 0\.4|pgrep -f bin\/ensure-quorum |mv \/run\/|cp -a \/opt\/bsfg\/|rm -rf \/run\/|mkdir -p \/run\/|sed -e s\/__|ip -4 -o addr show|ip route replace )/,
    isOfService: false,
  },
];

const referenceController: readonly KnownProgram[] = [
  {
    name: "controller",
    exe: /^\/usr\/bin\/node$/,
    argv: /^node (?:--\S+ )*\/opt\/bsfg\/bin\/controller\.cjs$/,
    isOfService: true,
    most: 1,
  },
];

/** The runtime of a controller from another image, which runs its one container and then removes it. */
const runtimes: readonly KnownProgram[] = [
  {
    name: "runtime",
    exe: /^\/usr\/bin\/crun$/,
    argv: /^crun --cgroup-manager=disabled run --bundle \/opt\/bsfg\/controller controller$/,
    isOfService: true,
    most: 1,
  },
  { name: "cleaner", exe: /^\/usr\/bin\/crun$/, argv: /^crun delete -f controller$/, isOfService: true, most: 1 },
];

/** The container that this runtime is told to run. The checkers count each program in it as the controller. */
export const controllerContainer = "controller";

const imageController: readonly KnownProgram[] = [
  ...runtimes,
  {
    name: "launcher",
    exe: /^\/usr\/bin\/node$/,
    argv: /^node \/opt\/bsfg\/bin\/start-controller\.cjs$/,
    isOfService: true,
    most: 1,
  },
  { name: "bind-watch", exe: shell, argv: /^\/bin\/sh \/opt\/bsfg\/bin\/await-bind \d+$/, isOfService: true },
  {
    name: "bind-tool",
    exe: /^\/usr\/bin\/(?:ss|grep|sleep|mv)$/,
    argv: /^(?:ss -Hltnp sport = :\d+|grep -q users:|sleep 0\.05|mv \/run\/bsfg\/bind\.new )/,
    isOfService: true,
  },
];

/** The programs of a node that has the reference controller, or the controller of another image. */
export function programsOf(controller: "reference" | "image"): readonly KnownProgram[] {
  return [...common, ...(controller === "image" ? imageController : referenceController)];
}
