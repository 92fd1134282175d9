export const addingCopy = {
  addingCopy: {
    open: 'Ajouter une copie',
    title: 'Ajouter une copie',
    confirmLead:
      'Une copie reçoit tout ce que les cabinets écrivent, scellé. Qui en ajoute une prouve encore une fois qui il est : cela vaut dix minutes, pour une seule copie.',
    kind: 'Où est-elle ?',
    folderKind: 'Un dossier de ce serveur',
    bucketKind: 'Un seau S3 avec Object Lock',
    name: 'Nom de la copie',
    nameHelp: 'Les membres des cabinets le lisent, et il reste dans leurs journaux.',
    folder: 'Dossier',
    folderHelp: 'Chemin complet, vide ou encore à créer, sur un autre disque que les données.',
    endpoint: 'Adresse du service',
    endpointHelp: 'En https. Rien pour AWS.',
    region: 'Région',
    bucket: 'Seau',
    prefix: 'Préfixe',
    prefixHelp: 'Rien pour tout le seau.',
    accessKeyId: 'Identifiant de clé (access key)',
    secretAccessKey: 'Secret de clé (secret key)',
    secretHelp: 'Gardé dans un fichier que le serveur seul peut lire ; il n’est plus jamais montré.',
    showSecret: 'Afficher ou masquer le secret',
    lockDays: 'Jours de verrou',
    tailLockDays: 'Jours de verrou de ce qui est vite remplacé',
    megabytesPerSecond: 'Débit au plus, en Mo/s',
    megabytesHelp: 'Rien pour ne pas le limiter.',
    wrong: {
      name: 'De 1 à 64 lettres, chiffres, espaces, points ou tirets.',
      folder: 'Un chemin complet, depuis la racine.',
      endpoint: 'Une adresse sans chemin, en https hors de cette machine.',
      region: 'Telle que le service la nomme : lettres, chiffres et tirets.',
      bucket: 'Tel que le service le nomme : minuscules, chiffres, points et tirets.',
      prefix: 'Des lettres, chiffres, points et tirets, séparés par des barres.',
      credentials: 'Deux textes sans espace.',
      lockDays: 'Un nombre entier de 1 à 366.',
      tailLockDays: 'Un nombre entier de 1 à 366, pas plus que les jours de verrou.',
      megabytesPerSecond: 'Un nombre entier de 1 à 10 000, ou rien.',
    },
    try: 'Essayer',
    add: 'Ajouter et inscrire',
    trying: 'Essai en cours : cela peut prendre vingt secondes.',
    adding: 'Ajout en cours : l’acte s’inscrit dans le journal de chaque cabinet.',
    fits: 'Rien ne s’y oppose',
    fitsAsTrial: 'Possible, comme copie d’essai',
    fitsEmpty: 'Il n’y a encore rien là.',
    fitsCopy_zero: 'Une copie commencée est déjà là, sans aucun cabinet : elle continuera.',
    fitsCopy_one: 'Une copie de {{count, number}} cabinet d’ici est déjà là : elle se rattrapera.',
    fitsCopy_other: 'Une copie de {{count, number}} cabinets d’ici est déjà là : elle se rattrapera.',
    room: '{{free}} libres.',
    sameDisk: 'Le même disque porte les données : il les perdrait avec elle, et aucun bouclier n’en serait vert.',
    keeper:
      'Ses verrous finissent seuls. Mettez en route, sur une autre machine, son gardien qui les prolonge : « serment keeper ».',
    done: 'La copie « {{copy}} » est ajoutée, et le reste après un redémarrage. Sa première écriture commence.',
    refusedTitle: 'Cette copie n’est pas prise',
    refused: {
      COPY_PLACE_INVALID: 'Corrigez le champ signalé. Rien n’a été essayé.',
      COPY_NAME_USED:
        'Une autre copie porte ce nom, ou l’a porté et fut retirée. Donnez-en un autre : il est écrit dans les journaux.',
      COPY_PLACE_TAKEN:
        'Une autre copie est là, dedans ou autour, ou bien les données du serveur. Chaque copie a une place à elle.',
      COPY_NOT_EMPTY:
        'Quelque chose est là, qui n’est pas une copie de Serment. Donnez un dossier vide, ou un autre préfixe.',
      COPY_OF_ANOTHER:
        'La copie qui est là tient des cabinets d’une autre installation. Y écrire mêlerait les deux : donnez une autre place.',
      COPY_FORMAT_UNKNOWN:
        'Une copie d’un autre format est là. Prenez la version de Serment qui l’a écrite, ou une autre place.',
      COPY_FOLDER_MISSING:
        'Ce dossier n’est pas là, ni celui qui le contiendrait, ou ce n’est pas un dossier. Vérifiez le chemin, et que son disque est monté.',
      COPY_FORBIDDEN:
        'Ces droits ne suffisent pas : ceux du serveur sur ce dossier, ou ceux de la clé sur ce seau. La documentation les liste.',
      COPY_READ_ONLY: 'Ce disque ne se laisse pas écrire. S’il l’est devenu, il est peut-être en train de mourir.',
      COPY_NO_LINKS: 'Ce disque n’a pas de liens durs. Prenez-en un formaté en ext4, XFS, Btrfs ou ZFS.',
      COPY_FULL: 'Il n’y a plus de place là.',
      COPY_UNREACHABLE: 'Rien ne répond là. Vérifiez l’adresse et le réseau, ou le disque.',
      COPY_CREDENTIALS_REFUSED:
        'Le service refuse cette clé. Vérifiez l’identifiant, le secret, et qu’elle n’est pas retirée.',
      COPY_BUCKET_MISSING: 'Le service n’a pas ce seau. Vérifiez le seau, la région et l’adresse.',
      COPY_NOT_LOCKED:
        'Ce seau n’a pas Object Lock : un virus pourrait tout y effacer. Faites-en un avec, ce qui ne se demande qu’à sa création.',
      COPY_CLOCK_SKEWED:
        'L’horloge de cette machine n’est pas celle du service, et les verrous sont datés. Mettez-la à l’heure (NTP).',
      COPY_DISK_ERROR: 'Ce disque échoue à lire ou à écrire. Prenez-en un autre.',
      COPIES_FILE_FIXED:
        'Le fichier des copies n’est pas au serveur : il ne peut rien y ajouter. Ajoutez la copie là d’où ce fichier vient, puis redémarrez.',
      COPIES_FILE_CHANGED: 'Quelqu’un a changé le fichier des copies entre-temps. Regardez-le, puis recommencez.',
      COPIES_FILE_INVALID:
        'Le fichier des copies dit autre chose que ce qu’il peut dire : le serveur ne redémarrerait pas avec lui. Corrigez-le d’abord.',
      COPIES_FILE_UNWRITABLE: 'Le fichier des copies n’a pas pu être écrit. Vérifiez la place et l’état de son disque.',
      COPIES_TOO_MANY: 'Soixante-quatre copies sont déjà connues. Retirez-en du fichier, puis redémarrez.',
      other: 'Cette place refuse l’écriture ou la lecture ({{reason}}). Rien n’a été inscrit.',
    },
  },
} as const;
