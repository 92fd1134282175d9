export const presence = {
  presence: {
    open: '{{name}} has this file open',
    writes: '{{name}} is writing a consultation',
    somebody: 'Somebody of the practice',
    self: {
      open: 'Open on another device of yours',
      writes: 'You are writing a consultation on another device',
    },
    more_one: 'and {{count, number}} other person',
    more_other: 'and {{count, number}} other people',
  },
} as const;
