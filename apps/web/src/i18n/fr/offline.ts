export const offline = {
  offline: {
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
