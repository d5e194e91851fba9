// The node image of another vendor, as the engine has it. Types only.

export interface NodeImage {
  /** The image's tag in the engine. */
  tag: string;
  /** Digest of the image configuration, `sha256:…`: the image's id. */
  image: string;
  /** Digest of the files in it, `sha256:…`: the same for every form in which one node is submitted. */
  content: string;
  /** SHA-256 of the file that was submitted; absent for an image that the engine had, and for a folder. */
  submitted?: string;
  /** PID 1 is systemd. */
  isSystemd: boolean;
  /** Absent: what the engine takes. */
  stopSignal?: string;
  /** What of the submitted file is not used, in words: a disk's kernel and boot loader. */
  leftOut?: string;
}
