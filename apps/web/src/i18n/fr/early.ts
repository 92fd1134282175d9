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
    link: 'À classer',
    linkCount: 'À classer ({{count, number}})',
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
  news: {
    link: 'Aujourd’hui ({{count, number}})',
  },
  scanned: {
    sheets: {
      title: 'Feuilles de séparation',
    },
  },
  search: {
    title: 'Chercher dans tous les dossiers',
  },
  tables: {
    title: 'Tables de référence',
  },
  today: {
    link: 'Aujourd’hui',
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
