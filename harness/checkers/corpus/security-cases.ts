// Cases of suite "security": what the endpoint speaks and with whom, where VRRP is seen and believed.

import type { HistoryEvent } from "#history/event.ts";
import { atNs, type HistoryBuilder } from "./builder.ts";
import { bend, type Case, kept, wrong } from "./case.ts";
import { advert, client, handshakes, type RowEnd, rotation } from "./security-stories.ts";

const served = (version: string, cipher = "ECDHE-ECDSA-AES256-GCM-SHA384"): RowEnd => ({
  outcome: "served",
  version,
  cipher,
});

/** The rows that `pick` takes end otherwise. */
function ending(pick: RegExp, end: RowEnd): HistoryBuilder {
  return handshakes((row, usual) => (pick.test(row) ? end : usual));
}

const drop = (builder: HistoryBuilder, isGone: (event: HistoryEvent) => boolean) =>
  bend(builder, (event) => (isGone(event) ? undefined : event));
const without = (pick: RegExp) => drop(handshakes(), (event) => event.type === "handshake" && pick.test(event.row));

/** Gates and health answers before the rotation that say something else of the certificate. */
function alertsNot(why: string, in_: "gates" | "handshake"): HistoryBuilder {
  return bend(rotation(), (event) => {
    if (event.t > atNs(11)) return event;
    const word = { isOpen: true, why };
    if (in_ === "gates" && event.type === "gates") return { ...event, gates: { certificate: word } };
    return in_ === "handshake" && event.type === "handshake" && event.certificateGate
      ? { ...event, certificateGate: word }
      : event;
  });
}

const endpoint: Case[] = [
  kept("SEC-1", "refused", () => handshakes()),
  wrong("SEC-1 old-version-served broken", /agreed on TLSv1\.1/, () => ending(/^version TLSv1\.1/, served("TLSv1.1"))),
  wrong("SEC-1 old-version-agreed-and-denied-later broken", /agreed on TLSv1;/, () =>
    ending(/^version TLSv1$/, { outcome: "refused", version: "TLSv1", error: "permission_denied" }),
  ),
  wrong("SEC-1 not-offerable unknown", /our client cannot offer row "version TLSv1"/, () =>
    ending(/^version TLSv1$/, { outcome: "not-offerable" }),
  ),
  wrong("SEC-1 nobody-answers unknown", /did not serve others before and after|served in no version/, () =>
    handshakes((_, end) => (end.outcome === "served" ? { outcome: "refused", error: "closed" } : end)),
  ),
  kept("SEC-2", "chosen", () => handshakes()),
  wrong("SEC-2 older-one-chosen broken", /TLSv1\.2 was chosen/, () => ending(/^version any/, served("TLSv1.2"))),
  wrong("SEC-2 never-tried unknown", /not tried/, () => without(/^version any/)),
  kept("SEC-3", "refused", () => handshakes()),
  wrong("SEC-3 none-served broken", /a client without a certificate is refused/, () =>
    ending(/^certificate none TLSv1\.3/, served("TLSv1.3")),
  ),
  wrong("SEC-3 expired-served broken", /an expired certificate is refused/, () =>
    ending(/^certificate expired TLSv1\.2/, served("TLSv1.2")),
  ),
  wrong("SEC-3 speaks-for-another-zone broken", /may not speak for another/, () =>
    ending(/^certificate right for/, served("TLSv1.2")),
  ),
  wrong("SEC-3 identity-not-tried unknown", /it was not tried/, () => without(/^certificate no-zone for plant/)),
  wrong("SEC-3 no-answer unknown", /came to no answer \(timeout\)/, () =>
    ending(/^certificate foreign-ca TLSv1\.2/, { outcome: "unreachable", error: "timeout" }),
  ),
  kept("SEC-4", "inside-the-baseline", () => handshakes()),
  wrong("SEC-4 cbc-sha1-accepted broken", /agreed on AES128-SHA/, () =>
    ending(/^cipher AES128-SHA/, served("TLSv1.2", "AES128-SHA")),
  ),
  wrong("SEC-4 little-offered unknown", /our client could offer 1 such suite,/, () =>
    ending(/^cipher FOREIGN/, { outcome: "not-offerable" }),
  ),
  kept("NET-1", "demanded", () => handshakes()),
  wrong("NET-1 not-asked-for broken", /a client without a certificate is refused/, () =>
    ending(/^certificate none/, served("TLSv1.2")),
  ),
  wrong("NET-1 stock-client-refused broken", /row "stock grpc-js right" was refused \(415\)/, () =>
    ending(/^stock grpc-js right/, { outcome: "refused", error: "415" }),
  ),
  wrong("NET-1 stock-client-let-in broken", /row "stock undici none" was served/, () =>
    ending(/^stock undici none/, { outcome: "served" }),
  ),
  wrong("NET-1 stock-client-unanswered unknown", /row "stock undici right" was unreachable/, () =>
    ending(/^stock undici right/, { outcome: "unreachable", error: "UND_ERR_HEADERS_TIMEOUT" }),
  ),
  wrong("NET-1 listens-elsewhere broken", /was taken on 198\.18\.0\.12:9443/, () =>
    bend(handshakes(), (event) =>
      event.type === "attempt" && event.target.startsWith("198.18.0.12") ? { ...event, outcome: "connected" } : event,
    ),
  ),
];

const rotations: Case[] = [
  kept("SEC-5", "rotation", () => rotation()),
  wrong("SEC-5 no-alert-on-the-vip broken", /it said "open, not looked at"/, () =>
    alertsNot("not looked at", "handshake"),
  ),
  wrong("SEC-5 no-alert-of-the-standby broken", /its gate said "open"/, () => alertsNot("", "gates")),
  wrong("SEC-5 certificate-was-not-short unknown", /it had 200 days left/, () =>
    bend(rotation(), (event) =>
      event.type === "handshake" && event.server && event.t < atNs(11)
        ? { ...event, server: { ...event.server, leftDays: 200 } }
        : event,
    ),
  ),
  wrong("SEC-5 old-one-still-shown broken", /it is one that was shown before/, () =>
    bend(rotation(), (event) =>
      event.type === "handshake" && event.server ? { ...event, server: { ...event.server, fingerprint: "aa" } } : event,
    ),
  ),
  wrong("SEC-5 three-failovers broken", /became active 3 times/, () =>
    rotation()
      .demote(27, "beta")
      .promote(27.1, "beta")
      .observe(29.45, "beta", { listens: [] })
      .observe(29.5, "beta", { listens: ["198.18.0.10:9443"] }),
  ),
];

const vrrp: Case[] = [
  kept("SEC-6", "hidden", () => rotation()),
  wrong("SEC-6 seen-by-a-client broken", /from 198\.18\.0\.11 to 224\.0\.0\.18, seen by client/, () =>
    advert(rotation(), 18, { seenBy: "client", segment: "zone", source: "198.18.0.11", destination: "224.0.0.18" }),
  ),
  wrong("SEC-6 nobody-looked-from-gamma unknown", /no capture ran there/, () =>
    drop(rotation(), (event) => event.type === "capture" && event.seenBy === "gamma"),
  ),
  wrong("SEC-6 blind-capture unknown", /saw no packet of any kind/, () =>
    bend(rotation(), (event) =>
      event.type === "capture" && event.phase === "ended" ? { ...event, packets: 0 } : event,
    ),
  ),
  wrong("SEC-6 no-vrrp-at-all unknown", /no advert of alpha was seen/, () =>
    drop(rotation(), (event) => event.type === "vrrp"),
  ),
  kept("SEC-7", "unicast", () => rotation()),
  wrong("SEC-7 multicast broken", /sent one to 224\.0\.0\.18/, () =>
    bend(rotation(), (event) => (event.type === "vrrp" ? { ...event, destination: "224.0.0.18" } : event)),
  ),
  wrong("SEC-7 one-of-two-seen unknown", /no advert of beta was seen/, () =>
    drop(rotation(), (event) => event.type === "vrrp" && event.source.endsWith(".12")),
  ),
  kept("SEC-8", "ignored", () => handshakes()),
  wrong("SEC-8 master-steps-back broken", /it stopped being active .* "alpha stayed active"/, () =>
    handshakes().demote(12.3, "alpha").promote(17, "alpha"),
  ),
  wrong("SEC-8 role-flaps broken", /went from BACKUP to MASTER/, () =>
    handshakes().observe(16.8, "beta", { role: "MASTER" }).observe(17, "beta", { role: "BACKUP" }),
  ),
  wrong("SEC-8 never-arrived unknown", /none that was sent to 224\.0\.0\.18 was seen there/, () =>
    drop(handshakes(), (event) => event.type === "vrrp" && event.source === client),
  ),
];

export const securityCases: readonly Case[] = [...endpoint, ...rotations, ...vrrp];
