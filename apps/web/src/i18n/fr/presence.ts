export const presence = {
  presence: {
    open: '{{name}} a ce dossier ouvert',
    writes: '{{name}} écrit une consultation',
    somebody: 'Une personne du cabinet',
    self: {
      open: 'Ouvert sur un autre appareil à vous',
      writes: 'Vous écrivez une consultation sur un autre appareil',
    },
    more_one: 'et {{count, number}} autre personne',
    more_other: 'et {{count, number}} autres personnes',
  },
} as const;
