// What was scanned, typed or sent by a hand scanner, as it is judged and sent. A blank is a letter of a code.
import { typedSerial } from './travel-permit.js';

const PERMIT = 'TP1:', CERTIFICATE = 'RC1:';
/** What is left of somebody's certificate: that it is one. Nothing else of it is looked at, kept, shown or sent. */
export const BARE_CERTIFICATE = CERTIFICATE;

export function shownAs(text) {
  const serial = typedSerial(text);
  if (serial) return { permit_id: serial };
  if (!text.includes(PERMIT) && text.includes(CERTIFICATE)) return { qr: BARE_CERTIFICATE };
  return { qr: text.slice(Math.max(0, text.lastIndexOf(PERMIT))).replace(/[\r\n]+$/, '').slice(0, 2000) };
}

/** The words for a text that is no permit: a certificate is named as what it is, without a verdict on it. */
export const wordsFor = (reason, qr = '') => (reason === 'foreign' && qr.startsWith(CERTIFICATE) ? 'recovery-certificate' : reason);
