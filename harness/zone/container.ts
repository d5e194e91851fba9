// A container with a fixed address and MAC on one or more macvlan networks. Testcontainers lacks three things: static
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
  readonly #interfaces: ContainerRequest["interfaces"];
  readonly #owned: PlannedFile[];
  readonly #beforeStart: ContainerRequest["beforeStart"];

  constructor(docker: Docker, request: ContainerRequest) {
    super(request.image);
    this.#docker = docker;
    const [first] = request.interfaces;
    this.#interfaces = request.interfaces;
    this.#beforeStart = request.beforeStart;
    Object.assign(this.createOpts, request.create);
    this.networkMode = first.network;
    Object.assign(this.hostConfig, { Init: false }, request.grant, request.host);
    this.withName(request.name).withLabels(request.labels).withEnvironment(request.environment);
    const [owned, others] = [request.files.filter((one) => one.owner), request.files.filter((one) => !one.owner)];
    this.withCopyContentToContainer(others.map((one) => ({ content: one.text, target: one.path, mode: one.mode })));
    this.#owned = owned;
  }

  protected override async beforeContainerCreated(): Promise<void> {
    const given = (await takesAllAtCreate(this.#docker)) ? this.#interfaces : this.#interfaces.slice(0, 1);
    const endpoints = given.map((one) => [one.network, endpointOf(one)] as const);
    this.createOpts.NetworkingConfig = { EndpointsConfig: Object.fromEntries(endpoints) };
  }

  /** Where only one endpoint was given, the others are connected before the start. */
  protected override async containerCreated(id: string): Promise<void> {
    const further = (await takesAllAtCreate(this.#docker)) ? [] : this.#interfaces.slice(1);
    for (const one of further)
      await this.#docker.getNetwork(one.network).connect({ Container: id, EndpointConfig: endpointOf(one) });
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

/** Docker 25: containers take several endpoints at create, and each takes a MAC. */
const severalEndpoints = { major: 1, minor: 44 };
const answers = new WeakMap<Docker, Promise<boolean>>();

/**
 * An engine that takes several endpoints must get all of them at create: Docker 28 ignores the MAC of an endpoint that
 * is connected before the start.
 */
function takesAllAtCreate(docker: Docker): Promise<boolean> {
  const known = answers.get(docker) ?? docker.version().then(({ ApiVersion }) => isAtLeast(ApiVersion));
  answers.set(docker, known);
  return known;
}

function isAtLeast(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > severalEndpoints.major || (major === severalEndpoints.major && minor >= severalEndpoints.minor);
}
