// What became of a permit's terms after its code was made: see common.credential.narrowing, which this mirrors.
// A code on paper keeps its old hours; whoever reads it takes the new end, hours or places from the lists instead.
import { decode } from './cbor.js';
import { areasOf, windowsOf } from './travel-permit.js';
import { isInstant } from './trust-list.js';

const UNTIL = 1, WINDOWS = 2, AREAS = 3;

/** The terms in `packed`, each null where they are as in the code; throws if it says nothing or anything else. */
export function narrowingOf(packed) {
  const claims = decode(packed);
  if (!(claims instanceof Map) || !claims.size) throw new Error('not changed terms');
  if (![...claims.keys()].every(key => [UNTIL, WINDOWS, AREAS].includes(key))) throw new Error('unknown terms');
  if (claims.has(UNTIL) && !isInstant(claims.get(UNTIL))) throw new Error('not an instant');
  return {
    validUntil: claims.get(UNTIL) ?? null,
    windows: claims.has(WINDOWS) ? windowsOf(claims.get(WINDOWS)) : null,
    areas: claims.has(AREAS) ? areasOf(claims.get(AREAS)) : null,
  };
}

/** What a code says, with the terms that are true now. */
export const asItIsNow = (permit, narrowing) => narrowing ? {
  ...permit,
  validUntil: narrowing.validUntil ?? permit.validUntil,
  windows: narrowing.windows ?? permit.windows,
  areas: narrowing.areas ?? permit.areas,
} : permit;
