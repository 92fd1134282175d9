import { bytesToHex } from '@serment/core/bytes';
import { withFirst } from '@serment/records/page/element-text';
import type { Certificate } from './certificate.ts';
import type { CheckWords } from './check-script.ts';

export type CertificateLanguage = 'fr' | 'en';

type Row = readonly [label: string, value: string];

/** Everything that a certificate says, page by page. */
export interface CertificateText {
  readonly number: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly limitsTitle: string;
  readonly limits: string;
  readonly checkTitle: string;
  readonly check: readonly string[];
  readonly hostTitle: string;
  readonly hostLead: string;
  readonly hostRows: readonly Row[];
  readonly scriptTitle: string;
  readonly scriptLead: string;
  readonly script: CheckWords;
  readonly fileName: string;
}

/** What the pages say, in the doctor's words first and in the host's after. */
export function certificateText(certificate: Certificate, language: CertificateLanguage): CertificateText {
  return language === 'fr' ? french(certificate) : english(certificate);
}

function french(certificate: Certificate): CertificateText {
  const { index, drill, practiceName, isSameDisk, isRootRecomputed, size } = certificate;
  const write = writer(certificate, 'fr-FR');
  const name = practiceName ?? `Cabinet ${certificate.practice.slice(0, 16)}`;
  const compared = `sur ${write.count(drill.entries)} écritures et ${write.count(drill.blobs)} documents comparés`;
  const codes = drill.codes.join(', ');
  const outcomes = {
    proven: { title: `${name} : restauré depuis sa copie, sans différence.`, found: `aucune, ${compared}` },
    failed: {
      title: `${name} : la copie n’a pas tout rendu.`,
      found: `${write.count(drill.findings)}, ${compared} (${codes})`,
    },
    inconclusive: { title: `${name} : l’essai de restauration n’a pas abouti.`, found: `on ne sait pas (${codes})` },
  };
  const { title, found } = outcomes[drill.outcome];
  const to = drill.at === null ? '' : `, à l’état du ${write.moment(drill.at)}`;
  return {
    number: `Certificat de restauration n° ${write.count(index)}`,
    title,
    rows: [
      [
        'Quand',
        `${write.day(drill.startedAt)}, de ${write.clock(drill.startedAt)} à ${write.clock(drill.startedAt + drill.durationMs)} (${durationOf(drill.durationMs)}), ${write.zone}`,
      ],
      [
        'Depuis',
        `la copie « ${drill.destination} » seule, dans une base vide${to}${isSameDisk === true ? '. Copie d’essai : elle est sur le même disque que le coffre' : ''}`,
      ],
      [
        'Ce qui a été rendu',
        `${write.count(drill.entries)} écritures signées, ${write.count(drill.clinical)} flux de dossiers, ${write.count(drill.billing)} flux de facturation, ${write.count(drill.blobs)} documents ; ${write.size(drill.bytes)} relus`,
      ],
      ['Différences', found],
      [
        'Qui l’a fait',
        'l’hébergeur. Attestée par l’hébergeur : aucun témoin ne l’a observée, et la copie n’est pas tirée par un tiers',
      ],
      ['Qui l’a lu en clair', 'personne : tout est resté scellé, et l’hébergeur n’a aucune clé'],
      ...(isRootRecomputed
        ? [
            [
              'Qui l’a comparé',
              'l’appareil du cabinet qui a fait ce certificat : il a recalculé la même racine à partir de ses propres écritures',
            ] as const,
          ]
        : []),
    ],
    limitsTitle: 'Ce que ceci ne prouve pas',
    limits:
      'Que tous les dossiers se déchiffrent : seul un de vos appareils peut le dire, sur ceux qu’il relit. Que la copie existera demain : c’est pourquoi l’essai recommence chaque nuit. Que l’hébergeur a bien fait l’essai qu’il signe : il en répond, et personne d’autre.',
    checkTitle: 'Pour vérifier soi-même',
    check: [
      `Racine du journal à l’écriture ${write.count(drill.size)} :`,
      bytesToHex(drill.root),
      `L’essai est l’écriture n° ${write.count(index)} du journal, sous le point de contrôle ci-contre, signé par l’hébergeur à ${write.count(size)} écritures. La page suivante le vérifie avec openssl, sur n’importe quel ordinateur.`,
    ],
    hostTitle: 'Pour l’hébergeur et l’auditeur',
    hostLead: 'Entrée « drill » du journal, telle que l’hébergeur l’a signée (docs/format/journal.md).',
    hostRows: hostRows(certificate, {
      practice: 'Cabinet (genèse)',
      entry: ['Écriture', 'reçue'],
      destination: 'Destination',
      state: ['État restauré', 'racine'],
      newest: 'le plus récent',
      time: ['Début, durée', 'ms'],
      counted: ['Comparé', 'écritures', 'documents', 'octets', 'flux clinical', 'flux billing'],
      outcome: ['Résultat', 'constats'],
      checkpoint: ['Point de contrôle', 'écritures', 'restauration'],
      key: 'Clé de l’hébergeur',
    }),
    scriptTitle: 'Vérifier avec openssl',
    scriptLead:
      'À copier dans un terminal, dans un dossier vide (openssl 3 et base64 suffisent). Pour relire la copie entière : serment verify COPIE, ou FORMAT/reader.mjs, que chaque copie contient.',
    script: {
      signed: 'L’hébergeur a signé le point de contrôle : « Signature Verified Successfully »',
      included: 'L’essai est dans le journal sous ce point de contrôle : « included »',
      says: 'Ce que dit l’essai',
    },
    fileName: `certificat-${index}.pdf`,
  };
}

function english(certificate: Certificate): CertificateText {
  const { index, drill, practiceName, isSameDisk, isRootRecomputed, size } = certificate;
  const write = writer(certificate, 'en-GB');
  const name = practiceName ?? `Practice ${certificate.practice.slice(0, 16)}`;
  const compared = `over ${write.count(drill.entries)} entries and ${write.count(drill.blobs)} documents compared`;
  const codes = drill.codes.join(', ');
  const outcomes = {
    proven: { title: `${name}: restored from its copy, without a difference.`, found: `none, ${compared}` },
    failed: {
      title: `${name}: the copy did not give everything back.`,
      found: `${write.count(drill.findings)}, ${compared} (${codes})`,
    },
    inconclusive: { title: `${name}: the trial restoration came to no answer.`, found: `not known (${codes})` },
  };
  const { title, found } = outcomes[drill.outcome];
  const to = drill.at === null ? '' : `, as it stood on ${write.moment(drill.at)}`;
  return {
    number: `Certificate of restoration no. ${write.count(index)}`,
    title,
    rows: [
      [
        'When',
        `${write.day(drill.startedAt)}, from ${write.clock(drill.startedAt)} to ${write.clock(drill.startedAt + drill.durationMs)} (${durationOf(drill.durationMs)}), ${write.zone}`,
      ],
      [
        'From',
        `the copy “${drill.destination}” alone, into an empty database${to}${isSameDisk === true ? '. A trial copy: it is on the same disk as the vault' : ''}`,
      ],
      [
        'What came back',
        `${write.count(drill.entries)} signed entries, ${write.count(drill.clinical)} streams of files, ${write.count(drill.billing)} streams of billing, ${write.count(drill.blobs)} documents; ${write.size(drill.bytes)} read back`,
      ],
      ['Differences', found],
      ['Who ran it', 'the host. Attested by the host: no witness observed it, and nobody else pulls the copy'],
      ['Who read it in clear', 'nobody: everything stayed sealed, and the host has no key'],
      ...(isRootRecomputed
        ? [
            [
              'Who compared it',
              'the device of the practice that made this certificate: it found the same root from its own entries',
            ] as const,
          ]
        : []),
    ],
    limitsTitle: 'What this does not prove',
    limits:
      'That every file can be deciphered: one of your devices alone can say so, of those that it reads back. That the copy will exist tomorrow: this is why the trial begins anew each night. That the host ran the trial that it signs: it answers for that, and nobody else does.',
    checkTitle: 'To check it yourself',
    check: [
      `Root of the journal at entry ${write.count(drill.size)}:`,
      bytesToHex(drill.root),
      `The trial is entry no. ${write.count(index)} of the journal, under the checkpoint beside, which the host signed at ${write.count(size)} entries. The next page checks it with openssl, on any computer.`,
    ],
    hostTitle: 'For the host and the auditor',
    hostLead: 'The journal’s “drill” entry, as the host signed it (docs/format/journal.md).',
    hostRows: hostRows(certificate, {
      practice: 'Practice (genesis)',
      entry: ['Entry', 'received'],
      destination: 'Destination',
      state: ['Restored state', 'root'],
      newest: 'the newest',
      time: ['Started, took', 'ms'],
      counted: ['Compared', 'entries', 'documents', 'bytes', 'clinical streams', 'billing streams'],
      outcome: ['Outcome', 'findings'],
      checkpoint: ['Checkpoint', 'entries', 'fence'],
      key: 'The host’s key',
    }),
    scriptTitle: 'Check with openssl',
    scriptLead:
      'To copy into a terminal, in an empty folder (openssl 3 and base64 are enough). To read the whole copy back: serment verify COPY, or FORMAT/reader.mjs, which every copy carries.',
    script: {
      signed: 'The host signed the checkpoint: “Signature Verified Successfully”',
      included: 'The trial is in the journal under that checkpoint: “included”',
      says: 'What the trial says',
    },
    fileName: `certificate-${index}.pdf`,
  };
}

interface HostWords {
  readonly practice: string;
  readonly entry: readonly [string, string];
  readonly destination: string;
  readonly state: readonly [string, string];
  readonly newest: string;
  readonly time: readonly [string, string];
  readonly counted: readonly [string, string, string, string, string, string];
  readonly outcome: readonly [string, string];
  readonly checkpoint: readonly [string, string, string];
  readonly key: string;
}

/** Figures as programs write them, times in UTC. */
function hostRows(certificate: Certificate, words: HostWords): Row[] {
  const { practice, index, receivedAt, drill, size, fence, hostAuthor } = certificate;
  const utc = (ms: number) => new Date(ms).toISOString();
  const [counted, entries, documents, bytes, clinical, billing] = words.counted;
  return [
    [words.practice, practice],
    [words.entry[0], `${index}, ${words.entry[1]} ${utc(receivedAt)}`],
    [words.destination, drill.destination],
    [
      words.state[0],
      `${drill.size} (${drill.at === null ? words.newest : utc(drill.at)}), ${words.state[1]} ${bytesToHex(drill.root)}`,
    ],
    [words.time[0], `${utc(drill.startedAt)}, ${drill.durationMs} ${words.time[1]}`],
    [
      counted,
      `${drill.entries} ${entries}, ${drill.blobs} ${documents}, ${drill.bytes} ${bytes}, ${drill.clinical} ${clinical}, ${drill.billing} ${billing}`,
    ],
    [words.outcome[0], [`${drill.outcome}, ${drill.findings} ${words.outcome[1]}`, ...drill.codes].join(', ')],
    [words.checkpoint[0], `${size} ${words.checkpoint[1]}, ${words.checkpoint[2]} ${fence}`],
    [words.key, bytesToHex(hostAuthor)],
  ];
}

function writer({ timeZone }: Certificate, locale: string) {
  const told = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    return (ms: number) => format.format(ms);
  };
  const date = told({ day: 'numeric', month: 'long', year: 'numeric' });
  const day = (ms: number) => withFirst(date(ms), locale === 'fr-FR' ? 'fr' : 'en');
  const clock = told({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const units = locale === 'fr-FR' ? ['o', 'Ko', 'Mo', 'Go', 'To'] : ['B', 'kB', 'MB', 'GB', 'TB'];
  return {
    day,
    clock,
    moment: (ms: number) => `${day(ms)} ${clock(ms)}`,
    zone: timeZone,
    count: (value: number) => value.toLocaleString(locale),
    size(bytes: number) {
      const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
      const value = bytes / 1000 ** power;
      return `${value.toLocaleString(locale, { maximumFractionDigits: power === 0 ? 0 : 1 })} ${units[power]}`;
    },
  };
}

/** `5 min 48 s`, in both languages. */
function durationOf(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(' ');
}
