// The rows of the matrix and their order.

import { describe, expect, it } from "@jest/globals";
import { rowsOf } from "./rows.ts";

const request = { certificates: {}, zoneId: "plant-a-bsfg", foreignZoneId: "enterprise-bsfg" };
const all = rowsOf({ ...request, rows: "all" }, ["TLS_AES_128_GCM_SHA256", "AES128-SHA"]);

describe("the matrix", () => {
  it("begins and ends with rows that a right endpoint serves", () => {
    expect(all.at(0)).toMatchObject({ row: "version any", certificate: "right" });
    expect(all.slice(-2).map((row) => row.row)).toEqual(["certificate right TLSv1.2", "certificate right TLSv1.3"]);
  });

  it("offers each version alone, and all at once", () => {
    const offered = all.filter((row) => row.row.startsWith("version ")).map((row) => row.versions);
    expect(offered).toEqual([
      ["TLSv1", "TLSv1.3"],
      ...["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"].map((version) => [version, version]),
    ]);
  });

  it("offers each suite alone, in the versions that know it", () => {
    expect(all.filter((row) => row.cipher !== undefined)).toMatchObject([
      { cipher: "TLS_AES_128_GCM_SHA256", versions: ["TLSv1.3", "TLSv1.3"] },
      { cipher: "AES128-SHA", versions: ["TLSv1", "TLSv1.2"] },
    ]);
  });

  it("gives every row its own name", () => {
    expect(new Set(all.map((row) => row.row)).size).toBe(all.length);
  });

  it("leaves versions and suites out when only certificates are asked for", () => {
    const few = rowsOf({ ...request, rows: "certificates" }, ["AES128-SHA"]);
    expect(few.some((row) => row.cipher !== undefined)).toBe(false);
    expect(few.map((row) => row.certificate)).toEqual(expect.arrayContaining(["none", "foreign-ca", "expired"]));
  });
});
