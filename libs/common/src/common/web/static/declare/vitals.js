// What can be a measurement at all, and what looks like two fields swapped. The server refuses the
// same; the phone says it at once, offline too. Limits are those of a living person, not of health.
import { typedNumber } from 'shell/kit.js';

export const VITALS = [
  { name: 'spo2_percent', low: 50, high: 100, step: 1, unit: '%' },
  { name: 'temperature_celsius', low: 33, high: 43, step: 0.1, unit: '°C' },
  { name: 'pulse_per_minute', low: 25, high: 250, step: 1, unit: 'declare.per-minute' },
  { name: 'breaths_per_minute', low: 4, high: 100, step: 1, unit: 'declare.per-minute' },
];
export const PRESSURE = [
  { name: 'systolic_mmhg', low: 50, high: 260, step: 1, unit: 'mmHg' },
  { name: 'diastolic_mmhg', low: 20, high: 160, step: 1, unit: 'mmHg' },
];
/** Measure again (after 30 to 60 s, hand still: 261/QĐ-BYT) at or below this. A prompt, not a diagnosis. */
export const MEASURE_AGAIN_AT = 95;

/** Read a field: {value} (null when empty) or {fault: text key}. */
export function readVital(kind, text) {
  const value = typedNumber(text);
  if (value === null) return { value };
  if (Number.isNaN(value)) return { fault: 'declare.not-a-number' };
  if (kind.step === 1 && !Number.isInteger(value)) return { fault: 'declare.whole-number' };
  if (value < kind.low || value > kind.high) return { fault: 'declare.impossible' };
  return { value };
}
/** "SpO2 74, pulse 97" is more often two swapped fields than a dying person: ask, never correct silently. */
export const looksSwapped = values => values.spo2_percent != null && values.pulse_per_minute != null
  && values.spo2_percent < 90 && values.pulse_per_minute >= 93 && values.pulse_per_minute <= 100;

/** Codes of the dated form in rules/risk/course; danger signs first, they bring up the emergency call. */
export const DANGER = ['dyspnoea', 'chest_pain', 'drowsy', 'cyanosis', 'haemoptysis', 'convulsion'];
export const SIGNS = ['fever', 'cough', 'sore_throat', 'fatigue', 'runny_nose', 'headache', 'muscle_ache', 'loss_of_taste_or_smell',
  'diarrhoea', 'nausea_vomiting', 'chills', 'sputum', 'dizziness', 'loss_of_appetite', 'conjunctivitis'];
