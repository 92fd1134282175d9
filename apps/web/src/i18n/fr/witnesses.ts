/** Who keeps the journal's fingerprint apart from the host. */
export const witnesses = {
  witnesses: {
    title: 'Témoins',
    lead: 'Un témoin, hors de chez l’hébergeur, garde l’empreinte du journal et vérifie qu’elle ne fait que grandir. Il ne lit aucun dossier.',
    none: 'Le cabinet n’a pas de témoin. L’éditeur, ou quelqu’un de confiance, peut l’être.',
    seen: 'a vu votre journal {{when}}',
    never: 'n’a pas encore vu votre journal',
    late: 'n’a pas vu votre journal depuis {{when}}',
    wrong: 'a vu autre chose que cet appareil : appelez-le',
    named: 'nommé {{when}}',
    remove: 'Retirer',
    removeOf: 'Retirer le témoin {{name}}',
    removeSure: 'Retirer ce témoin ? Il ne suivra plus le journal.',
    add: 'Nommer un témoin',
    line: 'Ligne de sa clé',
    lineHint: 'Celle qu’il vous a donnée, entière.',
    invalid: 'Ce n’est pas la ligne d’une clé de témoin. Copiez-la entière.',
    practice: 'Donnez-lui l’identifiant du cabinet :',
    doctorsOnly: 'Un médecin du cabinet peut en nommer un.',
    full: 'Huit témoins au plus : retirez-en un d’abord.',
  },
} as const;
