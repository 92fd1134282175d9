export const offline = {
  offline: {
    kept: {
      title: 'Sans réseau',
      pinned: 'Gardé sur cet appareil : lisible sans réseau.',
      today: 'Attendu aujourd’hui : lisible sans réseau sur cet appareil.',
      opened: 'Lisible sans réseau, tel qu’il a été ouvert sur cet appareil.',
      coming: 'Pas encore sur cet appareil : il y vient dès que le réseau le permet.',
      absent: 'Pas en entier sur cet appareil.',
      pin: 'Le garder sur cet appareil',
      unpin: 'Ne plus le garder',
    },
    notHere: {
      title: 'Ce dossier n’est pas sur cet appareil.',
      text: 'Il est chez l’hébergeur, et le réseau ne répond pas. Il s’ouvrira ici dès son retour. Ce qui a été ouvert sur cet appareil, les patients du jour et les dossiers gardés se lisent sans réseau.',
      pin: 'Le garder ici dès le retour du réseau',
      pinned: 'Il sera gardé sur cet appareil dès le retour du réseau.',
    },
    partial_one:
      'Dossier incomplet sur cet appareil : un enregistrement n’y est pas encore. Il viendra avec le réseau.',
    partial_other:
      'Dossier incomplet sur cet appareil : {{count, number}} enregistrements n’y sont pas encore. Ils viendront avec le réseau.',
    ways: {
      some: 'Sans réseau, cet appareil s’ouvre par : {{ways}}. Le code PIN et la carte passent par le serveur.',
      none: 'Sans réseau, rien n’ouvre cet appareil : le mot de passe, le code PIN et la carte passent par le serveur. Une clé d’accès, ou le mot de passe sans serveur, se choisit dans « Mes façons d’entrer ».',
      passkey: 'la clé d’accès',
      password: 'le mot de passe',
      and: '{{first}} ou {{second}}',
    },
    missing: {
      title: 'Une partie de Serment n’est pas arrivée.',
      detail:
        'Un bouton peut rester sans effet. Quand le réseau répond, rechargez la page : cela verrouille, et ce que vous écrivez reste.',
    },
    version: {
      ready: 'Une nouvelle version est prête.',
      kept: 'Elle servira au prochain démarrage. La prendre maintenant verrouille ; ce que vous écrivez reste.',
      others_one: 'Fermez d’abord l’autre fenêtre de Serment : elle se sert encore de celle-ci.',
      others_other:
        'Fermez d’abord les {{count, number}} autres fenêtres de Serment : elles se servent encore de celle-ci.',
      take: 'Redémarrer maintenant',
    },
  },
} as const;
