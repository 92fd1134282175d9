export const held = {
  held: {
    bar: 'Cet appareil est retenu.',
    keptNone: 'Ce que vous écrivez attend ici, scellé, et partira ensuite.',
    kept_one: '{{count, number}} enregistrement attend ici et partira ensuite.',
    kept_other: '{{count, number}} enregistrements attendent ici et partiront ensuite.',
    what: 'Que faire',
    title: 'Cet appareil est retenu',
    freeTitle: 'Cet appareil n’est pas retenu',
    free: 'Il lit et écrit comme les autres. Ce qui attendait part de lui-même.',
    why: {
      'read-much':
        'L’hébergeur l’a vu lire bien plus de dossiers en une heure que d’habitude ({{when}}). Votre cabinet a choisi qu’un tel appareil soit retenu jusqu’à ce que quelqu’un dise que c’était voulu.',
      'wrote-much':
        'L’hébergeur l’a vu écrire bien plus en une heure que d’habitude ({{when}}). Votre cabinet a choisi qu’un tel appareil soit retenu jusqu’à ce que quelqu’un dise que c’était voulu.',
      'restricted-much':
        'L’hébergeur l’a vu restreindre beaucoup de dossiers en une heure ({{when}}). Votre cabinet a choisi qu’un tel appareil soit retenu jusqu’à ce que quelqu’un dise que c’était voulu.',
      unusual:
        'L’hébergeur y a vu une activité inhabituelle ({{when}}). Votre cabinet a choisi qu’un tel appareil soit retenu jusqu’à ce que quelqu’un dise que c’était voulu.',
      member: '{{name}} l’a retenu ({{when}}) : rien n’en est pris jusqu’à ce que quelqu’un dise que c’était voulu.',
    },
    safeTitle: 'Rien n’est perdu',
    safe: 'Vous pouvez finir votre consultation : les dossiers s’ouvrent, et ce que vous écrivez est scellé sur cet appareil.',
    limit: 'L’hébergeur lui donne encore 60 dossiers et documents par heure.',
    meantTitle: 'C’était voulu',
    elsewhere:
      'Sur un autre appareil du cabinet, le vôtre ou celui d’un collègue : « Mon coffre », « Membres et appareils », puis « C’était nous ».',
    here: 'Le dire ici, avec mot de passe et second facteur',
    hereLead: 'Le cabinet lira dans son journal que cet appareil a repris ainsi.',
    factorLead: 'Un second facteur, pour dire que c’était vous.',
    submit: 'Continuer',
    confirm: 'C’était moi, reprendre',
    notMeantTitle: 'Ce n’était pas vous',
    notMeant:
      'Ne tapez aucun mot de passe ici. Sur un autre appareil, gelez celui-ci depuis « Membres et appareils », puis voyez ce qu’il a écrit : tout se rétablit.',
  },
  holds: {
    title: 'Activité inhabituelle',
    on: 'Un appareil qui lit ou écrit bien plus que d’habitude est retenu jusqu’à ce qu’un membre dise que c’était voulu.',
    off: 'Un appareil qui lit ou écrit bien plus que d’habitude est signalé à tous, et continue.',
    means:
      'Retenu, un appareil lit encore les dossiers de la journée. Ce qu’il écrit y reste, scellé, et part dès qu’il reprend. Un export, un import ou une première copie de secours peuvent le faire retenir.',
    begin: 'Retenir ces appareils',
    stop: 'Ne plus les retenir',
    doctors: 'Un médecin du cabinet en décide.',
  },
} as const;
