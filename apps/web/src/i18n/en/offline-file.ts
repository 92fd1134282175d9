import type { Texts } from '../catalogue.ts';
import type { offlineFile as french } from '../fr/offline-file.ts';

export const offlineFile: Texts<typeof french> = {
  offlineFile: {
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
  },
} as const;
