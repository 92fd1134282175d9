import type { Texts } from '../catalogue.ts';
import type { common as french } from '../fr/common.ts';

export const common: Texts<typeof french> = {
  app: {
    skip: 'Skip to content',
    close: 'Close',
    cancel: 'Cancel',
    back: 'Back',
    retry: 'Try again',
    language: 'Français',
    languageLabel: 'Lire Serment en français',
    demoMark: 'Demonstration, invented patients',
    demoShort: 'Demonstration',
    notFound: 'This page does not exist.',
    toPatients: 'See the patients',
  },
  time: {
    onDay: '{{day}}',
    now: 'just now',
    seconds: '{{count, number}} s ago',
    minutes: '{{count, number}} min ago',
    hours: '{{count, number}} h ago',
    days_one: 'yesterday',
    days_other: '{{count, number}} days ago',
    years_one: '{{count, number}} year old',
    years_other: '{{count, number}} years old',
    months_one: '{{count, number}} month old',
    months_other: '{{count, number}} months old',
    weeksOld_one: '{{count, number}} week old',
    weeksOld_other: '{{count, number}} weeks old',
    daysOld_one: '{{count, number}} day old',
    daysOld_other: '{{count, number}} days old',
    at: '{{day}} at {{time}}',
    through: '{{day}} inclusive',
  },
  size: {
    bytes_one: '{{count, number}} byte',
    bytes_other: '{{count, number}} bytes',
    kilobytes: '{{count, number}} KB',
    megabytes: '{{count, number}} MB',
  },
  error: {
    title: 'That did not work',
    UNREACHABLE: 'The host does not answer. Nothing is lost: check the connection, then try again.',
    SERVER_FAILED: 'The host met an error. Nothing is lost: try again in a moment.',
    AUTHOR_HELD:
      'This device is held until a member of the practice says that it was meant. What you write is kept here.',
    SERVER_REFUSED: 'The host refused this request. Nothing was changed.',
    SESSION_REFUSED: 'The host does not know this device. Your records are intact; the recovery kit can add it again.',
    SESSION_CLOSED: 'The session of this device was closed from another one. Nothing is lost: unlock it to go on.',
    ANSWER_INVALID: 'The answer is not one of a host of Serment, or it was altered. Nothing of it was kept.',
    PASSWORD_WRONG: 'That is not the password.',
    THROTTLED: 'Too many attempts. Wait a minute, then try again.',
    THROTTLED_FOR_one: 'Too many attempts. Try again in {{count, number}} minute, or enter another way.',
    THROTTLED_FOR_other: 'Too many attempts. Try again in {{count, number}} minutes, or enter another way.',
    CODE_WRONG: 'That is not the code.',
    CODE_WRONG_LEFT_one: 'That is not the code. {{count, number}} attempt is left.',
    CODE_WRONG_LEFT_other: 'That is not the code. {{count, number}} attempts are left.',
    CODE_EXPIRED: 'This code is no longer valid. Ask for another one.',
    CODE_SPENT: 'Too many wrong codes: this one serves no more. Ask for another one.',
    FACTOR_MISSING:
      'This password never had a second factor: it opens nothing. The recovery kit adds this device again.',
    PASSKEY_REFUSED: 'This passkey is not the one that was awaited. Nothing was opened; try again.',
    GATE_CLOSED: 'First opening of the day: the password and a code are asked once, then the PIN will do.',
    PIN_BLOCKED:
      'Five wrong PINs: it serves no more. Your password still opens; you will choose another PIN afterwards.',
    PASSWORD_WEAK:
      'This password is too short or too common to open offline. First change it for four or five unrelated words.',
    OFFLINE_STALE:
      'This device has not heard from the host for thirty days, or its clock was changed: without it, no password opens it any more. Nothing is lost: find a connection, then unlock.',
    MEMORY_SHORT:
      'This device has not enough free memory to check the password offline. Close other pages or applications, then try again.',
    SAVES_WAITING_one:
      '{{count, number}} save of this person, or trace of an opened file, still waits here and is nowhere else. Let them unlock once online: it will leave, and then you can remove them.',
    SAVES_WAITING_other:
      '{{count, number}} saves of this person, or traces of opened files, still wait here and are nowhere else. Let them unlock once online: they will leave, and then you can remove them.',
    VAULT_RESTORED:
      'This vault was restored: a doctor confirms it first, on the Vault page. Nothing was done; what you write stays sealed here, and leaves afterwards.',
    SMS_FAILED: 'The text message was not sent. Try again in a moment, or enter another way.',
    PASSKEY_ABSENT:
      'No passkey was given: the gesture was cancelled, or this device has no passkey of Serment. Try again, or use another open device or the recovery kit.',
    PASSKEY_INVALID:
      'This passkey opens only the device that it was made on. Use another open device, or the recovery kit.',
    PASSKEY_WRONG: 'This passkey is of a practice that this host does not hold. Check the address of this page.',
    PASSKEY_UNKNOWN:
      'This passkey was never named in this practice. Use another one, another open device, or the recovery kit.',
    PASSKEY_WITHDRAWN:
      'This passkey was withdrawn: it adds no device any more. Delete it in the settings of your telephone or computer.',
    PASSKEY_CANCELLED: 'The passkey was not given. Try again, or use the password.',
    PASSKEY_UNFIT: 'This passkey cannot open an encrypted vault. Try one of another device, or keep the password.',
    SEALED_INVALID: 'This passkey does not open this practice on this device.',
    ATTEMPT_UNKNOWN: 'This check waited too long, or came from elsewhere. Begin again.',
    IDENTITY_MISMATCH: 'This card is another person’s. Nothing was opened.',
    WINDOW_BLOCKED: 'The browser blocked the window. Allow windows of this site, then begin again.',
    CARD_MISSING: 'No card was read. Insert it, then begin again.',
    CARD_MALFORMED: 'This certificate is not one of a CPS card.',
    CARD_AUTHORITY_UNKNOWN: 'This card does not come from an authority that this host knows.',
    CARD_WEAK: 'This card uses encryption that is too weak.',
    CARD_NOT_YET_VALID: 'This card is not valid yet.',
    CARD_EXPIRED: 'This card has expired. Enter another way, and ask for another one.',
    CARD_PURPOSE: 'This certificate of the card does not serve to identify: choose the one for authentication.',
    CARD_SUBJECT: 'This card bears no readable RPPS number.',
    CARD_REVOKED: 'This card was revoked.',
    CARD_REVOCATION_UNKNOWN: 'The state of this card cannot be checked for now. Enter another way, or try again later.',
    PSC_OFF: 'This host does not offer Pro Santé Connect.',
    PSC_DOWN: 'Pro Santé Connect does not answer. Enter another way, or try again later.',
    PSC_REFUSED: 'The identification was cancelled in Pro Santé Connect.',
    PSC_STATE: 'The answer of Pro Santé Connect does not come from this window. Begin again.',
    PSC_TOKEN: 'The answer of Pro Santé Connect is not valid. Nothing was opened.',
    PSC_ACR: 'Pro Santé Connect did not check strongly enough. Use the card or the e-CPS application.',
    PSC_IDENTITY: 'Pro Santé Connect gave no readable RPPS number.',
    ORIGIN_FORBIDDEN: 'This request came from another site. Nothing was opened.',
    WAY_UNKNOWN: 'This way of entering is not set up on this device.',
    HOLDER_REVOKED: 'This device was revoked by a member of the practice.',
    HOLDER_FROZEN: 'This access was frozen by a member of the practice. Nothing is lost: a doctor can unfreeze it.',
    ACCESS_EARLY: 'Your access begins on {{start}}. Come back that day: nothing else is to be done.',
    ACCESS_OVER_AT: 'Your access ended on {{end}}. A doctor of the practice can change the dates.',
    INVITATION_EXPIRED: 'Your access has ended. A doctor of the practice can change the dates.',
    KIT_INVALID_GROUP:
      'Group {{group}} is not one of a kit: five letters or digits, never a U. Read it again on the sheet.',
    KIT_CHECKSUM_GROUP: 'The kit has a typing mistake, probably in group {{group}}.',
    KIT_WITHDRAWN_MARK:
      'Kit {{testValue}} was withdrawn: it opens nothing any more. Take the one that replaced it, and destroy this sheet.',
    FORMAT_UNKNOWN: 'This comes from a newer version of Serment. Reload the page, then try again.',
    HOLDER_UNKNOWN: 'This device is not of this practice.',
    HOST_LIES:
      'The host contradicts itself: what it shows does not continue what this device had verified. Nothing of it was taken.',
    CACHE_FAILED:
      'The browser could not keep this on the device. The text is still on the screen: make room, then try again.',
    COMPARTMENT_CLOSED: 'Your rights do not open this part of the vault.',
    SAVE_INVALID: 'Nothing can be written for now.',
    SAVE_RESTORED:
      'The vault was restored from a copy: nothing is saved before a doctor confirms it, in “My vault”. What you typed is kept.',
    CLOSED: 'The practice is locked.',
    UNEXPECTED: 'Something unexpected happened. What was saved still is.',
  },
  fault: {
    title: 'This page could not be shown',
    detail:
      'What was saved still is, and what was typed is sealed on this device. Reload the page; if it comes back, tell the editor.',
    reload: 'Reload',
  },
};
