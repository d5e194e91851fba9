// The only reader of time. Timestamps are CLOCK_MONOTONIC in nanoseconds. All containers on this kernel share that
// clock, so a timestamp from an agent and one from here compare directly.

/** CLOCK_MONOTONIC in nanoseconds. A number, not a bigint: 2^53 ns is 104 days of uptime. */
export function nowNs(): number {
  return Number(process.hrtime.bigint());
}

/** Milliseconds between two monotonic timestamps, with fractions. */
export function elapsedMs(fromNs: number, toNs: number = nowNs()): number {
  return (toNs - fromNs) / 1e6;
}

/** Wall time as an ISO 8601 string, for names and reports only; never for a verdict. */
export function wallTime(): string {
  return new Date().toISOString();
}

/** Wall time in milliseconds since the epoch, for certificate dates and fact envelopes. */
export function wallMs(): number {
  return Date.now();
}

/** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** A signal that fires after `ms` milliseconds, until disposed. It does not keep the process alive. */
export function signalAfter(ms: number, reason: Error): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(reason), ms);
  timer.unref();
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Calls `tick` every `ms` milliseconds until disposed. It does not keep the process alive. */
export function every(ms: number, tick: () => void): Disposable {
  const timer = setInterval(tick, ms);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
