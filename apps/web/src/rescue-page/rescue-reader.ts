import { parseRescue, type RescueCopy, rescueBytes } from '@serment/core/keys/rescue';
import tokens from '../ui/tokens.css?inline';
import { IdleLock } from '../worker/idle-lock.ts';
import type { RescueContent } from './content.ts';
import { button, element } from './element.ts';
import { failureText, lockedView } from './locked-view.ts';
import { ageOf, copyOf } from './moment.ts';
import { OpenView } from './open-view.ts';
import style from './rescue-reader.css?inline';
import { rescueWords } from './words.ts';

/** The page of a rescue copy. It has no network, no storage, and no origin but the file's. */

const idleMs = 10 * 60_000;
const language = document.documentElement.lang === 'en' ? 'en' : 'fr';
const words = rescueWords(language);

document.adoptedStyleSheets = [tokens, style].map((text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
});
const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => {
  document.documentElement.dataset.mantineColorScheme = dark.matches ? 'dark' : 'light';
};
dark.addEventListener('change', paint);
paint();
begin();

function begin(): void {
  if (globalThis.crypto?.subtle === undefined) {
    refuse(words.failed.browser);
    return;
  }
  try {
    lock(parseRescue(rescueBytes(document.querySelector('#serment-rescue')?.textContent ?? '')));
  } catch (error) {
    refuse(failureText(error, words));
  }
}

/** There is nothing to open. */
function refuse(why: string): void {
  const failure = element('p', { className: 'failure', role: 'alert' }, why);
  document
    .querySelector('#page')
    ?.replaceWith(
      element(
        'main',
        { className: 'locked', id: 'page' },
        element('h1', { className: 'copy-of' }, words.name),
        failure,
      ),
    );
}

function lock(copy: RescueCopy, note = ''): void {
  const view = lockedView({ words, copy, note, onOpen: (content) => open(copy, content) });
  show(copy, view, { printed: null, act: null });
  view.querySelector('input')?.focus();
}

function open(copy: RescueCopy, content: RescueContent): void {
  const view = new OpenView(content, words);
  const touch = () => idle.touch();
  const touches = ['pointerdown', 'pointermove', 'keydown', 'scroll'];
  const close = (note: string) => {
    idle.stop();
    for (const kind of touches) removeEventListener(kind, touch);
    view.close();
    history.replaceState(null, '', '#');
    lock(copy, note);
  };
  const idle = new IdleLock(idleMs, () => close(words.closed));
  for (const kind of touches) addEventListener(kind, touch, { passive: true });
  show(copy, view.root, { printed: view.printed, act: button(words.close, () => close('')) });
  idle.start();
  view.focus();
}

interface HeadParts {
  /** For paper alone. */
  readonly printed: HTMLElement | null;
  readonly act: HTMLElement | null;
}

/** The hour of the copy stands above all that is shown, and on every sheet that is printed. */
function show(copy: RescueCopy, view: HTMLElement, { printed, act }: HeadParts): void {
  const told = element('h1', { className: 'copy-of' }, copyOf(copy.made, language, words));
  const nothingNewer = element(
    'p',
    { className: 'nothing-newer' },
    words.nothingNewer,
    ' ',
    ageOf(copy.made, Date.now(), words),
  );
  const head = element('header', { id: 'head' }, element('div', {}, told, nothingNewer, printed), act);
  document.querySelector('#head')?.remove();
  view.id = 'page';
  document.querySelector('#page')?.remove();
  document.body.prepend(head, view);
}
