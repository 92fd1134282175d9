import type { Texts } from '../catalogue.ts';
import type { news as french } from '../fr/news.ts';

export const news: Texts<typeof french> = {
  news: {
    title: 'To know',
    urgent_one: '{{count, number}} critical result to read',
    urgent_other: '{{count, number}} critical results to read',
    conflict: 'two versions wait for a choice',
    refused_one: '{{count, number}} writing refused by the host',
    refused_other: '{{count, number}} writings refused by the host',
    unsent_one: '{{count, number}} writing could not leave since {{when}}',
    unsent_other: '{{count, number}} writings could not leave since {{when}}',
    seen: 'Seen',
    system: {
      urgent: 'A critical result arrived',
      arrived: 'A result or a letter arrived',
      deposit: 'A deposit waits for you',
      conflict: 'Two versions of a file wait for a choice',
      refused: 'A writing was refused by the host',
      unsent: 'A writing could not leave',
      event: 'Something happened in the vault',
      shield: 'The state of the vault needs a look',
    },
    row: 'Notifications of the system',
    off: 'A result arrives, a writing does not leave: this device says so, and names nobody.',
    on: 'This device says what arrives, and names nobody, as long as the practice is open.',
    denied: 'The browser refuses them for this site. Allow them in its settings, then come back here.',
    dismissed: 'The browser had no answer. You may ask again.',
    unsupported: 'This browser shows none. On a telephone, install the application first.',
    allow: 'Turn on',
    remove: 'Turn off',
  },
};
