// A container with a fixed address on one or more macvlan networks. Testcontainers lacks three things: static
// addresses, a second network before the start, and privilege plans. Its hooks add them.

import type Docker from "dockerode";
import { pack } from "tar-stream";
import { GenericContainer } from "testcontainers";
import { defined } from "#base/defined.ts";
import type { Grant } from "#engine/privileges.ts";
import type { PlannedFile } from "#topology/plan.ts";

export interface NetworkInterface {
  network: string;
  address: string;
  mac: string;
}

export interface ContainerRequest {
  name: string;
  image: string;
  interfaces: [NetworkInterface, ...NetworkInterface[]];
  labels: Record<string, string>;
  environment: Record<string, string>;
  files: PlannedFile[];
  grant: Grant;
  /** Further parts of the HostConfig, for example PidMode. */
  host?: Docker.HostConfig;
  /** Further options at create. */
  create?: Partial<Docker.ContainerCreateOptions>;
  /** Awaited between create and start, so that several can start at the same moment. */
  beforeStart?: (containerId: string) => Promise<void>;
}

export class MultiHomedContainer extends GenericContainer {
  readonly #docker: Docker;
  readonly #furtherInterfaces: NetworkInterface[];
  readonly #owned: PlannedFile[];
  readonly #beforeStart: ContainerRequest["beforeStart"];

  constructor(docker: Docker, request: ContainerRequest) {
    super(request.image);
    this.#docker = docker;
    const [first, ...further] = request.interfaces;
    this.#furtherInterfaces = further;
    this.#beforeStart = request.beforeStart;
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: { [first.network]: endpointOf(first) },
    };
    Object.assign(this.createOpts, request.create);
    this.networkMode = first.network;
    Object.assign(this.hostConfig, { Init: false }, request.grant, request.host);
    this.withName(request.name).withLabels(request.labels).withEnvironment(request.environment);
    const [owned, others] = [request.files.filter((one) => one.owner), request.files.filter((one) => !one.owner)];
    this.withCopyContentToContainer(others.map((one) => ({ content: one.text, target: one.path, mode: one.mode })));
    this.#owned = owned;
  }

  /** Engines before API 1.44 accept one endpoint at create. The others are connected before the start. */
  protected override async containerCreated(id: string): Promise<void> {
    for (const further of this.#furtherInterfaces)
      await this.#docker.getNetwork(further.network).connect({ Container: id, EndpointConfig: endpointOf(further) });
    if (this.#owned.length > 0) await this.#docker.getContainer(id).putArchive(tarOf(this.#owned), { path: "/" });
    await this.#beforeStart?.(id);
  }
}

/** Engines from version 28 on give an interface a random MAC, unless they are told one. Older ones derive this MAC. */
function endpointOf({ address, mac }: NetworkInterface): Docker.EndpointSettings {
  return { IPAMConfig: { IPv4Address: address }, MacAddress: mac };
}

/** The library copies files as root's. */
function tarOf(files: readonly PlannedFile[]): NodeJS.ReadableStream {
  const archive = pack();
  for (const { path, text, mode, owner = "0:0" } of files) {
    const [uid, gid] = owner.split(":").map(Number);
    archive.entry({ name: path.slice(1), mode, ...defined({ uid, gid }), mtime: new Date(0) }, text);
  }
  archive.finalize();
  return archive as unknown as NodeJS.ReadableStream;
}
