/** What the practice's own devices read back from the copies. */
export const rereads = {
  rereads: {
    title: 'Dossiers relus',
    lead: 'Chaque semaine, un appareil du cabinet tire au sort des écrits et des documents, les relit dans chaque copie, les ouvre avec vos clés et les compare. L’hébergeur ne peut pas le faire : il n’a pas de clé.',
    limit:
      'La lecture passe par l’hébergeur. Elle prouve que ces contenus sont les vôtres et s’ouvrent, pas à elle seule qu’il les a bien lus dans la copie.',
    never: 'jamais relue encore',
    last: 'relue {{when}} : {{records}} et {{documents}}',
    records_one: '{{count, number}} écrit ouvert',
    records_other: '{{count, number}} écrits ouverts',
    documents_one: '{{count, number}} document ouvert',
    documents_other: '{{count, number}} documents ouverts',
    lastFailed: 'différence trouvée {{when}}',
    ask: 'Relire maintenant',
    askOf: 'Relire maintenant la copie {{copy}}',
    reading: 'Relecture en cours…',
    history: 'Ce que les relectures ont donné',
    loading: 'Lecture des relectures…',
    empty: 'Rien n’a encore été relu. La première relecture se fait d’elle-même, un jour après la création du cabinet.',
    more: 'Afficher la suite',
    by: 'sur un appareil de {{name}}',
    outcome: {
      proven: 'Relu, ouvert, identique',
      failed: 'Différence trouvée',
      inconclusive: 'Sans conclusion',
    },
    late: 'en retard',
    why: {
      copy: 'la copie a perdu ou abîmé des contenus',
      live: 'le coffre de l’hébergeur a perdu ou abîmé des contenus ; la copie les tient encore',
      differs: 'la copie et le coffre ne disent pas la même chose',
      unreachable: 'la copie n’a pas pu être atteinte',
      nothing: 'elle ne tient encore rien que vous puissiez lire',
      unknown: 'la lecture s’est interrompue',
    },
    todo: {
      copy: 'Prévenez l’hébergeur : cette copie est à refaire.',
      live: 'Ouvrez le dossier concerné, puis « Restaurer depuis une copie ».',
    },
  },
} as const;
