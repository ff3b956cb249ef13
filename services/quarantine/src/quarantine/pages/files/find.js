// Finding people while an officer types, and choosing two files that may be one person.
import { call, hasRole } from 'shell/auth.js';
import { day } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, html, useEffect, useState } from 'shell/ui.js';
import { ask, fold, words } from './common.js';

const PAUSE_MS = 350;
const SHORTEST = 2;

/** Tell the word once the officer stops typing: every search that shows somebody is noted for that person. */
export function useTyped(first, tell) {
  const [typed, setTyped] = useState(first);
  useEffect(() => {
    if (typed === first) return undefined;
    const id = setTimeout(() => tell(typed.trim()), PAUSE_MS);
    return () => clearTimeout(id);
  }, [typed]);
  return [typed, setTyped];
}

/** Letters are compared one by one, so the mark stays right after accents are folded. */
function Hit({ text, word }) {
  const at = word ? fold(text).indexOf(word) : -1;
  return at < 0 ? text : html`${text.slice(0, at)}<mark>${text.slice(at, at + word.length)}</mark>${text.slice(at + word.length)}`;
}
const mayBeOne = (a, b) => a && b && fold(a.full_name) === fold(b.full_name) && a.birth_year === b.birth_year;

function Person({ person, word, chosen, choose, open, chain }) {
  const where = [person.commune_name, person.phone_masked, person.id_tail ? `CCCD …${person.id_tail}` : t('cases.no-paper')].filter(Boolean).join(' · ');
  return html`<li class="mem"><div>${hasRole('health_officer') && html`<label class="pick bare"><input type="checkbox" checked=${chosen} onChange=${() => choose(person)} aria-label=${t('cases.merge.choose', { name: person.full_name })} /></label>`}
    <b><${Hit} text=${person.full_name} word=${word} /></b> <span class="mut">${person.birth_year}</span> <span class="tag r2">${t(`cases.category.${person.category}`)}</span>
    <small>${where} · ${t(`cases.status.${person.status}`)} ${day(person.ends_on)}</small></div>
    <div class="row"><button type="button" class="btn" onClick=${() => chain(person.person_id)} aria-label=${t('cases.chain.of', { name: person.full_name })}>${t('cases.chain.tab')}</button>
    ${hasRole('health_officer') && person.status === 'open' && html`<button type="button" class="btn" onClick=${() => open(person)} aria-label=${t('cases.order-for', { name: person.full_name })}>${t('cases.do.order')}</button>`}</div></li>`;
}

/** Who fits *word*; two files can be chosen to be compared. */
export function Found({ word, order, compare, chain }) {
  const [found, setFound] = useState(null), [fault, setFault] = useState(''), [chosen, setChosen] = useState([]);
  useEffect(() => {
    let current = true;
    call(`/v1/people?${ask({ q: word })}`).then(answer => { if (current) { setFound(answer.items); setFault(''); } }).catch(refusal => current && setFault(words(refusal)));
    return () => { current = false; };
  }, [word]);
  const open = async person => order(await call(`/v1/cases/${person.person_id}`));
  const choose = person => setChosen(was => (was.includes(person.person_id) ? was.filter(id => id !== person.person_id) : [...was, person.person_id].slice(-2)));
  if (fault) return html`<p class="wrong" role="alert">${fault}</p>`;
  if (!found) return html`<p role="status">…</p>`;
  const twins = mayBeOne(found[0], found[1]) ? [found[0].person_id, found[1].person_id] : null;
  return html`<section class="card" aria-live="polite"><h2>${t('cases.found', { n: found.length, word })}</h2>
    ${hasRole('health_officer') && twins && chosen.length < 2 && html`<div class="banner"><div><b>${t('cases.merge.twins')}</b> ${t('cases.merge.twins-text')}</div><span class="sp"></span><button type="button" class="btn" onClick=${() => compare(...twins)}>${t('cases.merge.compare')}</button></div>`}
    ${chosen.length === 2 && html`<div class="banner"><div><b>${t('cases.merge.two')}</b></div><span class="sp"></span><button type="button" class="btn pri" onClick=${() => compare(...chosen)}>${t('cases.merge.compare')}</button></div>`}
    ${found.length ? html`<ul class="mems">${found.map(person => html`<${Person} key=${person.person_id} person=${person} word=${fold(word)} chosen=${chosen.includes(person.person_id)} choose=${choose} open=${open} chain=${chain} />`)}</ul>`
    : html`<${Empty} title=${t('cases.nobody')}>${t('cases.nobody-text')}</${Empty}>`}</section>`;
}
