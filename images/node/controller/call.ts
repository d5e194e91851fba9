// What a part of the controller knows of the call it serves. A type only.

/** Who calls and until when (CLOCK_MONOTONIC ns) an answer is of use. */
export interface Call {
  names: readonly string[];
  /** The caller is the peer zone. */
  isPeer: boolean;
  untilNs: number;
}
