import type { CopyFindingCode } from './finding.ts';

export type Language = 'fr' | 'en';

export interface FindingText {
  /** What it means for the practice. */
  readonly meaning: string;
  /** What to do about it. */
  readonly action: string;
}

/** What a finding means and what to do, in a person's language. */
export function describeFinding(code: CopyFindingCode, language: Language): FindingText {
  const [meaning, action] = texts[code][language];
  return { meaning, action: actions[action][language] };
}

export function isFindingCode(text: string): text is CopyFindingCode {
  return Object.hasOwn(texts, text);
}

const actions = {
  nothing: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  other: {
    fr: 'Ne supprimez rien. Réparez cette copie à partir d’une autre (serment repair), ou faites-en une nouvelle sur un autre disque ; une restauration prendra cet objet dans une autre copie.',
    en: 'Delete nothing. Repair this copy from another one (serment repair), or make a new one on another disk; a restore takes this object from another copy.',
  },
  another: {
    fr: 'Ne supprimez rien. Ouvrez une autre copie de ce cabinet si vous en avez une : celle-ci ne dira pas davantage.',
    en: 'Delete nothing. Open another copy of this practice if you have one: this one has no more to say.',
  },
  rebuild: {
    fr: 'Aucune donnée n’est touchée : cet objet se recalcule. Réparez cette copie (serment repair).',
    en: 'No data is touched: this object can be computed again. Repair this copy (serment repair).',
  },
  alarm: {
    fr: 'Gardez cette copie telle quelle et faites examiner l’hébergement : une panne n’explique pas cela.',
    en: 'Keep this copy as it is and have the host examined: a failure does not explain this.',
  },
  credentials: {
    fr: 'Rien n’est perdu : la première version, verrouillée, est lue. Retirez les accès que le serveur a à ce stockage, donnez-lui-en d’autres et cherchez qui s’en est servi.',
    en: 'Nothing is lost: the first version, which is locked, is read. Withdraw the server’s credentials for this store, give it others, and find who used them.',
  },
  accept: {
    fr: 'Si vous avez restauré ce coffre, un médecin l’accepte avec le kit : serment practice accept-restore. Si personne ne l’a restauré, gardez cette copie telle quelle et faites examiner l’hébergement. Rien de ce qui est prouvé ne change d’ici là.',
    en: 'If you have restored this vault, a doctor accepts it with the kit: serment practice accept-restore. If nobody has restored it, keep this copy as it is and have the host examined. Nothing that is proven changes meanwhile.',
  },
  look: {
    fr: 'Regardez d’où vient ce fichier ; Serment n’y touche pas.',
    en: 'Find out where this file comes from; Serment does not touch it.',
  },
  live: {
    fr: 'Vérifiez que le serveur copie toujours vers cette destination.',
    en: 'Check that the server still copies to this destination.',
  },
} as const;

type Action = keyof typeof actions;
type Text = readonly [meaning: string, action: Action];

const texts: Readonly<Record<CopyFindingCode, Readonly<Record<Language, Text>>>> = {
  MARKER_MISSING: {
    fr: ['Le dossier ne porte pas la marque d’une copie.', 'live'],
    en: ['The folder does not carry the mark of a copy.', 'live'],
  },
  MARKER_DAMAGED: {
    fr: ['La marque de la copie est abîmée.', 'rebuild'],
    en: ['The mark of the copy is damaged.', 'rebuild'],
  },
  LEFTOVER: {
    fr: ['Une écriture interrompue a laissé un fichier sans nom définitif.', 'nothing'],
    en: ['An interrupted write left a file that never got its name.', 'nothing'],
  },
  PUT_ASIDE: {
    fr: ['Une réparation a mis de côté un fichier abîmé, et l’a gardé.', 'nothing'],
    en: ['A repair put a damaged file aside, and kept it.', 'nothing'],
  },
  OBJECT_OVERWRITTEN: {
    fr: ['Quelqu’un a écrit par-dessus un objet de la copie, ou l’a marqué supprimé.', 'credentials'],
    en: ['Somebody wrote over an object of the copy, or marked it deleted.', 'credentials'],
  },
  FOREIGN_OBJECT: {
    fr: ['Ce fichier n’est pas de Serment.', 'look'],
    en: ['This file is not one of Serment’s.', 'look'],
  },
  PRACTICE_MISMATCH: {
    fr: ['Ce journal n’est pas celui du cabinet dont il porte le nom.', 'alarm'],
    en: ['This journal is not that of the practice it is named after.', 'alarm'],
  },
  BUNDLE_MISSING: { fr: ['256 écritures manquent.', 'other'], en: ['256 entries are missing.', 'other'] },
  BUNDLE_DAMAGED: { fr: ['256 écritures sont illisibles.', 'other'], en: ['256 entries cannot be read.', 'other'] },
  ENTRY_DAMAGED: {
    fr: ['Des écritures ont changé depuis leur copie.', 'other'],
    en: ['Entries have changed since they were copied.', 'other'],
  },
  PAYLOADS_MISSING: {
    fr: ['Le contenu scellé de 256 écritures manque.', 'other'],
    en: ['The sealed content of 256 entries is missing.', 'other'],
  },
  PAYLOADS_DAMAGED: {
    fr: ['Le contenu scellé de 256 écritures est illisible.', 'other'],
    en: ['The sealed content of 256 entries cannot be read.', 'other'],
  },
  PAYLOAD_DAMAGED: {
    fr: ['Le contenu scellé d’écritures a changé.', 'other'],
    en: ['The sealed content of entries has changed.', 'other'],
  },
  PAYLOAD_SWAPPED: {
    fr: ['Le contenu scellé d’une écriture est à la place d’un autre.', 'alarm'],
    en: ['The sealed content of one entry stands in the place of another.', 'alarm'],
  },
  PAYLOAD_UNEXPECTED: {
    fr: ['Une écriture sans contenu en a un dans la copie.', 'alarm'],
    en: ['An entry without content has some in the copy.', 'alarm'],
  },
  TILE_MISSING: { fr: ['Des empreintes manquent.', 'rebuild'], en: ['Hashes are missing.', 'rebuild'] },
  TILE_DAMAGED: { fr: ['Des empreintes ont changé.', 'rebuild'], en: ['Hashes have changed.', 'rebuild'] },
  NODES_MISSING: {
    fr: ['Des empreintes intermédiaires manquent.', 'rebuild'],
    en: ['Inner hashes are missing.', 'rebuild'],
  },
  NODES_DAMAGED: {
    fr: ['Des empreintes intermédiaires ont changé.', 'rebuild'],
    en: ['Inner hashes have changed.', 'rebuild'],
  },
  INDEX_MISSING: {
    fr: ['Un index manque : retrouver un dossier est plus lent.', 'rebuild'],
    en: ['An index is missing: finding a file is slower.', 'rebuild'],
  },
  INDEX_DAMAGED: {
    fr: ['Un index a changé : un dossier pourrait paraître incomplet.', 'rebuild'],
    en: ['An index has changed: a file might seem incomplete.', 'rebuild'],
  },
  CHECKPOINT_MISSING: {
    fr: ['Rien de signé ne couvre ces écritures.', 'live'],
    en: ['Nothing signed covers these entries.', 'live'],
  },
  CHECKPOINT_DAMAGED: {
    fr: ['Un point de contrôle est illisible.', 'other'],
    en: ['A checkpoint cannot be read.', 'other'],
  },
  CHECKPOINT_FORGED: {
    fr: ['Un point de contrôle n’est pas signé par l’hébergeur.', 'alarm'],
    en: ['A checkpoint is not signed by the host.', 'alarm'],
  },
  CHECKPOINT_FORK: {
    fr: ['L’hébergeur a signé deux histoires différentes.', 'alarm'],
    en: ['The host has signed two different histories.', 'alarm'],
  },
  FENCE_UNPROVEN: {
    fr: [
      'Un numéro de restauration plus récent figure dans la copie, mais rien de ce qu’il contient n’est prouvé : il est laissé de côté.',
      'alarm',
    ],
    en: ['The copy has a later restore number, yet nothing under it is proven: it is passed over.', 'alarm'],
  },
  RESTORE_UNACKNOWLEDGED: {
    fr: [
      'La copie d’un coffre restauré est signée d’une clé d’hébergeur qu’aucun membre n’a encore nommée. Elle ne contient rien de plus que l’état prouvé, qui reste le seul à servir.',
      'accept',
    ],
    en: [
      'The copy of a restored vault is signed with a host key that no member has named yet. It holds nothing beyond the proven state, which remains the only one that serves.',
      'accept',
    ],
  },
  TAIL_DAMAGED: {
    fr: ['Les dernières écritures copiées sont abîmées.', 'other'],
    en: ['The last entries copied are damaged.', 'other'],
  },
  TAIL_GAP: {
    fr: ['Des écritures manquent entre les dernières copiées.', 'other'],
    en: ['Entries are missing between the last ones copied.', 'other'],
  },
  BLOB_DAMAGED: { fr: ['Un document scellé a changé.', 'other'], en: ['A sealed document has changed.', 'other'] },
  BLOB_MISSING: { fr: ['Un document scellé manque.', 'other'], en: ['A sealed document is missing.', 'other'] },
  BLOB_MISMATCH: {
    fr: ['Un document scellé n’a pas la taille signée.', 'other'],
    en: ['A sealed document has not the signed size.', 'other'],
  },
  DRAFT_DAMAGED: { fr: ['Un brouillon est illisible.', 'other'], en: ['A draft cannot be read.', 'other'] },
  ACCOUNTS_DAMAGED: {
    fr: ['Les données de connexion sont illisibles ; le kit de secours ouvre toujours le coffre.', 'other'],
    en: ['Sign-in data cannot be read; the recovery kit still opens the vault.', 'other'],
  },
  JOURNAL_UNCHECKED: {
    fr: [
      'Après ces pertes, les droits des signataires n’ont pas pu être vérifiés ; les signatures l’ont été.',
      'other',
    ],
    en: ['After these losses, the rights of signers could not be checked; signatures were.', 'other'],
  },
  COPY_BEHIND: {
    fr: ['La copie a moins d’écritures qu’attendu.', 'live'],
    en: ['The copy has fewer entries than expected.', 'live'],
  },
  OBJECT_UNREADABLE: {
    fr: ['Le disque ne rend pas ce fichier.', 'other'],
    en: ['The disk does not give this file back.', 'other'],
  },
  ENTRY_INVALID: {
    fr: ['Une écriture n’a pas la forme du format.', 'alarm'],
    en: ['An entry is not of the format.', 'alarm'],
  },
  SIGNATURE_INVALID: {
    fr: ['Une écriture n’est pas signée par son auteur.', 'alarm'],
    en: ['An entry is not signed by its author.', 'alarm'],
  },
  UNAUTHORIZED: {
    fr: ['Une écriture a été acceptée sans en avoir le droit.', 'alarm'],
    en: ['An entry was accepted without the right to be.', 'alarm'],
  },
  TIME_DECREASES: { fr: ['L’horloge de l’hébergeur a reculé.', 'alarm'], en: ['The host’s clock went back.', 'alarm'] },
  DUPLICATE: { fr: ['Une écriture figure deux fois.', 'alarm'], en: ['An entry stands twice.', 'alarm'] },
  SEEN_FORK: {
    fr: ['Un auteur a vu une autre histoire.', 'alarm'],
    en: ['An author was shown another history.', 'alarm'],
  },
  ROOT_MISMATCH: {
    fr: ['Ces écritures ne sont pas celles du point de contrôle.', 'other'],
    en: ['These entries are not those of the checkpoint.', 'other'],
  },
  CHECKPOINT_INVALID: {
    fr: ['Un point de contrôle est invalide.', 'other'],
    en: ['A checkpoint is invalid.', 'other'],
  },
  ROLLBACK: {
    fr: ['Un point de contrôle est plus ancien que celui déjà vérifié.', 'alarm'],
    en: ['A checkpoint is older than one already verified.', 'alarm'],
  },
  FORK: {
    fr: ['Deux histoires différentes ont été signées.', 'alarm'],
    en: ['Two different histories were signed.', 'alarm'],
  },
  FENCE_UNACKNOWLEDGED: {
    fr: ['Ce coffre a été restauré et aucun membre ne l’a reconnu.', 'nothing'],
    en: ['This vault was restored and no member has acknowledged it.', 'nothing'],
  },
  ENTRY_LOST: {
    fr: ['Il ne reste d’une écriture que son empreinte : elle ne peut pas être lue.', 'another'],
    en: ['Nothing is left of an entry but its hash: it cannot be read.', 'another'],
  },
  RIGHTS_UNKNOWN: {
    fr: [
      'À partir de là, une écriture perdue a pu donner ou retirer des droits : ceux des signataires ne sont connus que par les écritures qui restent.',
      'another',
    ],
    en: [
      'From here on a lost entry may have given rights or taken them away: those of signers are known by the entries that are left alone.',
      'another',
    ],
  },
  ENTRY_UNJUDGED: {
    fr: [
      'Les écritures qui restent n’autorisent pas celle-ci, et une écriture perdue le faisait peut-être : elle est mise à part.',
      'another',
    ],
    en: ['The entries that are left do not allow this one, and a lost one may have: it is kept aside.', 'another'],
  },
  PAYLOAD_MISMATCH: {
    fr: ['Un contenu scellé n’est pas celui de son écriture.', 'other'],
    en: ['A sealed content is not that of its entry.', 'other'],
  },
  PAYLOAD_MISSING: { fr: ['Un contenu scellé manque.', 'other'], en: ['A sealed content is missing.', 'other'] },
  PAYLOAD_UNREADABLE: {
    fr: ['Un contenu scellé ne s’ouvre pas.', 'other'],
    en: ['A sealed content does not open.', 'other'],
  },
  STREAM_INCOMPLETE: { fr: ['Un dossier n’est pas complet.', 'other'], en: ['A file is not complete.', 'other'] },
  SNAPSHOT_MISMATCH: {
    fr: ['Un résumé n’est pas celui des écritures.', 'alarm'],
    en: ['A snapshot is not that of the entries.', 'alarm'],
  },
  HEADS_MISMATCH: {
    fr: ['Un sommaire n’est pas celui des écritures.', 'alarm'],
    en: ['A summary of the journal is not that of its entries.', 'alarm'],
  },
};
