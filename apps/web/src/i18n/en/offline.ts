export const offline = {
  offline: {
    version: {
      ready: 'A new version is ready.',
      kept: 'It will serve at the next start. Taking it now locks; what you are writing stays.',
      others_one: 'Close the other window of Serment first: it still uses this one.',
      others_other: 'Close the {{count, number}} other windows of Serment first: they still use this one.',
      take: 'Restart now',
    },
  },
} as const;
