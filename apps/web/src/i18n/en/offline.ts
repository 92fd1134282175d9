export const offline = {
  offline: {
    ways: {
      some: 'Without a network this device opens by: {{ways}}. The PIN and the card go through the host.',
      none: 'Without a network nothing opens this device: the password, the PIN and the card go through the host. A passkey, or the password offline, is chosen under “My ways in”.',
      passkey: 'the passkey',
      password: 'the password',
      and: '{{first}} or {{second}}',
    },
    missing: {
      title: 'A part of Serment did not arrive.',
      detail:
        'A button may do nothing. Once the network answers, reload the page: that locks, and what you are writing stays.',
    },
    version: {
      ready: 'A new version is ready.',
      kept: 'It will serve at the next start. Taking it now locks; what you are writing stays.',
      others_one: 'Close the other window of Serment first: it still uses this one.',
      others_other: 'Close the {{count, number}} other windows of Serment first: they still use this one.',
      take: 'Restart now',
    },
  },
} as const;
