/** One patient's file in a copy, and what comes back from there. */
export const copyRestore = {
  copyRestore: {
    link: 'Restaurer depuis une copie',
    title: 'Restaurer depuis une copie',
    titleOf: 'Restaurer depuis une copie · {{name}}',
    back: 'Revenir au dossier',
    lead: 'Cet appareil lit ce dossier dans la copie, l’ouvre avec vos clés et le compare à ce que rend l’hébergeur. Rien ne change avant que vous ayez choisi.',
    closed: 'Vos droits n’ouvrent pas les dossiers médicaux.',
    noCopy: 'Il n’y a pas encore de copie où lire ce dossier. Demandez-en une à l’hébergeur.',
    offline: 'La copie se lit chez l’hébergeur : il faut le réseau.',
    choose: 'Quelle copie ?',
    empty: 'ne tient encore rien du cabinet',
    compare: 'Comparer',
    reading: 'Lecture du dossier dans la copie…',
    readingDocuments: 'Document {{done}} sur {{total}} relu en entier…',
    stop: 'Arrêter',
    compared: 'Comparaison',
    until: 'La copie {{copy}} tient ce qui a été reçu jusqu’au {{day}} à {{time}}.',
    nothing: 'Rien à restaurer : la copie dit la même chose.',
    same_one: '{{count, number}} fiche est la même ici et dans la copie.',
    same_other: '{{count, number}} fiches sont les mêmes ici et dans la copie.',
    sameDocuments_one: '{{count, number}} document a été relu en entier.',
    sameDocuments_other: '{{count, number}} documents ont été relus en entier.',
    since_one: '{{count, number}} fiche a été écrite depuis. Elle reste comme elle est.',
    since_other: '{{count, number}} fiches ont été écrites depuis. Elles restent comme elles sont.',
    lost_one:
      'Cette copie n’a pas tout rendu : {{count, number}} écrit y manque ou y est abîmé. Essayez une autre copie, et prévenez l’hébergeur.',
    lost_other:
      'Cette copie n’a pas tout rendu : {{count, number}} écrits y manquent ou y sont abîmés. Essayez une autre copie, et prévenez l’hébergeur.',
    otherwise: 'Ce que la copie dit autrement',
    kind: {
      gone: 'manque ici',
      changed: 'diffère de la copie',
      goneSince: 'retiré ici depuis cette copie',
      changedSince: 'changé ici depuis cette copie',
    },
    document: 'Document',
    documentLost: 'perdu ou abîmé ici, entier dans la copie',
    documentGone: 'perdu ou abîmé ici, et dans cette copie aussi. Essayez une autre copie.',
    rule: 'Une fiche revient par une nouvelle version : rien n’est effacé, et cela s’annule. Un document revient octet pour octet à sa place.',
    restore_one: 'Restaurer {{count, number}} élément',
    restore_other: 'Restaurer {{count, number}} éléments',
    restored: 'Restauration depuis une copie',
    done_one: '{{count, number}} fiche est revenue dans le dossier.',
    done_other: '{{count, number}} fiches sont revenues dans le dossier.',
    doneDocuments_one: '{{count, number}} document est de nouveau entier chez l’hébergeur.',
    doneDocuments_other: '{{count, number}} documents sont de nouveau entiers chez l’hébergeur.',
    undone: 'C’est annulé : le dossier est comme avant.',
    again: 'Comparer de nouveau',
    choosePatient: 'Choisissez un patient : son dossier est lu dans une copie et comparé.',
    failed: {
      unavailable: {
        title: 'Cette copie ne répond pas',
        words:
          'Elle n’a pas pu être lue. Votre dossier n’a pas changé. Essayez une autre copie, ou prévenez l’hébergeur.',
      },
      nothing: {
        title: 'Cette copie ne tient rien du cabinet',
        words: 'Votre dossier n’a pas changé. Choisissez une autre copie.',
      },
      other: {
        title: 'Cette copie tient une autre histoire',
        words:
          'Ce qu’elle montre n’est pas ce que cet appareil a vérifié. Rien n’en a été pris. Prévenez l’hébergeur et l’éditeur.',
      },
    },
  },
} as const;
