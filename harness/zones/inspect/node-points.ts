// The points about a node's processes, its endpoint and what the profile says of both. Pure.

import { endOf, isWildcard, unmapped } from "#history/local-address.ts";
import { isHostProgram } from "#spec/contract/host-programs.ts";
import { nodeNames, serviceNodes } from "#spec/node.ts";
import { answersTo, fits } from "#spec/program.ts";
import { vrrpProtocol } from "#spec/sockets.ts";
import { gateNames } from "#spec/zone-spec.ts";
import {
  hasVip,
  isListening,
  ofOwner,
  onEach,
  ownerOf,
  processesOf,
  type Rule,
  runs,
  socketsOf,
} from "./point-rule.ts";

export const firstRules: readonly Rule[] = [
  {
    id: "stays-up",
    says: "the container of each node stays up",
    look: ({ facts }) => {
      const down = nodeNames.find((name) => !facts.nodes[name].isUp);
      return down && `${down}: ${facts.nodes[down].why ?? "it ended"}`;
    },
  },
  {
    id: "systemd-ready",
    says: "systemd has started, and no unit has failed",
    isNeeded: ({ facts }) => nodeNames.some((name) => facts.nodes[name].systemd !== undefined),
    look: onEach(nodeNames, ({ systemd, failedUnits }) => {
      if (failedUnits.length > 0) return `failed: ${failedUnits.join(", ")}`;
      return systemd === "running" ? undefined : `its state is ${systemd}`;
    }),
  },
  {
    id: "files-there",
    says: "the running node has the files of the profile",
    key: "node.files and node.certificates",
    look: onEach(nodeNames, ({ absent }) => (absent.length > 0 ? `it lacks ${absent.join(", ")}` : undefined)),
  },
  {
    id: "nats-server-runs",
    says: "nats-server runs on all three nodes",
    key: "node.programs.nats-server",
    look: runs("nats-server", nodeNames),
  },
  {
    id: "keepalived-runs",
    says: "keepalived runs on alpha and beta",
    key: "node.programs.keepalived",
    look: runs("keepalived", serviceNodes),
  },
  {
    id: "gamma-no-keepalived",
    says: "gamma runs no keepalived",
    key: "node.programs.keepalived",
    look: runs("keepalived", ["gamma"], false),
  },
  {
    id: "gamma-no-controller",
    says: "gamma runs no controller",
    key: "node.programs.controller",
    look: runs("controller", ["gamma"], false),
  },
  {
    id: "gate-runs",
    says: "the gate program runs on alpha and beta",
    key: "node.programs.gate",
    isNeeded: ({ plan }) => plan.contract.programs?.gate !== undefined,
    look: runs("gate", serviceNodes),
  },
];

export const serviceRules: readonly Rule[] = [
  {
    id: "gates-open",
    says: "no gate is closed on alpha and beta, but for those of the active node",
    key: "node.gates",
    isNeeded: ({ plan }) => plan.contract.gates !== null,
    look: (zone) =>
      onEach(serviceNodes, ({ gates }) => {
        const { names = {} } = zone.plan.contract.gates ?? {};
        const ofBoth = gateNames.filter((gate) => gate !== "vip" && gate !== "bind").map((gate) => names[gate] ?? gate);
        const all = Array.isArray(gates) ? gates : [];
        const closed = all.filter(({ name, isOpen }) => !isOpen && ofBoth.includes(name));
        return closed.length > 0 ? closed.map(({ name, why }) => `${name}: ${why}`).join("; ") : undefined;
      })(zone),
  },
  {
    id: "vip-once",
    says: "one service node owns the VIP, and no other node",
    look: (zone) => {
      const owners = nodeNames.filter((name) => hasVip(zone.facts.nodes[name], zone.plan.vip));
      if (owners.length === 1 && owners[0] !== "gamma") return undefined;
      return `${owners.join(", ") || "no node"} ${owners.length > 1 ? "own" : "owns"} ${zone.plan.vip}`;
    },
  },
  {
    id: "vrrp-socket",
    says: "keepalived has a socket for VRRP on alpha and beta",
    look: onEach(serviceNodes, (node) =>
      socketsOf(node).some(({ protocol, local }) => protocol.startsWith("raw") && endOf(local).port === vrrpProtocol)
        ? undefined
        : "there is none",
    ),
  },
  {
    id: "rpc-listener",
    says: "the endpoint is on the VIP",
    key: "node.ports.rpc",
    look: ofOwner((node, { plan }) => {
      const { rpc } = plan.contract.ports;
      const at = isListening(node, rpc).map(({ local }) => unmapped(local));
      if (at.length === 0) return `nothing listens on port ${rpc}`;
      const other = at.find((one) => one !== `${plan.vip}:${rpc}`);
      return other && `it listens on ${other}${isWildcard(other, rpc) ? ", which is every address" : ""}`;
    }),
  },
  {
    id: "rpc-owner",
    says: "the controller of the profile holds that listener",
    key: "node.programs.controller",
    look: ofOwner((node, { plan }) => {
      const listener = isListening(node, plan.contract.ports.rpc)[0];
      if (!listener) return "there is none";
      const owner = processesOf(node).find(({ pid }) => pid === listener.pid);
      if (!owner) return "its process was not found";
      if (answersTo("controller", owner, plan.contract.programs)) return undefined;
      return `it is held by ${owner.exe ?? owner.name} (${owner.argv.join(" ").slice(0, 80)})`;
    }),
  },
  {
    id: "standby-silent",
    says: "the other service node runs no controller",
    key: "node.programs.controller",
    look: (zone) => {
      const owner = ownerOf(zone);
      if (!owner) return { unknown: "no service node owns the VIP" };
      return runs("controller", [owner === "alpha" ? "beta" : "alpha"], false)(zone);
    },
  },
  {
    id: "certificate-shown",
    says: "the endpoint shows the certificate that the harness placed",
    key: "node.certificates",
    look: ({ facts: { health } }) => {
      if (health.node) return undefined;
      return health.node === null ? "it shows another one" : { unknown: health.error ?? "it was not asked" };
    },
  },
  {
    id: "health",
    says: "Health answers through the VIP",
    key: "node.health",
    isNeeded: ({ plan }) => plan.contract.health === "rpc",
    look: ({ facts: { health } }) => (health.isActive === true ? undefined : (health.error ?? "it says not active")),
  },
  {
    id: "append",
    says: "AppendFact is acknowledged",
    look: ({ facts: { appends } }) => (appends.ok > 0 ? undefined : `none of ${appends.of} calls was answered with OK`),
  },
  {
    id: "fact-stored",
    says: "an acknowledged fact is in its stream, with its message id in the header",
    key: "node.streams",
    look: ({ facts: { appends, storedIds } }) => {
      if (appends.ok === 0) return { unknown: "no fact was acknowledged" };
      return storedIds.some((id) => id !== "") ? undefined : "no such message was read";
    },
  },
  {
    id: "artifact-folder",
    says: "artifact storage of alpha and beta takes a file",
    key: "node.stores.artifacts",
    look: onEach(serviceNodes, ({ artifactWrite }) =>
      artifactWrite === "written" ? undefined : `a write ended with ${artifactWrite ?? "no answer"}`,
    ),
  },
  {
    id: "role-file",
    says: "the role file says MASTER on the active node and BACKUP on the other",
    key: "node.role",
    isNeeded: ({ plan }) => plan.contract.roleFile !== null,
    look: (zone) => {
      const owner = ownerOf(zone);
      return onEach(serviceNodes, ({ role }, name) => {
        const wanted = owner === undefined ? undefined : name === owner ? "MASTER" : "BACKUP";
        return role === undefined || role !== (wanted ?? role) ? `it says ${role ?? "nothing"}` : undefined;
      })(zone);
    },
  },
  {
    id: "gates",
    says: "the gates can be read on alpha and beta",
    key: "node.gates",
    isNeeded: ({ plan }) => plan.contract.gates !== null,
    look: (zone) =>
      onEach(serviceNodes, ({ gates }) => {
        if (!Array.isArray(gates)) return gates ?? "they were not read";
        const own = gateNames.map((gate) => zone.plan.contract.gates?.names[gate] ?? gate);
        const names = gates.map(({ name }) => name);
        return names.some((name) => own.includes(name)) ? undefined : `its gates are ${names.join(", ") || "none"}`;
      })(zone),
  },
  {
    id: "operator-commands",
    says: "the node has the programs that start and stop its services",
    key: "node.programs.*.start and stop",
    look: onEach(nodeNames, ({ absentCommands }) =>
      absentCommands.length > 0 ? `it lacks ${absentCommands.join(", ")}` : undefined,
    ),
  },
  {
    id: "programs-known",
    says: "every program is the node's, the system's, or one that the profile names",
    key: "node.programs.others",
    look: (zone) =>
      onEach(nodeNames, (node) => {
        const { programs = {}, others } = zone.plan.contract;
        const allowed = [...Object.values(programs), ...others];
        const other = processesOf(node).find(
          (one) => !isHostProgram(one.exe ?? "") && !allowed.some((rule) => fits(rule, one)),
        );
        return other && `process ${other.pid} is ${other.exe} (${other.argv.join(" ").slice(0, 80)})`;
      })(zone),
  },
];
