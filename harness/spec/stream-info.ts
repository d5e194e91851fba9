// What JetStream tells of a stream, as far as it is used: the answer to STREAM.INFO, in nats-server's own names. A type only.

export interface StreamInfo {
  config: { name: string; num_replicas: number };
  state: { messages: number; bytes: number; first_seq: number; last_seq: number };
  cluster?: StreamCluster;
}

/** Who leads, and how the others follow; a stream without a leader names none. */
export interface StreamCluster {
  leader?: string;
  replicas?: { name: string; current: boolean; offline?: boolean; lag?: number }[];
}
