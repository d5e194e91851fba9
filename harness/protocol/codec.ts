// JSON Lines, both ways. Pure: text in, messages out. The owner of a stream passes its chunks in.

/** One message as one line. */
export function encodeLine(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/** Collects chunks and returns whole lines, parsed. A line that is not JSON goes to `onNoise`. */
export class LineDecoder<T> {
  #rest = "";
  readonly #onNoise: (line: string) => void;

  constructor(onNoise: (line: string) => void) {
    this.#onNoise = onNoise;
  }

  push(chunk: string): T[] {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    const messages: T[] = [];
    for (const line of lines) {
      if (line === "") continue;
      try {
        messages.push(JSON.parse(line) as T);
      } catch {
        this.#onNoise(line);
      }
    }
    return messages;
  }
}
