import { createHash } from 'node:crypto';
import type { Language } from '@serment/core/wire/factor';
import { type RefusalCode, refusals } from './refusals.ts';

export interface RefusalPage {
  readonly code: RefusalCode;
  readonly language: Language;
  /** Where the link goes: made of the application's origin, hexadecimal digits and a code. */
  readonly backUrl: string;
}

const style = `
:root { color-scheme: light dark; --text: #1c2430; --quiet: #4a5566; --ground: #fbfaf7; --link: #0b5394; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8eaee; --quiet: #b4bcc8; --ground: #14181f; --link: #8ec5ff; }
}
body { margin: 0; background: var(--ground); color: var(--text); font: 1.125rem/1.6 system-ui, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 3rem 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 1.5rem; }
h2 { font-size: 1rem; margin: 1.5rem 0 0; color: var(--quiet); }
p { margin: 0.25rem 0 0; }
.back { margin-top: 2rem; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; }
code { color: var(--quiet); font-size: 0.875rem; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Of every page of the listener: nothing is loaded, run, framed or sent. */
export const pageSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headings = {
  fr: {
    happened: 'Ce qui s’est passé',
    safe: 'Ce qui est sauf',
    todo: 'Que faire',
    back: 'Revenir à Serment',
    nothing: 'Rien n’a été ouvert ni modifié : votre coffre est comme avant. Rien de la carte n’a été conservé.',
  },
  en: {
    happened: 'What happened',
    safe: 'What is safe',
    todo: 'What to do',
    back: 'Back to Serment',
    nothing: 'Nothing was opened or changed: your vault is as before. Nothing of the card was kept.',
  },
} as const;

/** The page that tells a refusal, in HTML. */
export function renderRefusal({ code, language, backUrl }: RefusalPage): string {
  const { title, happened, todo } = refusals[code][language];
  const heading = headings[language];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Serment</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<h2>${heading.happened}</h2>
<p>${happened}</p>
<h2>${heading.safe}</h2>
<p>${heading.nothing}</p>
<h2>${heading.todo}</h2>
<p>${todo}</p>
<p class="back"><a href="${backUrl}">${heading.back}</a></p>
<p><code>${code}</code></p>
</main>
</body>
</html>
`;
}
