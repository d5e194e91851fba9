// The processor that a program was built for, by the header of its file. Pure.

const machines: Record<number, string> = {
  3: "386",
  40: "arm",
  62: "amd64",
  183: "arm64",
  243: "riscv64",
  22: "s390x",
};
const headerBytes = 20;

/** As images name it; undefined for what is no ELF file. */
export function architectureOf(head: Buffer): string | undefined {
  if (head.length < headerBytes || head.subarray(0, 4).toString("latin1") !== "\u007fELF") return undefined;
  const isBig = head[5] === 2;
  const machine = isBig ? head.readUInt16BE(18) : head.readUInt16LE(18);
  return machines[machine] ?? `machine ${machine}`;
}
