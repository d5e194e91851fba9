// A VRRP advertisement as bytes: version 2 of RFC 3768, keepalived's default. Pure.

export interface ForgedAdvert {
  routerId: number;
  priority: number;
  advertS: number;
  /** Virtual addresses. A receiver compares them with its own. */
  addresses: string[];
}

const versionAndType = 0x21;
const authenticationBytes = 8;

/** The payload of IP protocol 112. No authentication; the checksum covers the payload alone. */
export function advertBytes(advert: ForgedAdvert): Buffer {
  const bytes = Buffer.alloc(8 + 4 * advert.addresses.length + authenticationBytes);
  bytes.set([versionAndType, advert.routerId, advert.priority, advert.addresses.length, 0, advert.advertS], 0);
  advert.addresses.forEach((address, place) => bytes.set(address.split(".").map(Number), 8 + 4 * place));
  bytes.writeUInt16BE(internetChecksum(bytes), 6);
  return bytes;
}

/** The checksum of RFC 1071, for an even number of bytes. */
export function internetChecksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
