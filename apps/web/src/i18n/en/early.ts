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
    link: 'To file',
    linkCount: 'To file ({{count, number}})',
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
  news: {
    link: 'Today ({{count, number}})',
  },
  scanned: {
    sheets: {
      title: 'Separator sheets',
    },
  },
  search: {
    title: 'Search in all files',
  },
  tables: {
    title: 'Reference tables',
  },
  today: {
    link: 'Today',
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
