import pdf from '../../document-frame/pdf-frame.ts?worker&url';
import picture from '../../document-frame/picture-frame.ts?worker&url';

export type ShownKind = 'pdf' | 'picture';

const scripts: Readonly<Record<ShownKind, string>> = { pdf, picture };
const policy = window.trustedTypes?.createPolicy('document-frame', { createHTML: pageAround });

/**
 * The page that shows documents of a kind, as the text of a frame without origin: such a frame is served by no service
 * worker, so what it needs is within. Its script runs only as the one that was built: the application's policy, which the
 * frame has too, names its hash. Throws when it cannot be had.
 */
export async function framePage(kind: ShownKind): Promise<string> {
  const answer = await fetch(scripts[kind]);
  if (!answer.ok) throw new TypeError(`The server does not give ${scripts[kind]}`);
  const script = await answer.text();
  return policy?.createHTML(script) ?? pageAround(script);
}

/** Beyond the application's policy: no network, no style from a file, no picture but what is made here. */
function pageAround(script: string): string {
  const rules = [
    "default-src 'none'",
    // Which script is for the application's policy to say. Scans in JPEG 2000 and JBIG2 are read by WebAssembly.
    "script-src 'unsafe-inline' 'wasm-unsafe-eval'",
    'img-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "trusted-types 'none'",
  ];
  return `<!doctype html><meta charset="utf-8"><title>Document</title>
<meta http-equiv="Content-Security-Policy" content="${rules.join('; ')}">
<body><script type="module">${script}</script>`;
}
