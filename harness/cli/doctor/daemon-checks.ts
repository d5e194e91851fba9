// Checks of the Docker daemon, and of what the embedded engine needs when there is none. Pure.

import { type Check, checkFileSystem, type Facts } from "./check.ts";

/** A daemon that answers, or what the embedded engine needs. With DOCKER_HOST set there is no fallback. */
export function daemonChecks(facts: Facts): Check[] {
  const { askedHost, daemon } = facts;
  const isEmbedded = daemon === null && askedHost === null;
  const found = daemon ? `${daemon.version} at ${daemon.host}` : `none at ${askedHost ?? "the usual socket"}`;
  const answer: Check = {
    name: "docker",
    isOk: daemon !== null || askedHost === null,
    isNeeded: true,
    found: isEmbedded ? `${found}; a run starts the embedded engine` : found,
    matters: "the nodes of a zone are containers, and the daemon at DOCKER_HOST does not answer",
    remedy: "Start the daemon at DOCKER_HOST, or unset DOCKER_HOST to use the embedded engine.",
  };
  return isEmbedded ? [answer, ...checkEmbedded(facts)] : [answer];
}

function checkEmbedded(facts: Facts): Check[] {
  const { tools } = facts;
  const lacking = (["unshare", "nsenter", "pivot_root"] as const).filter((name) => !tools[name]);
  const maker = tools.mmdebstrap ? "mmdebstrap" : tools["apt-get"] ? "apt-get, which can install mmdebstrap" : null;
  return [
    {
      name: "root",
      isOk: facts.isRoot && facts.platform === "linux",
      isNeeded: true,
      found: `${facts.isRoot ? "root" : "not root"} on ${facts.platform}`,
      matters: "the embedded engine creates its own namespaces",
      remedy: "Run as root on Linux, or set DOCKER_HOST to a Linux daemon.",
    },
    {
      name: "namespaces",
      isOk: lacking.length === 0,
      isNeeded: true,
      found: lacking.length === 0 ? "unshare, nsenter, pivot_root" : `missing: ${lacking.join(", ")}`,
      matters: "they isolate the embedded engine from the host",
      remedy: "Install util-linux.",
    },
    {
      name: "bootstrap",
      isOk: maker !== null,
      isNeeded: true,
      found: maker ?? "neither mmdebstrap nor apt-get",
      matters: "it creates the root file system of the engine from Debian packages",
      remedy: "Install mmdebstrap, or set DOCKER_HOST.",
    },
    { ...checkFileSystem(facts, "overlay", "without it, image layers are copied, which is slow"), isNeeded: true },
  ];
}
