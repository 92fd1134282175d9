import type { Texts } from '../catalogue.ts';
import type { held as french } from '../fr/held.ts';

export const held: Texts<typeof french> = {
  held: {
    bar: 'This device is held.',
    keptNone: 'What you write waits here, sealed, and will leave afterwards.',
    kept_one: '{{count, number}} save waits here and will leave afterwards.',
    kept_other: '{{count, number}} saves wait here and will leave afterwards.',
    what: 'What to do',
    title: 'This device is held',
    freeTitle: 'This device is not held',
    free: 'It reads and writes as the others do. What was waiting leaves by itself.',
    why: {
      'read-much':
        'The host saw it read far more files in an hour than usual ({{when}}). Your practice chose that such a device is held until somebody says that it was meant.',
      'wrote-much':
        'The host saw it write far more in an hour than usual ({{when}}). Your practice chose that such a device is held until somebody says that it was meant.',
      'restricted-much':
        'The host saw it restrict many files in an hour ({{when}}). Your practice chose that such a device is held until somebody says that it was meant.',
      unusual:
        'The host saw unusual activity there ({{when}}). Your practice chose that such a device is held until somebody says that it was meant.',
      member: '{{name}} held it ({{when}}): nothing of it is taken until somebody says that it was meant.',
    },
    safeTitle: 'Nothing is lost',
    safe: 'You can finish your consultation: files open, and what you write is sealed on this device.',
    limit: 'The host still gives it 60 files and documents an hour.',
    meantTitle: 'It was meant',
    elsewhere:
      'On another device of the practice, yours or a colleague’s: “My vault”, “Members and devices”, then “It was us”.',
    here: 'Say so here, with password and second factor',
    hereLead: 'The practice will read in its journal that this device went on so.',
    factorLead: 'A second factor, to say that it was you.',
    submit: 'Continue',
    confirm: 'It was me, go on',
    notMeantTitle: 'It was not you',
    notMeant:
      'Type no password here. On another device, freeze this one in “Members and devices”, then see what it wrote: everything can be put back.',
  },
  holds: {
    title: 'Unusual activity',
    on: 'A device that reads or writes far more than usual is held until a member says that it was meant.',
    off: 'A device that reads or writes far more than usual is told to everybody, and goes on.',
    means:
      'A held device still reads the files of the day. What it writes stays there, sealed, and leaves once it goes on. An export, an import or a first rescue copy may have it held.',
    begin: 'Hold such devices',
    stop: 'Hold them no more',
    doctors: 'A doctor of the practice decides.',
  },
};
