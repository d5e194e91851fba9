// Fetches artifacts from the peer: when an imported fact names one, and when a client asks for one that this node
// lacks, for example after a failover. Each digest is checked before the artifact is kept.

import { createHash } from "node:crypto";
import { Code, ConnectError } from "@connectrpc/connect";
import { messageOf } from "#base/errors.ts";
import type { StoredFact } from "../../gen/bsfg_pb.ts";
import { log } from "../../local/log.ts";
import type { Artifacts } from "../artifacts.ts";
import type { PeerClient } from "./peer-client.ts";

const fetchedAtOnce = 4;

interface Reference {
  bucket: string;
  key: string;
  digest?: string;
}

export class ArtifactCopies {
  readonly #artifacts: Artifacts;
  readonly #peer: PeerClient;

  constructor(artifacts: Artifacts, peer: PeerClient) {
    this.#artifacts = artifacts;
    this.#peer = peer;
  }

  /** Every artifact that these facts name and this node lacks. @throws when the peer or the storage did not answer. */
  async fetchFor(facts: readonly StoredFact[]): Promise<void> {
    const named = facts.flatMap(({ fact }) => referenceIn(fact?.objectJson ?? "") ?? []);
    // A flush takes seconds at times, and every fact of the page waits for it.
    for (let from = 0; from < named.length; from += fetchedAtOnce)
      await Promise.all(named.slice(from, from + fetchedAtOnce).map((reference) => this.#fetchUnlessHere(reference)));
  }

  async #fetchUnlessHere(reference: Reference): Promise<void> {
    if (await this.#artifacts.has(reference)) return;
    if (!(await this.#fetch(reference))) log(`the peer has no artifact ${reference.bucket}/${reference.key} either`);
  }

  /** The artifact, from this node or else from the peer. @throws ConnectError not_found when neither has it. */
  async get(place: { bucket: string; key: string }): Promise<{ content: Uint8Array; digest: string }> {
    try {
      return await this.#artifacts.get(place);
    } catch (thrown) {
      if (!(thrown instanceof ConnectError && thrown.code === Code.NotFound)) throw thrown;
      const isThere = await this.#fetch(place).catch((cause: unknown) => {
        const why = `no artifact ${place.bucket}/${place.key} on this node, and the peer cannot be asked`;
        throw new ConnectError(`${why}: ${messageOf(cause)}`, Code.Unavailable);
      });
      if (!isThere) throw thrown;
      return this.#artifacts.get(place);
    }
  }

  async #fetch({ bucket, key, digest }: Reference): Promise<boolean> {
    const found = await this.#peer.artifact(bucket, key);
    if (!found) return false;
    const actual = createHash("sha256").update(found.content).digest("hex");
    if (actual !== found.digest || (digest !== undefined && digest !== actual))
      throw new ConnectError(`the peer's ${bucket}/${key} has the digest ${actual}`, Code.DataLoss);
    await this.#artifacts.put({ bucket, key, content: found.content });
    log(`fetched artifact ${bucket}/${key} from the peer`);
    return true;
  }
}

/**
 * `{"artifact":{"bucket","key","digest"?}, …}` as the object of a fact (docs/node-contract.md); undefined for any
 * other.
 */
export function referenceIn(objectJson: string): Reference | undefined {
  if (!objectJson.includes('"artifact"')) return undefined;
  const { artifact } = JSON.parse(objectJson) as { artifact?: Partial<Reference> };
  if (typeof artifact?.bucket !== "string" || typeof artifact.key !== "string") return undefined;
  const { bucket, key, digest } = artifact;
  return { bucket, key, ...(typeof digest === "string" ? { digest } : {}) };
}
