import { eventWords, isAlarm, type ShownEvent, type ShownPractice, stateWords } from './feed.ts';

const shownOnPage = 50;

/** What the page may load: nothing, from nowhere. */
export const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** The page that anybody may read: no script, French first, as its reader's system is light or dark. */
export function pageOf(
  { name, keyLine }: { readonly name: string; readonly keyLine: string },
  practices: readonly ShownPractice[],
  now: number,
): string {
  const following = practices.filter(({ state }) => state === 'following').length;
  const alarms = practices.filter(isAlarm).length;
  const [tone, summary] =
    alarms > 0
      ? [
          'bad',
          both(`À regarder : ${alarms} sur ${practices.length}.`, `To look at: ${alarms} of ${practices.length}.`),
        ]
      : following > 0
        ? ['good', both(`Journaux en règle : ${following}.`, `Journals in order: ${following}.`)]
        : ['', both('Rien n’est encore vérifié.', 'Nothing is verified yet.')];
  const events = practices.flatMap((one) => one.events).sort((left, right) => right.at - left.at);
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Témoin ${text(name)}</title>
<link rel="alternate" type="application/feed+json" href="feed.json">
<style>${style}</style>
</head>
<body>
<main>
<h1>Témoin <span>${text(name)}</span></h1>
<p class="${tone}" role="status">${summary}</p>
<p class="lead">${both(
    'Ce témoin garde l’empreinte du journal de chaque cabinet hors de chez l’hébergeur, et vérifie qu’elle ne fait que grandir. Il ne lit aucun dossier.',
    'This witness keeps the fingerprint of each practice’s journal away from the host, and checks that it only grows. It reads no record.',
  )}</p>
<h2>${both('Cabinets', 'Practices')}</h2>
${practices.length === 0 ? `<p>${both('Aucun cabinet n’est suivi.', 'No practice is followed.')}</p>` : table(practices)}
<h2>${both('Ce qui s’est passé', 'What happened')}</h2>
${events.length === 0 ? `<p>${both('Rien encore.', 'Nothing yet.')}</p>` : `<ol>${events.slice(0, shownOnPage).map(item).join('')}</ol>`}
<h2>${both('Clé', 'Key')}</h2>
<p><code>${text(keyLine)}</code></p>
<p class="foot">${both('Page du', 'Page of')} ${instant(now)} · <a href="feed.json">feed.json</a></p>
</main>
</body>
</html>
`;
}

function table(practices: readonly ShownPractice[]): string {
  const head = [both('Cabinet', 'Practice'), both('État', 'State'), both('Entrées', 'Entries'), both('Vu', 'Seen')];
  const rows = practices.map(({ practice, state, size, cosigned }) => {
    const kind = state === 'following' ? 'good' : state === 'waiting' ? '' : 'bad';
    const seen = cosigned === null ? '–' : instant(cosigned * 1000);
    const cells = [`<strong class="${kind}">${both(...stateWords[state])}</strong>`, String(size ?? '–'), seen];
    return `<tr><th scope="row"><code>${text(practice)}</code></th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll" role="region" tabindex="0" aria-label="Cabinets"><table><thead><tr>${head
    .map((title) => `<th scope="col">${title}</th>`)
    .join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function item({ practice, kind, at, lost }: ShownEvent): string {
  const losses = lost === 0 ? '' : ` ${both(`(${lost} entrées perdues)`, `(${lost} entries lost)`)}`;
  return `<li>${instant(at)} <code>${text(practice)}</code> ${both(...eventWords[kind])}${losses}</li>`;
}

function both(french: string, english: string): string {
  return `${text(french)} <span lang="en">${text(english)}</span>`;
}

/** In universal time, the same for every reader. */
function instant(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const style = `
:root { color-scheme: light dark; --ink: #1c2422; --soft: #55615e; --line: #d9dfdd; --paper: #fbfcfc; --good: #17663f; --bad: #a63a12 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebe9; --soft: #a3afab; --line: #36403d; --paper: #151a19; --good: #6fcf9f; --bad: #ffab85 } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif }
main { max-width: 52rem; margin: 0 auto; padding: 2rem 1rem 4rem }
h1 { font-size: 1.5rem; margin: 0 0 1rem; overflow-wrap: anywhere } h1 span { font-weight: 400 }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
[lang=en] { color: var(--soft); font-weight: 400; font-size: .92em }
.good { color: var(--good) } .bad { color: var(--bad) }
p[role=status] { font-size: 1.15rem; font-weight: 600; margin: 0 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: start; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
.scroll { overflow-x: auto } code, time { white-space: nowrap } p code { white-space: normal } td [lang=en], thead [lang=en], .lead [lang=en] { display: block }
ol { list-style: none; margin: 0; padding: 0 } li { padding: .4rem 0; border-bottom: 1px solid var(--line) }
code { font-size: .9em; overflow-wrap: anywhere } .foot { color: var(--soft); margin-top: 2rem } a { color: inherit }
`;
