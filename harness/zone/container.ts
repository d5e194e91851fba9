// A container with a fixed address on one or more macvlan networks. Testcontainers lacks three things: static
// addresses, a second network before the start, and privilege plans. Its hooks add them.

import type Docker from "dockerode";
import { GenericContainer } from "testcontainers";
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
  /** Awaited between create and start, so that several can start at the same moment. */
  beforeStart?: (containerId: string) => Promise<void>;
}

export class MultiHomedContainer extends GenericContainer {
  readonly #docker: Docker;
  readonly #furtherInterfaces: NetworkInterface[];
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
    this.networkMode = first.network;
    Object.assign(this.hostConfig, { Init: false }, request.grant, request.host);
    this.withName(request.name).withLabels(request.labels).withEnvironment(request.environment);
    this.withCopyContentToContainer(
      request.files.map((one) => ({ content: one.text, target: one.path, mode: one.mode })),
    );
  }

  /** Engines before API 1.44 accept one endpoint at create. The others are connected before the start. */
  protected override async containerCreated(id: string): Promise<void> {
    for (const further of this.#furtherInterfaces)
      await this.#docker.getNetwork(further.network).connect({ Container: id, EndpointConfig: endpointOf(further) });
    await this.#beforeStart?.(id);
  }
}

/** Engines from version 28 on give an interface a random MAC, unless they are told one. Older ones derive this MAC. */
function endpointOf({ address, mac }: NetworkInterface): Docker.EndpointSettings {
  return { IPAMConfig: { IPv4Address: address }, MacAddress: mac };
}
