// The kernel's socket tables.

import { describe, expect, it } from "@jest/globals";
import { socketsIn } from "./socket-table.ts";

const header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const line = (local: string, remote: string, state: string) =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000 100 0 0 10 0\n`;

describe("the socket tables", () => {
  it("give both ends, the state by name and the inode", () => {
    const table = header + line("0A0012C6:24E3", "00000000:0000", "0A") + line("0100007F:8D2A", "0100007F:107E", "01");
    expect(socketsIn(table, "tcp")).toEqual([
      { protocol: "tcp", local: "198.18.0.10:9443", remote: "0.0.0.0:0", state: "LISTEN", inode: "4711" },
      { protocol: "tcp", local: "127.0.0.1:36138", remote: "127.0.0.1:4222", state: "ESTAB", inode: "4711" },
    ]);
  });

  it("leave out closed connections", () => {
    expect(socketsIn(header + line("0B0012C6:24E3", "140012C6:0001", "06"), "tcp")).toEqual([]);
  });

  it("give the IP protocol of a raw socket as its port", () => {
    expect(socketsIn(header + line("00000000:0070", "00000000:0000", "07"), "raw")).toMatchObject([
      { local: "0.0.0.0:112", state: "UNCONN" },
    ]);
  });

  it("show the IPv6 wildcard", () => {
    const any = "00000000000000000000000000000000";
    expect(socketsIn(header + line(`${any}:107E`, `${any}:0000`, "0A"), "tcp6")).toMatchObject([
      { local: "[::]:4222", state: "LISTEN" },
    ]);
  });
});
