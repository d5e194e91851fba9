// The matrix of handshakes: what each row offers and calls. Pure. The order matters: the first and the last row are
// served by a right endpoint, so a refusal between them is a real one.

import type { HandshakesRequest } from "#protocol/commands/network.ts";

export const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
export type Version = (typeof versions)[number];

/** PutObject and GetObject: with the right certificate the same artifact, with any other one of its own. */
export type Call =
  | { name: "Health" | "FetchFacts" | "ConfirmReceipt" }
  | { name: "PutObject" | "GetObject"; key: string }
  | { name: "AppendFact"; fromZone: string };

export interface Row {
  row: string;
  /** Lowest and highest version offered; undefined for plain HTTP. */
  versions: [Version, Version] | undefined;
  /** A single suite, by OpenSSL's name. Absent: all suites of OpenSSL. */
  cipher?: string;
  /** Key of the request's certificates, or "none". */
  certificate: string;
  call: Call;
}

const health: Call = { name: "Health" };
const right = "right";
/** The versions that an endpoint may serve. Each refusal is tried in both, because they refuse at different moments. */
const served: readonly Version[] = ["TLSv1.2", "TLSv1.3"];

export function rowsOf(
  request: Pick<HandshakesRequest, "rows" | "certificates" | "zoneId" | "foreignZoneId">,
  ciphers: readonly string[],
): Row[] {
  const opening: Row = { row: "version any", versions: ["TLSv1", "TLSv1.3"], certificate: right, call: health };
  if (request.rows === "certificates") return [opening, ...certificateRows(request)];
  const versionRows = versions.map((one): Row => ({ ...opening, row: `version ${one}`, versions: [one, one] }));
  return [opening, ...versionRows, ...ciphers.map(cipherRow), ...certificateRows(request)];
}

/** TLS 1.3 has its own suites. The others are offered in every version that knows them. */
function cipherRow(cipher: string): Row {
  const isNew = cipher.startsWith("TLS_");
  const range: [Version, Version] = isNew ? ["TLSv1.3", "TLSv1.3"] : ["TLSv1", "TLSv1.2"];
  return { row: `cipher ${cipher}`, versions: range, cipher, certificate: right, call: health };
}

function certificateRows(request: Pick<HandshakesRequest, "zoneId" | "foreignZoneId">): Row[] {
  const { zoneId, foreignZoneId } = request;
  const append = (fromZone: string): Call => ({ name: "AppendFact", fromZone });
  const tried: [string, Call][] = [
    ["none", health],
    ["none", append(zoneId)],
    ["foreign-ca", health],
    ["expired", health],
    ["not-yet-valid", health],
    ["other-zone", append(zoneId)],
    ["no-zone", append(zoneId)],
    // Not even in its own name: it belongs to no zone.
    ["no-zone", append("maintenance-laptop")],
    [right, append(foreignZoneId)],
  ];
  const rows = tried.flatMap(([certificate, call]) =>
    served.map((version): Row => {
      const what = call.name === "AppendFact" ? ` for ${call.fromZone}` : "";
      return { row: `certificate ${certificate}${what} ${version}`, versions: [version, version], certificate, call };
    }),
  );
  rows.push(...callRows());
  rows.push(...lastRows());
  const plain: Row = { row: "plain HTTP", versions: undefined, certificate: "none", call: health };
  return [plain, ...rows];
}

const artifactKey = "handshake";

/** Every call that reads or writes: first as the zone itself, which must be served, then as others. */
function callRows(): Row[] {
  const row = (certificate: string, call: Call, version: Version): Row => ({
    row: `call ${call.name} ${certificate} ${version}`,
    versions: [version, version],
    certificate,
    call,
  });
  const callsOf = (putKey: string): Call[] => [
    { name: "PutObject", key: putKey },
    { name: "GetObject", key: artifactKey },
    { name: "FetchFacts" },
    { name: "ConfirmReceipt" },
  ];
  return [right, "other-zone", "no-zone"].flatMap((certificate) =>
    callsOf(certificate === right ? artifactKey : `of-${certificate}`).flatMap((call) =>
      served.map((version) => row(certificate, call, version)),
    ),
  );
}

function lastRows(): Row[] {
  return served.map((version) => ({
    row: `certificate ${right} ${version}`,
    versions: [version, version],
    certificate: right,
    call: health,
  }));
}
