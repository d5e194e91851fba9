// A VRRP advertisement as bytes: version 2 of RFC 3768, keepalived's default. Pure.

export interface ForgedAdvert {
  routerId: number;
  priority: number;
  advertS: number;
  /** Virtual addresses. A receiver compares them with its own. */
  addresses: string[];
  /** Simple text authentication with this password, of at most 8 characters. Absent: none. */
  password?: string;
}

const versionAndType = 0x21;
const authenticationBytes = 8;
const textAuthentication = 1;

/** The payload of IP protocol 112. The checksum covers the payload alone. */
export function advertBytes(advert: ForgedAdvert): Buffer {
  const bytes = Buffer.alloc(8 + 4 * advert.addresses.length + authenticationBytes);
  const kind = advert.password === undefined ? 0 : textAuthentication;
  bytes.set([versionAndType, advert.routerId, advert.priority, advert.addresses.length, kind, advert.advertS], 0);
  bytes.write(advert.password ?? "", bytes.length - authenticationBytes, "latin1");
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

export interface FrameEnds {
  sourceMac: string;
  destinationMac: string;
  source: string;
  destination: string;
}

const vrrpProtocol = 112;
/** As VRRP requires: a packet with less came through a router. */
const timeToLive = 255;
const ipv4Type = 0x0800;
const headerBytes = 20;

/** A whole Ethernet frame: IPv4 without options, and `payload` as protocol 112. */
export function frameOf(ends: FrameEnds, payload: Buffer): Buffer {
  const ip = Buffer.alloc(headerBytes);
  ip.set([0x45, 0, 0, 0, 0, 0, 0x40, 0, timeToLive, vrrpProtocol], 0);
  ip.writeUInt16BE(headerBytes + payload.length, 2);
  ip.set(octetsOf(ends.source), 12);
  ip.set(octetsOf(ends.destination), 16);
  ip.writeUInt16BE(internetChecksum(ip), 10);
  const type = Buffer.alloc(2);
  type.writeUInt16BE(ipv4Type);
  return Buffer.concat([macBytes(ends.destinationMac), macBytes(ends.sourceMac), type, ip, payload]);
}

const octetsOf = (address: string): number[] => address.split(".").map(Number);
const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(":", ""), "hex");
