// Rules of message text and of message ids.

/** Lone surrogates cannot travel as UTF-8: each becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** Length in Unicode scalar values, as the server counts. */
export function countScalars(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The first `limit` scalar values. */
export function cut(text: string, limit: number): string {
  return [...wellFormed(text)].slice(0, limit).join("");
}

/**
 * A UUID of version 7. Ids sort in the order in which they were made, even when the clock stands or is put
 * back: `last`, the newest id so far, then lends its time.
 */
export function newMessageId(now_ms: number, randomBytes: (count: number) => Uint8Array, last = ""): string {
  const last_ms = last ? parseInt(last.replace("-", "").slice(0, 12), 16) : 0;
  const time = Math.max(now_ms, last_ms + 1)
    .toString(16)
    .padStart(12, "0");
  const bytes = randomBytes(10);
  bytes[0] = 0x70 | (bytes[0]! & 0x0f);
  bytes[2] = 0x80 | (bytes[2]! & 0x3f);
  const rest = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [time.slice(0, 8), time.slice(8), rest.slice(0, 4), rest.slice(4, 8), rest.slice(8)].join("-");
}
