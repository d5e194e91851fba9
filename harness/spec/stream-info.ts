// The used part of JetStream's answer to STREAM.INFO, with nats-server's own names. Types only.

export interface StreamInfo {
  config: { name: string; num_replicas: number };
  state: { messages: number; bytes: number; first_seq: number; last_seq: number };
  cluster?: StreamCluster;
}

/** The leader and its followers. `leader` is absent while the stream has none. */
export interface StreamCluster {
  leader?: string;
  replicas?: { name: string; current: boolean; offline?: boolean; lag?: number }[];
}
