import type { Texts } from '../catalogue.ts';
import type { sheets as french } from '../fr/sheets.ts';

export const sheets: Texts<typeof french> = {
  problem: {
    title: 'I have a problem',
    theft: {
      title: 'A computer or a telephone was stolen or lost',
      safe: 'Locked, it opens nothing: it still takes the password and the second factor, or your finger.',
      now: 'Stop it at once: it will read and write nothing more. You can revoke it afterwards, or let it go on if it is found.',
      locked:
        'From another device of the practice, open “My vault” and stop that one. Without another device, the recovery kit opens a new one in a minute.',
      go: 'See the devices',
    },
    virus: {
      title: 'A computer behaves strangely',
      safe: 'History cannot be erased: what a virus would write is undone, and the copies keep what came before.',
      now: 'Stop the suspect computer from another device, unplug it from the network, and have it examined before it goes on.',
      locked: 'Unplug this computer from the network. From another device of the practice, stop it in “My vault”.',
      go: 'See the devices',
    },
    password: {
      title: 'Password forgotten, or guessed by somebody',
      safe: 'A password alone opens nothing: it also takes a device of the practice and the second factor.',
      now: 'Choose another one here: the old one is not asked for, and is worth nothing from then on.',
      locked:
        'Any device of the practice that is still open lets you choose another one. A passkey opens without it. Else, the recovery kit.',
      go: 'Change the password',
    },
    internet: {
      title: 'The internet is down',
      safe: 'What you type is sealed and kept on this device, and leaves when the line is back.',
      now: 'Go on: files that were read here can still be read. Do not clear the browser while saves are waiting.',
      locked: 'A passkey opens without network. The password and the PIN wait for the line to come back.',
      go: 'See what is waiting',
    },
    kit: {
      title: 'The recovery kit is lost, or somebody saw it',
      safe: 'Each use of a kit at the host is written in the journal, and the shield tells it: you would see if it had served.',
      now: 'Replace it: the old one will open nothing any more, and the keys will change. Seen by somebody and no printer: withdraw it at once, you will make another one afterwards.',
      locked: 'Open the practice on one of its devices: that is where the kit is replaced.',
      go: 'See the kits',
    },
    departure: {
      title: 'Somebody leaves the practice',
      safe: 'After they left, nothing new can be read by them. What could be read may have been kept.',
      now: 'Remove this member when the day comes: all their devices are revoked and the keys change. If they saw the kit, replace it too.',
      locked: 'A doctor removes this member from an open device, in “My vault”.',
      go: 'See the members',
    },
  },
  parked: {
    label: 'Waiting',
    since: 'consultation waiting since {{when}}',
    escape: 'Esc',
    signing_one: '{{who}} signed in {{count}} second',
    signing_other: '{{who}} signed in {{count}} seconds',
    failed: 'The consultation of {{who}} is not signed. {{reason}}',
    open: 'Open the file',
  },
  shortcuts: {
    title: 'Shortcuts',
    palette: 'Find a patient or an action',
    today: 'Today',
    patients: 'Patients',
    newPatient: 'New patient',
    note: 'New consultation',
    save: 'Save',
    sign: 'Sign the consultation',
    privateNote: 'Private note',
    template: 'Consultation templates',
    seen: 'Mark a result as read',
    vault: 'My vault',
    lock: 'Lock',
    switch: 'Lock and change person',
    help: 'This list',
    filter: 'Filter the timeline',
    move: 'Move in the list, in the file',
    leave: 'Close, go back',
  },
};
