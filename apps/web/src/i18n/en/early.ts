/** What is said of a subject before its other words have come: by the lock, the frame around pages, the palette. */
export const early = {
  welcome: {
    step: 'Step {{step}} of 4',
  },
  creation: {
    password: {
      show: 'Show the password',
    },
  },
  demo: {
    password: 'Password of the demonstration: {{password}}',
  },
  careSheet: {
    subjects: {
      problems: 'History',
      allergies: 'Allergies',
      treatments: 'Long-term treatments',
      vaccines: 'Vaccines',
      family: 'Family history',
      social: 'Way of life',
      ald: 'ALD and alerts',
      coverage: 'Coverage',
      consents: 'Consents',
      information: 'Information given',
    },
  },
  consultation: {
    cancelSigning: 'Undo',
  },
  deposits: {
    link: 'Deposits',
    linkCount: 'Deposits ({{count, number}})',
  },
  duplicates: {
    link: 'Possible duplicates',
  },
  host: {
    title: 'See as the host',
  },
  inbox: {
    missing_other: '{{count}} entries could not be read: there may be more to see.',
    missing_one: '{{count}} entry could not be read: there may be more to see.',
    link: 'To file',
    linkCount: 'To file ({{count, number}})',
  },
  file: {
    someone: 'A member of the practice',
  },
  members: {
    roleName: {
      doctor: 'Doctor',
      substitute: 'Substitute',
      'medical-secretary': 'Medical secretary',
      desk: 'Front desk',
      accountant: 'Accounting',
    },
  },
  note: {
    taken: 'Taken over from {{name}}, draft of {{when}}. It is yours: save it or discard it.',
  },
  scanned: {
    sheets: {
      ofToday: 'Separator sheets of today',
      title: 'Separator sheets',
    },
  },
  search: {
    title: 'Search in all files',
  },
  tables: {
    title: 'Reference tables',
  },
  news: {
    link: 'Today ({{count, number}})',
  },
  vault: {
    term: {
      none: 'without a date limit',
      from: 'from {{start}}',
      until: 'until {{end}}',
      both: 'from {{start}} until {{end}}',
    },
  },
};
