// Judges the texts of a JSON file with the JavaScript verifier:  node outcomes.mjs texts.json > outcomes.json
// Prints one word per text ("verified" or the reason); a crash is printed as "crash: ..." and never hidden.
import { readFile } from 'node:fs/promises';

import { verifyPermit } from '../../src/permit/pages/verifier/travel-permit.js';
import { readTrustList } from '../../src/permit/pages/verifier/trust-list.js';

const vectors = JSON.parse(await readFile(new URL('permit.json', import.meta.url), 'utf8'));
const bytes = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
const trusted = await readTrustList(bytes(vectors.trust_list), bytes(vectors.root_spki), vectors.now);
const texts = JSON.parse(await readFile(process.argv[2], 'utf8'));

const outcomes = [];
for (const text of texts) {
  try {
    await verifyPermit(text, trusted, vectors.now);
    outcomes.push('verified');
  } catch (error) {
    outcomes.push(error.reason ?? `crash: ${error}`);
  }
}
process.stdout.write(JSON.stringify(outcomes));
