// Queries to a node's server, each with a deadline on top of the timeouts that it keeps itself.

import type { Emit } from "../role/outlet.ts";

/** Over the query's own timeout: for opening and closing the loopback proxy. */
const graceMs = 3_000;

/**
 * Turns a query into a handler with a deadline. What the query emits after it is dropped.
 *
 * @throws what the query throws, or when it gives no result in time.
 */
export function withinTimeout<Request extends { timeoutMs: number }, Reply>(
  query: (request: Request, emit: Emit) => Promise<Reply>,
  emit: Emit,
): (request: Request & { do: string }) => Promise<Reply> {
  return async (request) => {
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const deadlineMs = request.timeoutMs + graceMs;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${request.do} gave no result in ${deadlineMs} ms`)), deadlineMs);
    });
    try {
      return await Promise.race([query(request, (event) => isOver || emit(event)), late]);
    } finally {
      isOver = true;
      clearTimeout(timer);
    }
  };
}
