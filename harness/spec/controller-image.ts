// What the image of a controller says of itself. The harness writes it into the node image, and the node's launcher
// reads it there. Types only.

/** From the `config` of an OCI image configuration. */
export interface ControllerImage {
  entrypoint: string[];
  command: string[];
  /** NAME=value. */
  environment: string[];
  /** Absolute; empty for the root. */
  workingFolder: string;
  /** `name`, `uid`, `name:group` or `uid:gid`; empty for root. */
  user: string;
}

/** Which controller a zone runs instead of the reference one. */
export interface TestedController {
  /** Digest of the image configuration, `sha256:…`: the image's id. */
  image: string;
  /** SHA-256 of the archive that was given; absent for an image that the engine had. */
  archive?: string;
}
