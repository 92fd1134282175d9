import type { AlertCause } from '@serment/core/wire/alert';
import type { Alert } from './alert.ts';

export type AlertLanguage = 'fr' | 'en';

export interface AlertText {
  /** What is wrong. */
  readonly what: string;
  /** Whom it concerns. */
  readonly whom: string;
  /** The one thing to do. */
  readonly act: string;
}

type Facts = Pick<Alert, 'cause' | 'subject' | 'code' | 'at' | 'practices' | 'practiceCount'>;

/** An alert in a person's language: no name, and practices by how their pseudonyms begin. `when` writes an instant (ms). */
export function describeAlert(alert: Facts, language: AlertLanguage, when: (at: number) => string): AlertText {
  const { subject, code, at } = alert;
  const write = texts[language][alert.cause];
  const written = write({ subject, code, at: at === null ? null : when(at) });
  return { what: written[0], act: written[1], whom: whomOf(alert, language) };
}

/** How many practices are named; the rest are counted. */
const maxNamed = 5;

function whomOf({ practices, practiceCount }: Facts, language: AlertLanguage): string {
  if (practiceCount === 0) return { fr: 'l’installation', en: 'the installation' }[language];
  const named = practices
    .slice(0, maxNamed)
    .map((practice) => practice.slice(0, 8))
    .join(', ');
  const others = practiceCount - Math.min(practices.length, maxNamed);
  if (practiceCount === 1) return { fr: `le cabinet ${named}`, en: `the practice ${named}` }[language];
  const rest = { fr: ` et ${others} autre${others > 1 ? 's' : ''}`, en: ` and ${others} more` }[language];
  const listed = `${named}${others === 0 ? '' : rest}`;
  return { fr: `${practiceCount} cabinets : ${listed}`, en: `${practiceCount} practices: ${listed}` }[language];
}

type Write = (facts: { subject: string; code: string | null; at: string | null }) => readonly [string, string];

/** Of an alert about a device that is held. */
export const heldCode = 'AUTHOR_HELD';

const because = (code: string | null) => (code === null ? '' : ` (${code})`);

const french: Record<AlertCause, Write> = {
  'copy-failing': ({ subject, code }) => [
    `La copie « ${subject} » n’est plus écrite${because(code)}.`,
    'Remettez ce lieu en service : docs/operations.md dit quoi faire de ce code. La copie se rattrape ensuite seule.',
  ],
  'copy-late': ({ subject }) => [
    `La copie « ${subject} » est en retard.`,
    'Vérifiez la ligne vers ce lieu et son débit. Les enregistrements continuent.',
  ],
  'copy-damaged': ({ subject }) => [
    `La dernière vérification de la copie « ${subject} » y a trouvé des dégâts.`,
    'Lancez « serment verify » sur cette copie : il dit quoi réparer. Ne supprimez rien.',
  ],
  'verify-late': ({ subject }) => [
    `La copie « ${subject} » n’a pas été relue en entier depuis plus d’un jour et demi.`,
    'Lisez dans le journal du serveur pourquoi sa vérification ne finit pas.',
  ],
  'drill-failed': ({ subject, code }) => [
    `Une restauration d’essai de la copie « ${subject} » n’a pas tout rendu${because(code)}.`,
    'Lancez « serment verify » sur cette copie, et gardez-la telle quelle.',
  ],
  'drill-late': ({ subject }) => [
    `Rien ne prouve depuis plus d’un jour et demi que la copie « ${subject} » se restaure.`,
    'Lancez « serment drill » sur cette copie : il dit ce qui l’en empêche.',
  ],
  'disk-full': ({ subject, at }) => [
    at === null
      ? `Il ne reste presque plus de place sur le disque ${diskOf.fr(subject)}.`
      : `Le disque ${diskOf.fr(subject)} sera plein le ${at}, au rythme actuel.`,
    'Faites de la place sur ce disque, ou agrandissez-le.',
  ],
  'certificate-ends': ({ subject, at }) => [
    `Le certificat ${subject === 'cps' ? 'de l’adresse des cartes CPS' : 'du serveur'} prend fin le ${at}.`,
    'Renouvelez ce certificat, puis redémarrez le serveur ou ce qui le présente.',
  ],
  'lock-short': ({ subject, at }) => [
    `Les verrous de la copie « ${subject} » ne sont plus prolongés : le premier prend fin le ${at}.`,
    'Remettez en marche « serment keeper » sur cette copie.',
  ],
  'witness-silent': ({ subject }) => [
    `Le témoin ${subject} n’a rien signé depuis plus d’un jour et demi.`,
    'Prévenez celui qui le tient.',
  ],
  'channel-failing': ({ subject, code }) => [
    `Les alertes ne partent plus par « ${subject} »${because(code)}.`,
    'Lancez « serment alerts test », et corrigez ce canal.',
  ],
  'read-much': ({ subject, code }) =>
    didMuch.fr(
      `L’appareil ${subject} a lu bien plus de dossiers en une heure qu’il n’est d’usage dans ce cabinet.`,
      code,
    ),
  'wrote-much': ({ subject, code }) =>
    didMuch.fr(`L’appareil ${subject} a écrit bien plus en une heure qu’il n’est d’usage dans ce cabinet.`, code),
  'restricted-much': ({ subject, code }) =>
    didMuch.fr(`L’appareil ${subject} a restreint beaucoup de dossiers en une heure.`, code),
  'came-back': ({ subject }) => [
    `L’appareil ou le kit ${subject}, retiré, a demandé à entrer. Il a été refusé.`,
    told.fr,
  ],
  'other-history': ({ subject }) => [
    `Un appareil ou un témoin (${subject}) tient une autre histoire de ce journal que celle de ce serveur.`,
    'Ne supprimez rien, et cherchez laquelle a été changée : lancez « serment verify » sur chaque copie.',
  ],
};

const english: Record<AlertCause, Write> = {
  'copy-failing': ({ subject, code }) => [
    `The copy “${subject}” is not written any more${because(code)}.`,
    'Put that place back in service: docs/operations.md says what to do about this code. The copy then catches up by itself.',
  ],
  'copy-late': ({ subject }) => [
    `The copy “${subject}” is behind.`,
    'Check the line to that place and its pace. Saves go on.',
  ],
  'copy-damaged': ({ subject }) => [
    `The last verification of the copy “${subject}” found damage in it.`,
    'Run “serment verify” on that copy: it says what to repair. Delete nothing.',
  ],
  'verify-late': ({ subject }) => [
    `The copy “${subject}” was not read whole for more than a day and a half.`,
    'Read in the server’s log why its verification does not end.',
  ],
  'drill-failed': ({ subject, code }) => [
    `A trial restoration of the copy “${subject}” did not give everything back${because(code)}.`,
    'Run “serment verify” on that copy, and keep it as it is.',
  ],
  'drill-late': ({ subject }) => [
    `For more than a day and a half nothing proves that the copy “${subject}” can be restored.`,
    'Run “serment drill” on that copy: it says what keeps it.',
  ],
  'disk-full': ({ subject, at }) => [
    at === null
      ? `There is hardly any room left on the disk ${diskOf.en(subject)}.`
      : `The disk ${diskOf.en(subject)} will be full on ${at}, at the present rate.`,
    'Make room on that disk, or enlarge it.',
  ],
  'certificate-ends': ({ subject, at }) => [
    `The certificate ${subject === 'cps' ? 'of the address of CPS cards' : 'of the server'} ends on ${at}.`,
    'Renew that certificate, then restart the server or what presents it.',
  ],
  'lock-short': ({ subject, at }) => [
    `The locks of the copy “${subject}” are lengthened no more: the first one ends on ${at}.`,
    'Get “serment keeper” going again on that copy.',
  ],
  'witness-silent': ({ subject }) => [
    `The witness ${subject} has signed nothing for more than a day and a half.`,
    'Tell who runs it.',
  ],
  'channel-failing': ({ subject, code }) => [
    `Alerts do not leave through “${subject}” any more${because(code)}.`,
    'Run “serment alerts test”, and correct that channel.',
  ],
  'read-much': ({ subject, code }) =>
    didMuch.en(`The device ${subject} read far more files in an hour than is usual in that practice.`, code),
  'wrote-much': ({ subject, code }) =>
    didMuch.en(`The device ${subject} wrote far more in an hour than is usual in that practice.`, code),
  'restricted-much': ({ subject, code }) => didMuch.en(`The device ${subject} restricted many files in an hour.`, code),
  'came-back': ({ subject }) => [
    `The device or kit ${subject}, which was revoked, asked to enter. It was refused.`,
    told.en,
  ],
  'other-history': ({ subject }) => [
    `A device or a witness (${subject}) holds another history of that journal than this server’s.`,
    'Delete nothing, and find out which one was changed: run “serment verify” on each copy.',
  ],
};

/** A copy's name; empty for the data folder. */
const diskOf = {
  fr: (copy: string) => (copy === '' ? 'du dossier de données' : `de la copie « ${copy} »`),
  en: (copy: string) => (copy === '' ? 'of the data folder' : `of the copy “${copy}”`),
};

/** A host sees how much, and not whether it is right: that is for members to say. */
const told = {
  fr: 'Appelez le cabinet : ses membres le lisent dans leur journal, avec le nom de l’appareil, et peuvent l’arrêter.',
  en: 'Call the practice: its members read it in their journal, with the device’s name, and can stop it.',
};

/** With whether the device is held: then nothing more of it is taken, and its practice waits for somebody's word. */
const didMuch = {
  fr: (what: string, code: string | null): readonly [string, string] =>
    code === heldCode
      ? [
          `${what} Il est retenu : rien de plus n’en est pris, et il ne lit plus que les dossiers du jour.`,
          'Appelez le cabinet : un autre de ses membres, ou le sien avec mot de passe et second facteur, le libère si c’était voulu, et le gèle sinon.',
        ]
      : [what, told.fr],
  en: (what: string, code: string | null): readonly [string, string] =>
    code === heldCode
      ? [
          `${what} It is held: nothing more of it is taken, and it reads the files of the day alone.`,
          'Call the practice: another of its members, or its own with password and second factor, lets it go if it was meant, and freezes it otherwise.',
        ]
      : [what, told.en],
};

const texts: Record<AlertLanguage, Record<AlertCause, Write>> = { fr: french, en: english };
