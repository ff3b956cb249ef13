// Parses and links every script of the pages without running one: what is imported must be exported somewhere.
// Called with pairs of folders: the static folder, then each service's pages. Prints what is wrong, one per line.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import vm from 'node:vm';

const [root, mapFile, fixed, ...pages] = process.argv.slice(2);
const map = JSON.parse(readFileSync(mapFile, 'utf8')).imports;
const modules = new Map(), faults = [];
const told = file => relative(root, file);

/** The file behind a specifier: as the browser finds it, with `/pages/` of the service that the script is of. */
function fileOf(specifier, from, home) {
  const mapped = map[specifier] ?? Object.entries(map).filter(([name]) => name.endsWith('/') && specifier.startsWith(name))
    .map(([name, to]) => to + specifier.slice(name.length))[0] ?? specifier;
  if (mapped.startsWith('/static/')) return join(fixed, mapped.slice('/static/'.length));
  if (mapped.startsWith('/pages/')) return join(home, mapped.slice('/pages/'.length));
  return resolve(dirname(from), mapped);
}

/** A library is fetched by `make web`, not kept here: it is taken to export whatever is asked of it. */
function library(specifier) {
  const names = new Set(['default']);
  for (const file of scripts) {
    for (const [, listed] of readFileSync(file.path, 'utf8').matchAll(new RegExp(`import[^;]*\\{([^}]*)\\}[^;]*from\\s*'${specifier}'`, 'g'))) {
      listed.split(',').map(name => name.trim().split(/\s+as\s+/)[0]).filter(Boolean).forEach(name => names.add(name));
    }
  }
  return new vm.SyntheticModule([...names], () => {}, { identifier: specifier });
}

function moduleOf(path, home) {
  const key = `${home}|${path}`;
  if (!modules.has(key)) {
    let made = null;
    try { made = new vm.SourceTextModule(readFileSync(path, 'utf8'), { identifier: path }); } catch (fault) {
      faults.push(`${told(path)}: ${fault.message.split('\n')[0]}${fault.code === 'ENOENT' ? ' (imported, but not there)' : ''}`);
    }
    modules.set(key, made);
  }
  return modules.get(key);
}

const found = folder => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.js') && !entry.parentPath.includes('/vendor'))
  .map(entry => ({ path: join(entry.parentPath, entry.name), home: folder }));
const scripts = [fixed, ...pages].flatMap(found);

for (const { path, home } of scripts) {
  const made = moduleOf(path, home);
  if (!made || made.status !== 'unlinked') continue;
  const link = (specifier, from) => {
    const file = fileOf(specifier, from.identifier, home);
    const next = file.includes('/vendor/') ? library(specifier) : moduleOf(file, home);
    if (!next) throw new Error(`'${specifier}' cannot be read`);
    return next;
  };
  await made.link(link).catch(fault => faults.push(`${told(path)}: ${fault.message}`));
}
faults.forEach(fault => console.log(fault));
process.exitCode = faults.length || !scripts.length ? 1 : 0;
