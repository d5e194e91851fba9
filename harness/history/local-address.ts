// Addresses of sockets as /proc writes them. An IPv6 socket may hold an IPv4 address or every address. Pure.

/** "198.18.0.11:6222" and "[::]:6222" to host and port. */
export function endOf(endpoint: string): { host: string; port: number } {
  const at = endpoint.lastIndexOf(":");
  return { host: endpoint.slice(0, at), port: Number(endpoint.slice(at + 1)) };
}

const mappedHost = /^\[(?:0000:){5}ffff:(?<high>[\da-f]{4}):(?<low>[\da-f]{4})\]$/;

/** IPv4 in an IPv6 socket: "[0000:0000:0000:0000:0000:ffff:c612:020a]:9443" to "198.18.2.10:9443"; others unchanged. */
export function unmapped(endpoint: string): string {
  const { host, port } = endOf(endpoint);
  const { high, low } = mappedHost.exec(host)?.groups ?? {};
  if (high === undefined || low === undefined) return endpoint;
  const bytes = [high.slice(0, 2), high.slice(2), low.slice(0, 2), low.slice(2)].map((byte) =>
    Number.parseInt(byte, 16),
  );
  return `${bytes.join(".")}:${port}`;
}

const everyHost = new Set(["0.0.0.0", "*", "[::]", "::", `[${"0000:".repeat(7)}0000]`]);

/** On that port of every address. */
export function isWildcard(endpoint: string, port: number): boolean {
  const end = endOf(unmapped(endpoint));
  return end.port === port && everyHost.has(end.host);
}

/** 127.0.0.0/8 and ::1, as the inspection writes them, also inside an IPv6 socket. */
export function isLoopback(endpoint: string): boolean {
  const { host } = endOf(unmapped(endpoint));
  return host.startsWith("127.") || /^\[(?:0000:){7}0001\]$/.test(host);
}
