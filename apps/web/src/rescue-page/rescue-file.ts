import { type Bytes, utf8ToBytes } from '@serment/core/bytes';
import { escapeHtml } from '@serment/records/page/escape';
import type { Language } from '../i18n/language.ts';
import { rescueWords } from './words.ts';

export interface RescueFileParts {
  /** The page's script, whole. */
  readonly script: string;
  /** Of the copy, as docs/format/rescue.md has it. */
  readonly copy: Bytes;
  readonly language: Language;
}

/** The HTML file that holds a copy and what reads it: one script, named by its hash, and no way to any network. */
export async function rescueFile({ script, copy, language }: RescueFileParts): Promise<Bytes> {
  const told = rescueWords(language);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8ToBytes(script)));
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${toBase64(hash)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return utf8ToBytes(`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escapeHtml(told.name)}</title>
</head>
<body>
<main id="page">
<h1>${escapeHtml(told.name)}</h1>
<p>${escapeHtml(told.failed.cut)}</p>
<p>${escapeHtml(told.failed.browser)}</p>
</main>
<script type="module">${script}</script>
<script type="text/plain" id="serment-rescue">${toBase64(copy)}</script>
</body>
</html>
`);
}

/** Of this many bytes at a time: what a call takes as its arguments is limited. */
const bytesAtOnce = 24_576;

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += bytesAtOnce)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(start, start + bytesAtOnce))));
  return parts.join('');
}
