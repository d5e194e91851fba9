// The text of a complete multiplexed stream of Docker. dockerode demultiplexes live streams itself.

/** Docker's multiplexed log format to plain text. Frame: 1 byte stream, 3 zero, 4 length, then the payload. */
export function demuxed(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString("utf8");
}
