export const offline = {
  offline: {
    kept: {
      title: 'Without a network',
      pinned: 'Kept on this device: it reads without a network.',
      today: 'Expected today: it reads without a network on this device.',
      opened: 'Reads without a network, as it was opened on this device.',
      coming: 'Not on this device yet: it comes as soon as the network allows it.',
      absent: 'Not whole on this device.',
      pin: 'Keep it on this device',
      unpin: 'Keep it no more',
    },
    notHere: {
      title: 'This file is not on this device.',
      text: 'It is at the host, and the network does not answer. It opens here as soon as it is back. What was opened on this device, the day’s patients and the files that are kept read without a network.',
      pin: 'Keep it here once the network is back',
      pinned: 'It will be kept on this device once the network is back.',
    },
    partial_one: 'Incomplete file on this device: one record is not here yet. It comes with the network.',
    partial_other:
      'Incomplete file on this device: {{count, number}} records are not here yet. They come with the network.',
    ways: {
      some: 'Without a network this device opens by: {{ways}}. The PIN and the card go through the server.',
      none: 'Without a network nothing opens this device: the password, the PIN and the card go through the server. A passkey, or the password without the server, is chosen under “My ways in”.',
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
