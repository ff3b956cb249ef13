// How good the line is, from what the browser counts (getStats): loss, round trip, room for sending, relayed or not.

/** Losing a tenth of the sound for two looks, or no room for a picture for three: give the picture up. */
export const LIMITS = { lossPercent: 10, lossLooks: 2, bitsPerSecond: 150_000, bitLooks: 3 };

/** One look at a connection: differences to `before` (an earlier look). */
export function measure(report, before = {}) {
  const all = [...report.values()], seen = { received: 0, lost: 0, roundTripMs: null, bitsPerSecond: null, isRelayed: false };
  for (const one of all) {
    if (one.type === 'inbound-rtp') { seen.received += one.packetsReceived ?? 0; seen.lost += Math.max(0, one.packetsLost ?? 0); }
    if (one.type === 'transport' && one.selectedCandidatePairId) {
      const pair = report.get(one.selectedCandidatePairId);
      const ends = [report.get(pair?.localCandidateId), report.get(pair?.remoteCandidateId)];
      seen.isRelayed = ends.some(end => end?.candidateType === 'relay');
      if (pair?.currentRoundTripTime != null) seen.roundTripMs = Math.round(pair.currentRoundTripTime * 1000);
      if (pair?.availableOutgoingBitrate != null) seen.bitsPerSecond = pair.availableOutgoingBitrate;
    }
  }
  const lost = Math.max(0, seen.lost - (before.lost ?? 0)), received = Math.max(0, seen.received - (before.received ?? 0));
  return { ...seen, lossPercent: lost + received ? 100 * lost / (lost + received) : null };
}

/** Remembers looks; `isTooBad(look)` says when the picture should be given up. */
export function judge(limits = LIMITS) {
  let lossy = 0, narrow = 0;
  return look => {
    lossy = look.lossPercent != null && look.lossPercent >= limits.lossPercent ? lossy + 1 : 0;
    narrow = look.bitsPerSecond != null && look.bitsPerSecond < limits.bitsPerSecond ? narrow + 1 : 0;
    return lossy >= limits.lossLooks || narrow >= limits.bitLooks;
  };
}

/** 'good' | 'fair' | 'poor' | 'unknown': what the reader sees; the same limits as the record keeps. */
export function grade({ lossPercent, roundTripMs }) {
  if (lossPercent == null || roundTripMs == null) return 'unknown';
  if (lossPercent < 2 && roundTripMs < 300) return 'good';
  return lossPercent < 8 && roundTripMs < 600 ? 'fair' : 'poor';
}
