// The paper of one person: the order while the stay is open, the certificate once it was completed.
import { download, wordsOf } from 'shell/files.js';
import { t } from 'shell/i18n.js';
import { html, useState } from 'shell/ui.js';

export function PaperButton({ item }) {
  const [fault, setFault] = useState('');
  const kind = item.status === 'open' ? 'order' : item.outcome === 'completed' ? 'completion' : '';
  if (!kind) return null;
  const fetched = () => download(`/v1/cases/${item.person_id}/${kind}.pdf`, `${kind}.pdf`).then(() => setFault(''), found => setFault(wordsOf(found, t('cases.no-answer'))));
  return html`<p><button type="button" class="btn" onClick=${fetched}>${t(`cases.paper-${kind}`)}</button></p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}`;
}
