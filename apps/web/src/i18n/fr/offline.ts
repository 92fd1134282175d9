export const offline = {
  offline: {
    ways: {
      some: 'Sans réseau, cet appareil s’ouvre par : {{ways}}. Le code PIN et la carte passent par l’hébergeur.',
      none: 'Sans réseau, rien n’ouvre cet appareil : le mot de passe, le code PIN et la carte passent par l’hébergeur. Une clé d’accès, ou le mot de passe hors ligne, se choisit dans « Mes façons d’entrer ».',
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
