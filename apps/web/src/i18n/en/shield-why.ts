import type { Texts } from '../catalogue.ts';
import type { shieldWhy as french } from '../fr/shield-why.ts';

export const shieldWhy: Texts<typeof french> = {
  shieldWhy: {
    why: {
      'host-lies':
        'What it shows does not continue what this device had verified. Nothing of it was taken. Erase nothing, and call the editor.',
      'mass-noise':
        'Within minutes it replaced what dozens of files say, as a virus would. Nothing is lost: each earlier version is kept. Stop that device, then go back in time.',
      'mass-change':
        'It takes out or rewrites records far faster than by hand. If somebody of the practice means it, say so; else stop that device and go back in time: all of it comes back.',
      'damaged-copy': 'The last verification found differences in it. The host’s own vault is verified by this device.',
      'drill-failed':
        'The last trial restoration found differences in it. The host’s own vault is verified by this device. Tell the host.',
      'reread-failed':
        'A device of the practice read back saves and documents drawn by lot: one is missing, differs or does not open. “My vault” says where.',
      findings: 'Some entries do not verify. They are set aside and shown, never hidden.',
      refused: 'They are still on this device. Open the vault to know why.',
      restored:
        'The host gave the vault back from a copy. Nothing is saved before a doctor of the practice confirms it; drafts are kept.',
      offline: 'You can go on: what you write is sealed on this device and leaves as soon as the network is back.',
      'host-failing':
        'The host answers with errors: your network is fine. You can go on, what you write is sealed on this device and leaves as soon as the host works again.',
      unknown: 'This device is verifying the journal, and your ways in.',
      'kit-used':
        'Somebody entered, or read the vault, with a recovery kit. “My vault” says which and when. A kit that served is replaced; if nobody of the practice used it, a doctor withdraws it at once.',
      'no-copy': 'The vault exists with the host only. Ask for a copy elsewhere.',
      'copy-failing': 'It is no longer kept up to date. Tell the host.',
      'copy-late': 'What was just written is durable with the host, and not copied yet.',
      'disk-full':
        'A few more days at this rate, and the host would take no more saves; those that were made are kept. Ask it when it will have made room.',
      'certificate-ends':
        'What proves that this address is the host’s ends in a few days: browsers would refuse it. Ask the host to renew its certificate.',
      'lock-short':
        'What keeps this copy from being erased is lengthened no more. The copy is still there; tell the host before that protection ends.',
      'this-held':
        'Nothing that it writes is taken for now; it is kept here, sealed. Another device of the practice, or your password and second factor, lets it go on.',
      'device-held':
        'Nothing of it is taken until somebody says that it was meant. If it was you, say so; otherwise freeze it, and see what it wrote.',
      'read-much':
        'The host saw a device read far more files in an hour than usual. An export, or a search in all files, does that. If nobody meant it, stop that device.',
      'wrote-much':
        'The host saw a device write far more in an hour than usual. An import does that. If nobody meant it, stop that device: all that it wrote is taken back in one go.',
      'restricted-much':
        'The host saw a device restrict many files in an hour. If nobody meant it, stop that device; a doctor who is named lifts these restrictions.',
      'came-back':
        'A device or a kit that the practice revoked asked to enter, and was refused. Somebody still uses it: see that nothing else of that person was left open.',
      'other-history':
        'A device or a witness verified another journal than the host’s. Erase nothing, and call the host, then the editor.',
      'no-kit':
        'If every device were lost, nobody could reopen the practice, not even the host. A kit is made in a minute.',
      'same-disk':
        'It protects from a mistake, not from losing the disk. Ask the host for a second copy on another disk, better still in another place.',
      'drill-late':
        'The copy is up to date, but for more than a day and a half nothing proves that it would give the vault back. Start a trial restoration, or tell the host.',
      'witness-wrong':
        'What the host reports of the witness does not go with the journal that this device verified: it may have shown two histories. Go on, erase nothing, and call your witness.',
      'witness-late':
        'Your witness has not seen the journal for more than a day and a half. Your records are in no danger from that. Tell it, or the host.',
      'reread-late':
        'For more than two weeks no device of the practice has opened what the copies hold. It is done by itself, when a device is open and idle, or by a button.',
      copied: 'A copy holds everything. It has not been read back yet.',
      'verified-late': 'The copy is up to date, but was not read back for more than a day.',
      'one-way':
        'Your records are copied and verified. But if your only way in is lost, nothing but the recovery kit is left: add another device, a passkey or your card.',
      verified: 'A copy, off the host’s own disk, holds all that is written; it was read back without a difference.',
      proven:
        'A copy, off the host’s own disk, was restored alone into an empty database, then compared with the vault, without a difference.',
    },
    action: {
      ways: 'My ways in',
      vault: 'See the vault',
      refused: 'See the vault',
      restored: 'See what is missing',
      retry: 'Try again now',
      kit: 'Make a new kit',
      held: 'See what to do',
      members: 'See that device',
      rewind: 'See what was written',
    },
  },
} as const;
