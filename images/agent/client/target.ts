// host:port of a load, as text.

/** IPv6 addresses are in brackets. @throws when `target` is not host:port */
export function splitTarget(target: string): { host: string; port: number } {
  const at = target.lastIndexOf(":");
  const port = Number(target.slice(at + 1));
  if (at <= 0 || !Number.isInteger(port) || port <= 0 || port > 65_535) throw new Error(`not host:port: ${target}`);
  return { host: target.slice(0, at).replace(/^\[|\]$/g, ""), port };
}
