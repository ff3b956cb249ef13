// What the pages about files beside each other share.
import { Refused } from 'shell/auth.js';
import { t } from 'shell/i18n.js';

export { fold } from 'shell/kit.js';
export const ask = values => new URLSearchParams(Object.entries(values).filter(([, v]) => v)).toString();
export const words = fault => (fault instanceof Refused ? fault.message : t('cases.no-answer'));
