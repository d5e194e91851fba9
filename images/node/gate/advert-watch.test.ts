// What keepalived's statistics say about the adverts of the peer node.

import { describe, expect, it } from "@jest/globals";
import { AdvertWatch, receivedIn } from "./advert-watch.ts";

const statistics = (received: number) =>
  `VRRP Instance: zone\n  Advertisements:\n    Received: ${received}\n    Sent: 56\n  Priority Zero:\n    Received: 9\n`;

describe("the count of received adverts", () => {
  it("is read from the statistics of keepalived, and not the count of priority zero", () => {
    expect(receivedIn(statistics(300))).toBe(300);
  });

  it("is unknown while the file is being written", () => {
    expect(receivedIn("")).toBeUndefined();
    expect(receivedIn("VRRP Instance: zone\n  Advertisem")).toBeUndefined();
  });
});

describe("the last advert", () => {
  function watched() {
    let text: string | undefined;
    let asked = 0;
    const watch = new AdvertWatch(
      () => text,
      () => (asked += 1),
    );
    return { watch, say: (words?: string) => (text = words), asked: () => asked };
  }

  it("is where the count changed", () => {
    const { watch, say, asked } = watched();
    say(statistics(3));
    watch.look(10e9, "BACKUP");
    say(statistics(4));
    watch.look(11e9, "BACKUP");
    watch.look(12e9, "BACKUP");
    expect([watch.heardNs, asked()]).toEqual([11e9, 3]);
  });

  it("is not moved by a file that cannot be read", () => {
    const { watch, say } = watched();
    say(statistics(3));
    watch.look(10e9, "BACKUP");
    for (const words of [undefined, "", "VRRP"]) {
      say(words);
      watch.look(12e9, "BACKUP");
    }
    expect(watch.heardNs).toBe(10e9);
  });

  it("counts from the end of a time in which keepalived did not listen", () => {
    const { watch, say, asked } = watched();
    say(statistics(3));
    watch.look(10e9, "FAULT");
    watch.look(20e9, "FAULT");
    expect([watch.heardNs, asked()]).toEqual([20e9, 0]);
  });
});
