// The officer's list as a file: sent back it changes nothing.
import { download, wordsOf } from 'shell/files.js';
import { t } from 'shell/i18n.js';
import { html, useState } from 'shell/ui.js';
import { CommuneChoice } from './communes.js';

export function Export() {
  const [commune, setCommune] = useState(''), [busy, setBusy] = useState(false), [fault, setFault] = useState('');
  const fetched = async () => {
    setBusy(true); setFault('');
    try { await download(`/v1/stay-lists/export.xlsx${commune && `?commune_code=${commune}`}`, 'danh-sach-cach-ly.xlsx'); } catch (found) { setFault(wordsOf(found, t('lists.no-answer'))); }
    setBusy(false);
  };
  return html`<section class="card" id="export"><h2>${t('export.title')}</h2><p>${t('export.hint')}</p><div class="two"><${CommuneChoice} value=${commune} chosen=${setCommune} /></div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<p><button type="button" class="btn pri" disabled=${busy} onClick=${fetched}>${busy ? t('lists.preparing') : t('export.now')}</button></p></section>`;
}
