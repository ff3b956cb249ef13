// Base45 (RFC 9285), strict.
import { damaged } from './refusal.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));

export function decode(text) {
  const values = Array.from(text, letter => {
    const value = VALUES.get(letter);
    if (value === undefined) throw damaged('a letter outside base45');
    return value;
  });
  const rest = values.length % 3;
  if (rest === 1) throw damaged('a lone last letter');
  const bytes = [];
  const whole = values.length - rest;
  for (let at = 0; at < whole; at += 3) {
    const number = values[at] + 45 * values[at + 1] + 2025 * values[at + 2];
    if (number > 0xffff) throw damaged('a group beyond its bytes');
    bytes.push(number >> 8, number & 0xff);
  }
  if (rest) {
    const number = values[whole] + 45 * values[whole + 1];
    if (number > 0xff) throw damaged('a group beyond its bytes');
    bytes.push(number);
  }
  return Uint8Array.from(bytes);
}
