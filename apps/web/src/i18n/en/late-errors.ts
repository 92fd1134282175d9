import type { Texts } from '../catalogue.ts';
import type { lateErrors as french } from '../fr/late-errors.ts';

export const lateErrors: Texts<typeof french> = {
  error: {
    CERTIFICATE_UNPROVEN:
      'This trial cannot be proven in the journal that the host signed: no certificate is made of it. Try again; if it lasts, tell the editor.',
    FACTOR_LAST: 'This is your last second factor. Add another one first.',
    PASSKEYS_TOO_MANY: 'Your account has sixteen passkeys already. Remove one first.',
    OPERATOR_REFUSED:
      'That is not it. Check the name, the password and a code that has not served yet, or use a passkey that was enrolled here.',
    OPERATOR_CODE_UNKNOWN:
      'This code enrols nobody: it has served, is over an hour old, or another one took its place. Ask the host for a new one.',
    OPERATOR_SESSION_REQUIRED: 'Your operator’s session has ended. Nothing was done: enter again.',
    OPERATOR_PASSWORD_WEAK: 'This password is too short: fourteen characters at least, in unrelated words.',
    UPLOAD_LOST: 'A part of this document, sealed here, is gone: it did not leave. Add it again from its file.',
    PIN_INVALID: 'Six digits, neither all alike nor in a row.',
    PHONE_INVALID: 'This number cannot receive text messages. Give a mobile one.',
    PASSKEY_KNOWN: 'This passkey is one of yours already.',
    KIT_INVALID: 'These are not the characters of a kit. It has 17 groups of 5.',
    KIT_CHECKSUM: 'The kit has a typing mistake.',
    KIT_WRONG:
      'This kit is not of a practice held by this host. Compare the address printed on the sheet with that of this page.',
    KIT_UNKNOWN:
      'This kit bears the mark of this practice and was never put into service: probably a sheet that was printed, then given up. Take another one.',
    KIT_WITHDRAWN:
      'This kit was withdrawn: it opens nothing any more. Take the one that replaced it, and destroy this sheet.',
    KIT_QR_DAMAGED:
      'The text of the QR code is not whole. Read the code again, or type the 17 groups printed beside it.',
    PICTURE_UNREADABLE:
      'No QR code was found in this picture. Come closer, flat and without shadow, or type the 17 groups.',
    PICTURE_OTHER: 'The QR code of this picture is not one of a recovery kit.',
    KIT_UNREAD:
      'This kit was not read back, or another one was prepared meanwhile in another window. Nothing was changed: begin again with a new sheet.',
    HOLDER_SELF: 'What one works with cannot be taken away from itself. Do it from another device.',
    MEMBER_UNKNOWN: 'This practice does not know this member.',
    MEMBER_ACTIVE: 'This member has entered meanwhile and has a device already. Nothing was changed.',
    DEVICE_NAME_INVALID: 'Give this device a name of a few words, 60 characters at most.',
    TERM_INVALID: 'These dates make no time of access. Nothing was changed.',
    INVITATION_INVALID: 'This is not a whole invitation link. Copy it again, from its first to its last character.',
    INVITATION_CHECKSUM: 'This link is damaged: it was cut or changed on its way. Ask for it to be sent again.',
    INVITATION_CODE_INVALID: 'The code has 8 characters, letters and digits, without U.',
    INVITATION_UNKNOWN:
      'This code does not go with this link. Read it again, character by character, with whoever told it.',
    INVITATION_USED:
      'This invitation was used already. If not by you, warn the practice at once, then ask for another.',
    INVITATION_CANCELLED: 'This invitation was cancelled by the practice. Ask for another.',
    INVITATION_EARLY: 'Your access has not begun yet. Ask the practice when it does.',
    ENROLMENT_INVALID:
      'The reference has 8 characters, letters and digits, without U. The text of the QR code is pasted whole.',
    ENROLMENT_CHECKSUM: 'This text is damaged: it was cut or changed. Copy it again, or type the reference.',
    ENROLMENT_UNKNOWN:
      'No device waits under this reference. Read it again on the new device’s screen, or begin again there.',
    ENROLMENT_EXPIRED: 'The time is over: five minutes at most. Nothing was added. Begin again.',
    ENROLMENT_CANCELLED: 'The new device gave up. Nothing was added.',
    ENROLMENT_REFUSED: 'The other device refused. Nothing was added.',
    ENROLMENT_DIFFERENT:
      'One of the two devices reported different codes. Nothing was added, and the alert is written in the vault’s history.',
    ENROLMENT_FORGED:
      'What came is not what the other device sent: somebody stands between the two, or the host lies. Nothing was added. Change networks, warn your host, then begin again.',
    KEYS_PENDING:
      'Your keys have just changed, and a doctor’s device has yet to confirm them. It does so by itself as soon as it is open: try again then.',
    DRAFT_GONE: 'This draft is not there any more: saved, discarded, or taken over by somebody else.',
    DRAFTS_FULL: 'Too many drafts are open at once. This one stays on this device: save or discard others.',
    PATIENT_RESTRICTED: 'This file is restricted to other people.',
    MERGE_IMPOSSIBLE:
      'These two files cannot be merged or separated this way: one was already, or its identity waits for a choice between two versions. Nothing has changed.',
    DEPOSIT_FILED: 'Somebody else has filed it already. Nothing was written twice.',
    DEPOSIT_UNKNOWN: 'This deposit can no longer be read here: its 24 hours are over, or there is none.',
    RECEIVED_UNKNOWN: 'It no longer waits here: somebody took care of it.',
    SCAN_UNKNOWN: 'This batch is not on this device: it was finished, deleted, or added from another one.',
    SCAN_UNCUT:
      'These pages could not be cut out of the batch. Nothing was filed: try again, or add them from the file.',
    RECEIVED_EMPTY: 'This file is empty.',
    READER_REFUSED: 'Only a doctor reads a result, or has another doctor read it. Nothing was changed.',
    DOCUMENT_INVALID: 'This document is not the one that was deposited, or is over 200 MB. Nothing of it was kept.',
    DOCUMENT_UNKNOWN: 'This deposit holds no document.',
    REASON_INVALID: 'This reason cannot be kept: write a few words, without special characters.',
    PATIENT_UNKNOWN: 'This patient is not in this practice, or not on this device yet.',
    CHANGED_SINCE: 'It was changed since: nothing was undone. The history keeps every version.',
    CARE_CONTRADICTS: 'An allergy is recorded, or the file is not whole yet. Nothing was saved.',
    RECORD_UNKNOWN: 'That version is gone: somebody has chosen already.',
    RESOURCE_INVALID: 'A field is not filled in as it should be. Nothing was saved.',
    NOTE_SIGNED: 'This consultation is signed: it changes no more. An addendum completes it.',
    SIGNER_FORBIDDEN: 'Your role does not let you sign. The draft is kept: save it, and a doctor will sign it.',
    DRAFT_CHANGED:
      'The draft changed in another window meanwhile. Nothing is signed and nothing is lost: read it again.',
  },
};
