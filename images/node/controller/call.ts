// What the controller's parts know of a call. A type only.

/** Who calls, and until when (CLOCK_MONOTONIC ns) the caller waits for an answer. */
export interface Call {
  names: readonly string[];
  /** The caller is the peer zone. */
  isPeer: boolean;
  untilNs: number;
}
