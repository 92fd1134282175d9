import type { Texts } from '../catalogue.ts';
import type { addingCopy as french } from '../fr/adding-copy.ts';

export const addingCopy: Texts<typeof french> = {
  addingCopy: {
    open: 'Add a copy',
    title: 'Add a copy',
    confirmLead:
      'A copy is given everything that practices write, sealed. Whoever adds one proves who they are once more: that is good for ten minutes, for one copy.',
    kind: 'Where is it?',
    folderKind: 'A folder of this server',
    bucketKind: 'An S3 bucket with Object Lock',
    name: 'Name of the copy',
    nameHelp: 'Members of practices read it, and it stays in their journals.',
    folder: 'Folder',
    folderHelp: 'Whole path, empty or still to be made, on another disk than the data.',
    endpoint: 'Address of the service',
    endpointHelp: 'In https. Nothing for AWS.',
    region: 'Region',
    bucket: 'Bucket',
    prefix: 'Prefix',
    prefixHelp: 'Nothing for the whole bucket.',
    accessKeyId: 'Access key',
    secretAccessKey: 'Secret key',
    secretHelp: 'Kept in a file that the server alone can read; it is never shown again.',
    showSecret: 'Show or hide the secret',
    lockDays: 'Days of lock',
    tailLockDays: 'Days of lock of what is soon replaced',
    megabytesPerSecond: 'Most that it carries, in MB/s',
    megabytesHelp: 'Nothing for no limit.',
    wrong: {
      name: '1 to 64 letters, digits, spaces, dots or hyphens.',
      folder: 'A whole path, from the root on.',
      endpoint: 'An address without a path, in https off this machine.',
      region: 'As the service names it: letters, digits and hyphens.',
      bucket: 'As the service names it: small letters, digits, dots and hyphens.',
      prefix: 'Letters, digits, dots and hyphens, with slashes between.',
      credentials: 'Two texts without a space.',
      lockDays: 'A whole number from 1 to 366.',
      tailLockDays: 'A whole number from 1 to 366, no more than the days of lock.',
      megabytesPerSecond: 'A whole number from 1 to 10,000, or nothing.',
    },
    try: 'Try',
    add: 'Add and write down',
    trying: 'Being tried: this may take twenty seconds.',
    adding: 'Being added: the act is written in the journal of each practice.',
    fits: 'Nothing speaks against it',
    fitsAsTrial: 'Possible, as a trial copy',
    fitsEmpty: 'There is nothing there yet.',
    fitsCopy_zero: 'A copy that was begun is there already, without a practice: it will go on.',
    fitsCopy_one: 'A copy of {{count, number}} practice of this host is there already: it will catch up.',
    fitsCopy_other: 'A copy of {{count, number}} practices of this host is there already: it will catch up.',
    room: '{{free}} free.',
    sameDisk: 'The same disk holds the data: it would lose both together, and no shield would be green by it.',
    keeper:
      'Its locks end by themselves. Have its keeper, which lengthens them, run on another machine: “serment keeper”.',
    done: 'The copy “{{copy}}” is added, and stays so over a restart. Its first writing begins.',
    refusedTitle: 'This copy is not taken',
    refused: {
      COPY_PLACE_INVALID: 'Correct the field that is told. Nothing was tried.',
      COPY_NAME_USED:
        'Another copy has this name, or had it and was retired. Give another one: it is written in the journals.',
      COPY_PLACE_TAKEN:
        'Another copy is there, in it or around it, or else the server’s data. Each copy has a place of its own.',
      COPY_NOT_EMPTY: 'Something is there that is no copy of Serment’s. Give an empty folder, or another prefix.',
      COPY_OF_ANOTHER:
        'The copy that is there holds practices of another installation. Writing there would mix both: give another place.',
      COPY_FORMAT_UNKNOWN:
        'A copy of another format is there. Use the release of Serment that wrote it, or another place.',
      COPY_FOLDER_MISSING:
        'This folder is not there, nor the one that it would stand in, or it is no folder. Check the path, and that its disk is mounted.',
      COPY_FORBIDDEN:
        'These rights are not enough: the server’s on this folder, or the key’s on this bucket. The documentation lists them.',
      COPY_READ_ONLY: 'This disk does not let itself be written. If it became so, it may be failing.',
      COPY_NO_LINKS: 'This disk has no hard links. Take one formatted as ext4, XFS, Btrfs or ZFS.',
      COPY_FULL: 'There is no room left there.',
      COPY_UNREACHABLE: 'Nothing answers there. Check the address and the network, or the disk.',
      COPY_CREDENTIALS_REFUSED: 'The service refuses this key. Check both its parts, and that it was not withdrawn.',
      COPY_BUCKET_MISSING: 'The service has no such bucket. Check bucket, region and address.',
      COPY_NOT_LOCKED:
        'This bucket has no Object Lock: a virus could erase all of it. Make one with it, which can be asked for only when it is made.',
      COPY_CLOCK_SKEWED: 'This machine’s clock is not the service’s, and locks are dated. Set it right (NTP).',
      COPY_DISK_ERROR: 'This disk fails to read or write. Take another one.',
      COPIES_FILE_FIXED:
        'The file of copies is not the server’s: it cannot add to it. Add the copy where that file comes from, then restart.',
      COPIES_FILE_CHANGED: 'Somebody changed the file of copies meanwhile. Look at it, then begin again.',
      COPIES_FILE_INVALID:
        'The file of copies says something else than it may: the server would not start with it. Mend it first.',
      COPIES_FILE_UNWRITABLE: 'The file of copies could not be written. Check the room and the state of its disk.',
      COPIES_TOO_MANY: 'Sixty-four copies are known already. Take some out of the file, then restart.',
      other: 'This place refuses to be written or read ({{reason}}). Nothing was written down.',
    },
  },
};
