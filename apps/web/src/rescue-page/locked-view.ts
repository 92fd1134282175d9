import { bytesToUtf8 } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { openRescue, parseRescuePhrase, type RescueCopy, stretchRescuePhrase } from '@serment/core/keys/rescue';
import { parseRescueContent, type RescueContent } from './content.ts';
import { element } from './element.ts';
import { filled, type RescueWords } from './words.ts';

interface LockedParts {
  readonly words: RescueWords;
  readonly copy: RescueCopy;
  /** Said above the field; '' for nothing. */
  readonly note: string;
  readonly onOpen: (content: RescueContent) => void;
}

/** Asks for the passphrase. */
export function lockedView({ words, copy, note, onOpen }: LockedParts): HTMLElement {
  const failure = element('p', { className: 'failure', role: 'alert' });
  const input = element('input', {
    ...{ id: 'phrase', type: 'text', autocomplete: 'off', spellcheck: false, autocapitalize: 'characters' },
    ...{ required: true, ariaDescription: words.phraseHint },
  });
  const submit = element('button', { type: 'submit', className: 'filled' }, words.open);
  const tell = (text: string) => {
    failure.textContent = text;
    if (text !== '') input.focus();
  };
  const open = async () => {
    submit.disabled = true;
    submit.textContent = words.opening;
    tell('');
    try {
      const stretched = await stretchRescuePhrase(parseRescuePhrase(input.value), copy.salt);
      onOpen(parseRescueContent(bytesToUtf8(await openRescue(copy, stretched))));
    } catch (error) {
      tell(failureText(error, words));
    } finally {
      submit.disabled = false;
      submit.textContent = words.open;
    }
  };
  const form = element(
    'form',
    {
      className: 'unlock',
      onsubmit: (event) => {
        event.preventDefault();
        void open();
      },
    },
    element('label', { htmlFor: 'phrase' }, words.phrase),
    element('div', { className: 'unlock-line' }, input, submit),
    element('p', { className: 'hint' }, words.phraseHint),
    failure,
  );
  return element(
    'main',
    { className: 'locked' },
    note === '' ? null : element('p', { className: 'note', role: 'status' }, note),
    form,
    element('p', { className: 'hint' }, words.private),
  );
}

/** What keeps a copy from being read, in words. */
export function failureText(error: unknown, { failed }: RescueWords): string {
  if (!(error instanceof CodedError)) return failed.browser;
  const { code, fields } = error;
  switch (code) {
    case 'RESCUE_PHRASE_INVALID':
      return 'position' in fields
        ? filled(failed.character, { position: String(fields.position) })
        : filled(failed.length, { found: String(fields.found), expected: String(fields.expected) });
    case 'SEALED_INVALID':
      return failed.wrong;
    case 'RESCUE_CUT':
      return failed.cut;
    case 'RESCUE_DAMAGED':
      return failed.damaged;
    case 'FORMAT_UNKNOWN':
      return failed.version;
    default:
      return failed.content;
  }
}
