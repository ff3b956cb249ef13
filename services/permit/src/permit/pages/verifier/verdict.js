// What the officer is told when there is no network: see permit.domain.verdict, which this mirrors.
// Times are seconds; a post is { codes: [commune, district, province] }; `standing` is what the lists say,
// { reason, isWatched } of revocation.js: an offline verdict is only as good as the lists that the device carries.
const VIETNAM_SECONDS = 7 * 3600, DAY_MINUTES = 1440;
export const DEFAULT_GRACE = { windowMinutes: 15, expirySeconds: 300 };
const CHECKS = new Set(['just-expired', 'plate-mismatch', 'watched']);
const NOT_LISTED = { reason: null, isWatched: false };

export function judge(permit, post, plate, at, standing = NOT_LISTED, grace = DEFAULT_GRACE) {
  const reason = standing.reason ?? dateReason(permit, at, grace) ?? placeReason(permit, post, plate, at, grace)
    ?? (standing.isWatched ? 'watched' : 'valid');
  return { verdict: reason === 'valid' ? 'allowed' : CHECKS.has(reason) ? 'check' : 'refused', reason };
}

function dateReason(permit, at, grace) {
  if (at < permit.validFrom) return 'not-yet-valid';
  if (at > permit.validUntil + grace.expirySeconds) return 'expired';
  return at > permit.validUntil ? 'just-expired' : null;
}

function placeReason(permit, post, plate, at, grace) {
  if (!post.codes.some(code => permit.areas.includes(code))) return 'outside-area';
  if (!isWithinHours(permit.windows, at, grace.windowMinutes)) return 'outside-hours';
  return plate && permit.plate && plate !== permit.plate ? 'plate-mismatch' : null;
}

export function isWithinHours(windows, at, slack) {
  if (!windows.length) return true;
  const minutes = Math.floor((at + VIETNAM_SECONDS) / 60);
  const weekday = (Math.floor(minutes / DAY_MINUTES) + 3) % 7;  // 1 January 1970 was a Thursday; 0 is Monday
  return windows.some(window => covers(window, weekday, minutes % DAY_MINUTES, slack));
}

function covers(window, weekday, minute, slack) {
  const length = (window.to - window.from + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  return [-1, 0, 1].some(shift => {
    if (!(window.weekdays >> ((weekday + shift + 7) % 7) & 1)) return false;
    const start = shift * DAY_MINUTES + window.from;
    return start - slack <= minute && minute < start + length + slack;
  });
}

export const normalPlate = typed => typed.toUpperCase().replace(/[\s.-]/g, '');
