export const massChange = {
  massChange: {
    noise: 'Depuis {{when}}, « {{device}} » a remplacé des dossiers par ce que personne ne peut lire.',
    gone: 'Depuis {{when}}, « {{device}} » retire des fiches bien plus vite qu’à la main.',
    replaced: 'Depuis {{when}}, « {{device}} » réécrit des fiches presque entièrement, bien plus vite qu’à la main.',
    todo: 'Appareil de {{name}}, {{count}} enregistrements en quelques minutes. Si ce n’est pas voulu, retenez cet appareil, puis regardez ci-dessous ce qu’il a écrit : tout se rétablit.',
    isHeld:
      'Appareil de {{name}}, {{count}} enregistrements en quelques minutes. Il est retenu : rien de plus n’en est pris. Regardez ci-dessous ce qu’il a écrit : tout se rétablit.',
    hold: 'Retenir cet appareil',
    meant: 'C’est voulu',
  },
} as const;
