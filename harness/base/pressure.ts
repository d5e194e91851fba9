// Time in which some task waited for a disk, from the text of /proc/pressure/io. Pure. Kernels may lack the file.

export const diskPressurePath = "/proc/pressure/io";

/** "some avg10=2.13 avg60=2.41 avg300=1.41 total=628969535": microseconds since boot. Undefined in another text. */
export function diskWaitUsIn(text: string): number | undefined {
  const found = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
