export const massChange = {
  massChange: {
    noise: 'Since {{when}}, “{{device}}” has put what nobody can read in the place of files.',
    gone: 'Since {{when}}, “{{device}}” has been taking records out far faster than by hand.',
    replaced: 'Since {{when}}, “{{device}}” has been rewriting records almost whole, far faster than by hand.',
    todo: 'A device of {{name}}, {{count}} saves within minutes. If it is not meant, hold that device, then look below at what it wrote: all of it comes back.',
    isHeld:
      'A device of {{name}}, {{count}} saves within minutes. It is held: nothing more of it is taken. Look below at what it wrote: all of it comes back.',
    hold: 'Hold this device',
    meant: 'It is meant',
  },
} as const;
