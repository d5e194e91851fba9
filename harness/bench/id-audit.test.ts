// Compares two streams with what their clients got acknowledged.

import { describe, expect, it } from "@jest/globals";
import { compareIdAudits } from "./id-audit.ts";

const idAudit = (byClient: Record<string, [number, number][]>, messages: number) => ({
  messages,
  byClient,
  twice: [],
  strange: [],
});
const told = [{ client: "a", numbers: [[1, 10] as [number, number]] }];

describe("two streams", () => {
  it("with the same facts, and more than were acknowledged, have no loss and no duplicates", () => {
    const same = idAudit({ a: [[1, 12]] }, 12);
    expect(compareIdAudits([same, same], told)).toEqual({
      messages: [12, 12],
      acknowledged: [10],
      lost: 0,
      twice: 0,
      differing: [],
    });
  });

  it("that differ are reported, and a fact that one lacks is lost", () => {
    const [whole, holed] = [
      idAudit({ a: [[1, 10]] }, 10),
      idAudit(
        {
          a: [
            [1, 3],
            [5, 8],
            [10, 10],
          ],
        },
        8,
      ),
    ];
    expect(compareIdAudits([whole, holed], told)).toMatchObject({ lost: 2, twice: 0, differing: ["a"] });
  });

  it("have duplicates when there are more messages than numbers", () => {
    expect(compareIdAudits([idAudit({ a: [[1, 10]] }, 13)], told)).toMatchObject({ twice: 3 });
  });
});
