// Runs jobs side by side, at most `width` at a time, started in the given order. A job that throws does not stop the
// others.

export async function runPool<T, R>(
  items: readonly T[],
  width: number,
  job: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = Array.from({ length: items.length });
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      const [result] = await Promise.allSettled([job(items[index]!)]);
      results[index] = result!;
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
