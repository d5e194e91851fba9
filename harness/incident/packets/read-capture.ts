// VRRP adverts of a packet capture in the format of libpcap (tcpdump -w), plain or gzip. It reads the file as a stream
// and keeps adverts only. Not a reader of pcapng.

import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { HarnessError } from "#base/errors.ts";
import { openRegular } from "#base/regular-file.ts";

export interface Advert {
  /** Milliseconds since 1970 on the clock of the host that captured. */
  atMs: number;
  source: string;
  priority: number;
}

export interface Capture {
  adverts: Advert[];
  packets: number;
  /** Adverts beyond the most that are kept. */
  dropped: number;
  /** The file ends within a packet. */
  isCutShort: boolean;
}

const advertsMax = 200_000;
const packetMax = 262_144;
const fileHeaderBytes = 24;
const packetHeaderBytes = 16;

interface Format {
  isLittle: boolean;
  /** Units of the second field of a stamp in a millisecond. */
  perMs: number;
  linkType: number;
}

/** @throws HarnessError `usage/bad-log` when it is no capture in this format. */
export async function readCapture(path: string): Promise<Capture> {
  const fd = openRegular(path, { code: "usage/bad-log" });
  const raw = createReadStream(path, { fd });
  const stream = path.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  const reader = new CaptureReader(path);
  try {
    for await (const chunk of stream) reader.push(chunk as Buffer);
  } catch (thrown) {
    if (thrown instanceof HarnessError || !(thrown as NodeJS.ErrnoException).code?.startsWith("Z_")) throw thrown;
    reader.capture.isCutShort = true;
  }
  return reader.end();
}

export class CaptureReader {
  readonly #path: string;
  #rest: Buffer = Buffer.alloc(0);
  #format: Format | undefined;
  readonly capture: Capture = { adverts: [], packets: 0, dropped: 0, isCutShort: false };

  constructor(path: string) {
    this.#path = path;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (!this.#format && this.#rest.length >= fileHeaderBytes) {
      this.#format = this.#formatOf(this.#rest);
      this.#rest = this.#rest.subarray(fileHeaderBytes);
    }
    let at = 0;
    while (this.#format && this.#rest.length - at >= packetHeaderBytes) {
      const header = this.#rest.subarray(at, at + packetHeaderBytes);
      const length = this.#word(header, 8);
      if (length > packetMax) throw this.#refusal(`a packet of ${length} bytes`);
      if (this.#rest.length - at < packetHeaderBytes + length) break;
      this.#take(header, this.#rest.subarray(at + packetHeaderBytes, at + packetHeaderBytes + length));
      at += packetHeaderBytes + length;
    }
    this.#rest = this.#rest.subarray(at);
  }

  end(): Capture {
    if (!this.#format) throw this.#refusal("fewer bytes than the header of a capture");
    if (this.#rest.length > 0) this.capture.isCutShort = true;
    return this.capture;
  }

  #formatOf(bytes: Buffer): Format {
    const magic = bytes.readUInt32LE(0);
    const kinds: Record<number, Omit<Format, "linkType">> = {
      0xa1b2c3d4: { isLittle: true, perMs: 1e3 },
      0xd4c3b2a1: { isLittle: false, perMs: 1e3 },
      0xa1b23c4d: { isLittle: true, perMs: 1e6 },
      0x4d3cb2a1: { isLittle: false, perMs: 1e6 },
    };
    const kind = kinds[magic];
    if (!kind) throw this.#refusal(magic === 0x0a0d0d0a ? "the format pcapng" : "no header of a capture");
    return { ...kind, linkType: (kind.isLittle ? bytes.readUInt32LE(20) : bytes.readUInt32BE(20)) & 0xffff };
  }

  #refusal(found: string): HarnessError {
    return new HarnessError("usage/bad-log", `${this.#path} is no capture that this reader knows: it has ${found}`, {
      expected: "the format of tcpdump -w",
      remedy: "Convert it: editcap -F pcap IN OUT",
    });
  }

  #word(bytes: Buffer, at: number): number {
    return this.#format!.isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  #take(header: Buffer, packet: Buffer): void {
    this.capture.packets += 1;
    const ip = ipPacketOf(packet, this.#format!.linkType);
    const advert = ip && advertOf(ip);
    if (!advert) return;
    if (this.capture.adverts.length >= advertsMax) this.capture.dropped += 1;
    else {
      const atMs = this.#word(header, 0) * 1000 + this.#word(header, 4) / this.#format!.perMs;
      this.capture.adverts.push({ atMs, ...advert });
    }
  }
}

const etherIpv4 = 0x0800;
const etherVlan = 0x8100;

/** Without the header of the link: Ethernet, raw IP, or one of Linux's two cooked formats. */
function ipPacketOf(packet: Buffer, linkType: number): Buffer | undefined {
  if (linkType === 101 || linkType === 12 || linkType === 228) return packet;
  if (linkType === 113)
    return packet.length > 16 && packet.readUInt16BE(14) === etherIpv4 ? packet.subarray(16) : undefined;
  if (linkType === 276)
    return packet.length > 20 && packet.readUInt16BE(0) === etherIpv4 ? packet.subarray(20) : undefined;
  if (linkType !== 1 || packet.length < 18) return undefined;
  const type = packet.readUInt16BE(12);
  if (type === etherIpv4) return packet.subarray(14);
  return type === etherVlan && packet.readUInt16BE(16) === etherIpv4 ? packet.subarray(18) : undefined;
}

const protocolVrrp = 112;

function advertOf(ip: Buffer): Omit<Advert, "atMs"> | undefined {
  if (ip.length < 24 || ip[0]! >> 4 !== 4 || ip[9] !== protocolVrrp) return undefined;
  const start = (ip[0]! & 0x0f) * 4;
  // The low half of the first byte is the type; 1 is an advert, the only one there is.
  if (ip.length < start + 3 || (ip[start]! & 0x0f) !== 1) return undefined;
  return { source: [...ip.subarray(12, 16)].join("."), priority: ip[start + 2]! };
}
