// The kernel's TCP tables.

import { describe, expect, it } from "@jest/globals";
import { listenEnd, listenersIn, stateColumn } from "./tcp-table.ts";

const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const row = (local: string, remote: string, state: string, inode: number) =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;

describe("the TCP table", () => {
  it("gives the listener on the port with its address in reading order", () => {
    const table = head + row("0A0012C6:24E3", "00000000:0000", "0A", 777);
    expect(listenersIn(table, 9443)).toEqual([{ endpoint: "198.18.0.10:9443", inode: "777" }]);
  });

  it("does not give connections, other ports or remote ports", () => {
    const table =
      head +
      row("0A0012C6:24E3", "0100007F:1000", "01", 1) +
      row("0A0012C6:24E4", "00000000:0000", "0A", 2) +
      row("0A0012C6:1000", "0A0012C6:24E3", "01", 3);
    expect(listenersIn(table, 9443)).toEqual([]);
  });

  it("gives both when two listen, and IPv6 in brackets", () => {
    const any = row("00000000000000000000000000000000:24E3", "00000000000000000000000000000000:0000", "0A", 5);
    const mapped = row("0000000000000000FFFF00000A0012C6:24E3", "00000000000000000000000000000000:0000", "0A", 6);
    expect(listenersIn(head + any + mapped, 9443).map((one) => one.endpoint)).toEqual([
      "[::]:9443",
      "[0000:0000:0000:0000:0000:ffff:c612:000a]:9443",
    ]);
  });

  it("ends its listeners where the first connection starts, in both families", () => {
    const any6 = "0".repeat(32);
    const v4 = head + row("0A0012C6:24E3", "00000000:0000", "0A", 1) + row("0A0012C6:24E4", "00000000:0000", "0A", 2);
    const v6 = head + row(`${any6}:24E3`, `${any6}:0000`, "0A", 3);
    const whole4 = Buffer.from(v4 + row("0A0012C6:24E3", "0100007F:1000", "01", 4));
    const whole6 = Buffer.from(v6 + row(`${any6}:24E3`, `${any6}:1000`, "01", 5));
    expect(listenEnd(whole4, whole4.length, stateColumn.v4)).toBe(v4.length);
    expect(listenEnd(whole6, whole6.length, stateColumn.v6)).toBe(v6.length);
  });

  it("ends its listeners at the end of the read, whatever an earlier read left behind it", () => {
    const whole = Buffer.from(head + row("0A0012C6:24E3", "00000000:0000", "0A", 1));
    expect(listenEnd(whole, head.length, stateColumn.v4)).toBe(head.length);
  });
});
