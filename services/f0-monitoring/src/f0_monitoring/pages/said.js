// What a rule file says in the reader's language: `label` in Vietnamese, `label_en` in English.
import { language } from 'shell/i18n.js';

export const said = (row, name) => (language() === 'en' && row[`${name}_en`]) || row[name];
