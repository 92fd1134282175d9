/** What the practice's own devices read back from the copies. */
export const rereads = {
  rereads: {
    title: 'Records read back',
    lead: 'Every week a device of the practice draws saves and documents by lot, reads them back from each copy, opens them with your keys and compares them. The host cannot do that: it has no key.',
    limit:
      'The reading goes through the host. It proves that these contents are yours and open, not by itself that the host took them from the copy.',
    never: 'never read back yet',
    last: 'read back {{when}}: {{records}} and {{documents}}',
    records_one: '{{count, number}} save opened',
    records_other: '{{count, number}} saves opened',
    documents_one: '{{count, number}} document opened',
    documents_other: '{{count, number}} documents opened',
    lastFailed: 'difference found {{when}}',
    ask: 'Read back now',
    askOf: 'Read back now: copy {{copy}}',
    reading: 'Reading back…',
    history: 'What reading back came to',
    loading: 'Reading…',
    empty: 'Nothing was read back yet. The first time comes by itself, a day after the practice was created.',
    more: 'Show more',
    by: 'on a device of {{name}}',
    outcome: { proven: 'Read back, opened, the same', failed: 'Difference found', inconclusive: 'No answer' },
    late: 'late',
    why: {
      copy: 'the copy has lost or damaged contents',
      live: 'the host’s vault has lost or damaged contents; the copy still holds them',
      differs: 'the copy and the vault do not say the same',
      unreachable: 'the copy could not be reached',
      nothing: 'it holds nothing yet that you may read',
      unknown: 'the reading was interrupted',
    },
    todo: {
      copy: 'Tell the host: this copy is to be made again.',
      live: 'Open the file that it concerns, then “Restore from a copy”.',
    },
  },
} as const;
