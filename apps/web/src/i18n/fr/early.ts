/** What is said of a subject before its other words have come: by the lock, the frame around pages, the palette. */
export const early = {
  welcome: {
    step: 'Étape {{step}} sur 4',
  },
  creation: {
    password: {
      show: 'Afficher le mot de passe',
    },
  },
  demo: {
    password: 'Mot de passe de la démonstration : {{password}}',
  },
  careSheet: {
    subjects: {
      problems: 'Antécédents',
      allergies: 'Allergies',
      treatments: 'Traitements de fond',
      vaccines: 'Vaccins',
      family: 'Antécédents familiaux',
      social: 'Mode de vie',
      ald: 'ALD et alertes',
      coverage: 'Couverture',
      consents: 'Consentements',
      information: 'Information donnée',
    },
  },
  consultation: {
    cancelSigning: 'Annuler',
  },
  deposits: {
    link: 'Dépôts',
    linkCount: 'Dépôts ({{count, number}})',
  },
  duplicates: {
    link: 'Doublons possibles',
  },
  host: {
    title: 'Voir comme l’hébergeur',
  },
  inbox: {
    missing_other: '{{count}} inscriptions n’ont pas pu être lues : il peut y avoir plus à voir.',
    missing_one: '{{count}} inscription n’a pas pu être lue : il peut y avoir plus à voir.',
    link: 'À classer',
    linkCount: 'À classer ({{count, number}})',
  },
  file: {
    someone: 'Un membre du cabinet',
  },
  members: {
    roleName: {
      doctor: 'Médecin',
      substitute: 'Remplaçant',
      'medical-secretary': 'Secrétaire médicale',
      desk: 'Accueil',
      accountant: 'Comptabilité',
    },
  },
  note: {
    taken: 'Repris de {{name}}, brouillon du {{when}}. Il est à vous : enregistrez-le ou abandonnez-le.',
  },
  scanned: {
    sheets: {
      ofToday: 'Feuilles de séparation du jour',
      title: 'Feuilles de séparation',
    },
  },
  search: {
    title: 'Chercher dans tous les dossiers',
  },
  tables: {
    title: 'Tables de référence',
  },
  news: {
    link: 'Aujourd’hui ({{count, number}})',
  },
  vault: {
    term: {
      none: 'sans limite de date',
      from: 'à partir du {{start}}',
      until: 'jusqu’au {{end}}',
      both: 'du {{start}} au {{end}}',
    },
  },
} as const;
