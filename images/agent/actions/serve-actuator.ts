// Role "hand": does to a node what it is told, one request at a time or several at once, and proves it in the reply.
// It remembers nothing that undoing needs: that lies in the kernel or in /run/triad. A rogueServer ends with its container.

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type * as wire from "#protocol/message.ts";
import type { DumpReplicasRequest } from "#protocol/replica-message.ts";
import { callArtifact } from "../call/artifact-call.ts";
import { tryHandshakes } from "../handshake/start.ts";
import { Outlet, serve } from "../stream.ts";
import { sendAdvert } from "./advert.ts";
import { askMonitorPage, askStore } from "../inspect/ask-store.ts";
import { type Capture, startCapture } from "../inspect/capture.ts";
import { auditIds } from "../inspect/id-audit.ts";
import { countCut, healCut, makeCut } from "./cut.ts";
import { deleteMessages } from "./delete-messages.ts";
import { linkDown, linkUp } from "../namespace/device.ts";
import { runErrand } from "../inspect/server-query.ts";
import { fillStream } from "./fill.ts";
import { listFolder, searchFolder } from "../inspect/files.ts";
import { Forgery } from "./forge-vrrp.ts";
import { nodePath, run } from "../namespace/inside.ts";
import { dumpReplicas } from "../inspect/replica-dump.ts";
import { setPort } from "./port.ts";
import { powerOff } from "./power.ts";
import { flushFolders, powerBack } from "./power-back.ts";
import { watchProcesses } from "../inspect/processes.ts";
import { rotBlock } from "./rot.ts";
import { signalInside } from "./signal.ts";
import { setStorage } from "./storage.ts";
import { countDisks, makeStores } from "./make-stores.ts";
import { RogueServer } from "./rogue-server.ts";
import { inspectNode } from "../inspect/node-snapshot.ts";
import { wipeFolders } from "./wipe.ts";

const flags = { net: "--net", mnt: "--mount", pid: "--pid" } as const;

async function runInside(request: wire.RunInsideRequest) {
  // With the mount namespace goes the root, so that the program is the node's own.
  const root = request.namespaces.includes("mnt") ? ["--root", "--wd"] : [];
  const spaces = request.namespaces.map((name) => flags[name]);
  return run(["nsenter", `--target=${request.pid}`, ...spaces, ...root, ...request.argv], {
    timeoutMs: request.timeoutMs,
  });
}

function writeInside(request: wire.WriteFileRequest) {
  const file = nodePath(request.pid, request.path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, request.text, { mode: request.mode });
  // The mode of an existing file is not touched by writing it.
  chmodSync(file, request.mode);
  return { bytes: Buffer.byteLength(request.text) };
}

export function serveActuator(): void {
  const outlet = new Outlet();
  const captures: Capture[] = [];
  const rogueServer = new RogueServer();
  const forgery = new Forgery((event) => outlet.event(event));
  const errand = (request: Parameters<typeof runErrand>[0]) => runErrand(request, (event) => outlet.event(event));
  serve("actuator", outlet, {
    cut: makeCut,
    "heal-cut": healCut,
    "count-cut": countCut,
    link: ({ pid, address, state }: wire.LinkRequest) =>
      state === "up" ? linkUp(pid, address) : linkDown(pid, address),
    signal: signalInside,
    processes: watchProcesses,
    port: setPort,
    advert: sendAdvert,
    storage: setStorage,
    wipe: wipeFolders,
    "make-stores": makeStores,
    "power-off": powerOff,
    "power-back": powerBack,
    flush: flushFolders,
    "count-disks": countDisks,
    rot: rotBlock,
    "write-file": writeInside,
    "run-inside": runInside,
    audit: errand,
    streams: errand,
    quorum: errand,
    "ask-store": askStore,
    "ask-monitor": askMonitorPage,
    fill: fillStream,
    "delete-messages": deleteMessages,
    "dump-replicas": (request: DumpReplicasRequest) => dumpReplicas(request, (event) => outlet.event(event)),
    server: errand,
    "inspect-node": async (request: wire.InspectNodeRequest) => outlet.event(await inspectNode(request)),
    attempt: errand,
    artifact: (request: wire.ArtifactRequest) => callArtifact(request, (event) => outlet.event(event)),
    files: (request: wire.FilesRequest) => {
      const event = listFolder(request);
      outlet.event(event);
      return { paths: event.files.map((file) => file.path) };
    },
    "audit-ids": auditIds,
    search: (request: wire.SearchRequest) => outlet.event(searchFolder(request)),
    capture: async (request: wire.CaptureRequest) => {
      const capture = await startCapture(request, (event) => outlet.event(event));
      captures.push(capture);
      return { device: capture.device };
    },
    "start-rogue-server": (request: wire.StartRogueServerRequest) => rogueServer.start(request),
    "look-at-rogue-server": () => rogueServer.look(),
    "stop-rogue-server": () => rogueServer.stop(),
    stop: async () => void (await Promise.all(captures.splice(0).map((capture) => capture.stop()))),
    handshakes: (request: wire.HandshakesRequest) => tryHandshakes(request, (event) => outlet.event(event)),
    "forge-vrrp": (request: wire.ForgeVrrpRequest) => forgery.start(request),
    "stop-forging": () => forgery.stop(),
  });
}
