// What the actuator does with artifacts: calls about one, and a search for its content. Types only.

import type { NodeName } from "#spec/node.ts";
import type { CertificateFiles } from "./client.ts";
import type { Act, OnNamedNode } from "./command.ts";

/** Content that can be made again: `bytes` that look random and follow from `seed`. */
export interface ArtifactContent {
  seed: string;
  bytes: number;
}

/** PutObject, GetObject, or an AppendFact whose object names the artifact. */
export type ArtifactCall = { f: "put" | "get" } | { f: "refer"; fromZone: string; toZone: string };

/** One call from the client host, as process "caller". Emits its invocation and its outcome. */
export type ArtifactRequest = ArtifactCall & {
  target: string;
  serverName: string;
  certificates: CertificateFiles;
  /** As in LoadRequest. */
  fingerprints: Record<string, NodeName>;
  bucket: string;
  key: string;
  /** What a put sends. */
  content: ArtifactContent;
  op: number;
  callTimeoutMs: number;
};

/** Searches the files below a folder of a node for parts of an artifact. Emits a `search` event. */
export interface SearchRequest extends OnNamedNode {
  folder: string;
  /** bucket/key. */
  key: string;
  content: ArtifactContent;
}

export interface ArtifactCommands {
  artifact: Act<ArtifactRequest, { outcome: "ok" | "fail" | "info"; error?: string }>;
  search: Act<SearchRequest, void>;
}
