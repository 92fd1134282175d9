/** What can only fail in code that comes late. */
export const lateErrors = {
  error: {
    CERTIFICATE_UNPROVEN:
      'Cet essai ne se prouve pas dans le journal que l’hébergeur a signé : aucun certificat n’en est fait. Réessayez ; si cela dure, prévenez l’éditeur.',
    FACTOR_LAST: 'C’est votre dernier second facteur. Ajoutez-en d’abord un autre.',
    PASSKEYS_TOO_MANY: 'Votre compte a déjà seize clés d’accès. Retirez-en une d’abord.',
    OPERATOR_REFUSED:
      'Ce n’est pas cela. Reprenez le nom, le mot de passe et un code qui n’a pas encore servi, ou une clé d’accès enrôlée ici.',
    OPERATOR_CODE_UNKNOWN:
      'Ce code n’enrôle personne : il a servi, il a plus d’une heure, ou un autre l’a remplacé. Demandez-en un nouveau à l’hébergeur.',
    OPERATOR_SESSION_REQUIRED: 'Votre session d’opérateur est terminée. Rien n’a été fait : entrez de nouveau.',
    OPERATOR_PASSWORD_WEAK:
      'Ce mot de passe est trop court : quatorze caractères au moins, en mots sans rapport entre eux.',
    UPLOAD_LOST:
      'Une partie de ce document, scellée ici, n’est plus là : il n’est pas parti. Ajoutez-le de nouveau depuis son fichier.',
    PIN_INVALID: 'Six chiffres, ni tous pareils ni à la suite.',
    PHONE_INVALID: 'Ce numéro ne peut pas recevoir de SMS. Donnez celui d’un téléphone mobile.',
    PASSKEY_KNOWN: 'Cette clé d’accès est déjà l’une des vôtres.',
    KIT_INVALID: 'Ce ne sont pas les caractères d’un kit. Il en faut 17 groupes de 5.',
    KIT_CHECKSUM: 'Le kit comporte une faute de frappe.',
    KIT_WRONG:
      'Ce kit n’est pas celui d’un cabinet tenu par cet hébergeur. Comparez l’adresse imprimée sur la feuille avec celle de cette page.',
    KIT_UNKNOWN:
      'Ce kit porte la marque de ce cabinet, mais n’y a jamais été mis en service : c’est sans doute une feuille imprimée, puis abandonnée. Prenez-en une autre.',
    KIT_WITHDRAWN:
      'Ce kit a été retiré : il n’ouvre plus rien. Prenez celui qui l’a remplacé, et détruisez cette feuille.',
    KIT_QR_DAMAGED: 'Le texte du QR code n’est pas entier. Relisez le code, ou tapez les 17 groupes imprimés à côté.',
    PICTURE_UNREADABLE:
      'Aucun QR code n’a été trouvé sur cette photo. Rapprochez-vous, à plat et sans ombre, ou tapez les 17 groupes.',
    PICTURE_OTHER: 'Le QR code de cette photo n’est pas celui d’un kit de secours.',
    KIT_UNREAD:
      'Ce kit n’a pas été relu, ou un autre a été préparé depuis dans une autre fenêtre. Rien n’a été changé : recommencez avec une nouvelle feuille.',
    HOLDER_SELF: 'On ne se retire pas à soi-même ce avec quoi l’on travaille. Faites-le d’un autre appareil.',
    MEMBER_UNKNOWN: 'Ce membre n’est pas connu de ce cabinet.',
    MEMBER_ACTIVE: 'Ce membre est entré entre-temps : il a déjà un appareil. Rien n’a été changé.',
    DEVICE_NAME_INVALID: 'Donnez à cet appareil un nom de quelques mots, 60 caractères au plus.',
    TERM_INVALID: 'Ces dates ne font pas une période d’accès. Rien n’a été changé.',
    INVITATION_INVALID:
      'Ce n’est pas un lien d’invitation entier. Copiez-le de nouveau, du premier au dernier caractère.',
    INVITATION_CHECKSUM: 'Ce lien est abîmé : il a été coupé ou modifié en route. Demandez qu’on vous le renvoie.',
    INVITATION_CODE_INVALID: 'Le code a 8 caractères, lettres et chiffres, sans U.',
    INVITATION_UNKNOWN:
      'Ce code ne va pas avec ce lien. Relisez-le, caractère par caractère, avec la personne qui vous l’a dit.',
    INVITATION_USED:
      'Cette invitation a déjà servi. Si ce n’est pas par vous, prévenez le cabinet sans attendre, puis demandez-en une autre.',
    INVITATION_CANCELLED: 'Cette invitation a été annulée par le cabinet. Demandez-en une autre.',
    INVITATION_EARLY: 'Votre accès n’a pas encore commencé. Demandez au cabinet à partir de quand.',
    ENROLMENT_INVALID: 'Le repère a 8 caractères, lettres et chiffres, sans U. Le texte du code QR se colle en entier.',
    ENROLMENT_CHECKSUM: 'Ce texte est abîmé : il a été coupé ou modifié. Copiez-le de nouveau, ou tapez le repère.',
    ENROLMENT_UNKNOWN:
      'Aucun appareil n’attend sous ce repère. Relisez-le sur l’écran du nouvel appareil, ou recommencez là-bas.',
    ENROLMENT_EXPIRED: 'Le temps est passé : cinq minutes au plus. Rien n’a été ajouté. Recommencez.',
    ENROLMENT_CANCELLED: 'Le nouvel appareil a abandonné. Rien n’a été ajouté.',
    ENROLMENT_REFUSED: 'L’ajout a été refusé sur l’autre appareil. Rien n’a été ajouté.',
    ENROLMENT_DIFFERENT:
      'L’un des deux appareils a signalé des codes différents. Rien n’a été ajouté, et l’alerte est inscrite dans l’histoire du coffre.',
    ENROLMENT_FORGED:
      'Ce qui est arrivé n’est pas ce que l’autre appareil a envoyé : quelqu’un s’est placé entre les deux, ou l’hébergeur ment. Rien n’a été ajouté. Changez de réseau, prévenez votre hébergeur, puis recommencez.',
    KEYS_PENDING:
      'Vos clés viennent de changer, et un appareil de médecin doit encore les confirmer. Il le fait de lui-même dès qu’il est ouvert : réessayez ensuite.',
    DRAFT_GONE: 'Ce brouillon n’est plus là : enregistré, abandonné, ou repris par quelqu’un d’autre.',
    DRAFTS_FULL:
      'Trop de brouillons sont ouverts à la fois. Celui-ci reste gardé sur cet appareil : enregistrez-en ou abandonnez-en d’autres.',
    PATIENT_RESTRICTED: 'Ce dossier est restreint à d’autres personnes.',
    MERGE_IMPOSSIBLE:
      'Ces deux dossiers ne peuvent pas être réunis ou séparés ainsi : l’un l’a déjà été, ou son identité attend un choix entre deux versions. Rien n’a changé.',
    DEPOSIT_FILED: 'Quelqu’un d’autre l’a déjà classé. Rien n’a été écrit deux fois.',
    DEPOSIT_UNKNOWN: 'Ce dépôt n’est plus lisible ici : les 24 heures sont passées, ou il n’existe pas.',
    RECEIVED_UNKNOWN: 'Cela n’attend plus ici : quelqu’un s’en est occupé.',
    SCAN_UNKNOWN: 'Ce lot n’est pas sur cet appareil : il a été terminé, supprimé, ou ajouté depuis un autre.',
    SCAN_UNCUT:
      'Ces pages n’ont pas pu être découpées du lot. Rien n’a été classé : réessayez, ou ajoutez-les depuis le dossier.',
    RECEIVED_EMPTY: 'Ce fichier est vide.',
    READER_REFUSED: 'Seul un médecin lit un résultat, ou le fait lire par un autre médecin. Rien n’a été changé.',
    DOCUMENT_INVALID: 'Ce document n’est pas celui qui a été déposé, ou il dépasse 200 Mo. Rien n’en a été gardé.',
    DOCUMENT_UNKNOWN: 'Ce dépôt ne contient pas de document.',
    REASON_INVALID: 'Ce motif ne peut pas être gardé : écrivez quelques mots, sans caractère spécial.',
    PATIENT_UNKNOWN: 'Ce patient n’est pas dans ce cabinet, ou pas encore sur cet appareil.',
    CHANGED_SINCE: 'Cela a changé depuis : rien n’a été annulé. L’historique garde chaque version.',
    CARE_CONTRADICTS: 'Une allergie est enregistrée, ou le dossier n’est pas encore entier. Rien n’a été enregistré.',
    RECORD_UNKNOWN: 'Cette version n’est plus là : quelqu’un a déjà choisi.',
    RESOURCE_INVALID: 'Un champ n’est pas rempli comme il faut. Rien n’a été enregistré.',
    NOTE_SIGNED: 'Cette consultation est signée : elle ne change plus. Un addendum la complète.',
    SIGNER_FORBIDDEN:
      'Votre rôle ne permet pas de signer. Le brouillon est gardé : enregistrez-le, un médecin le signera.',
    DRAFT_CHANGED:
      'Le brouillon a changé dans une autre fenêtre pendant ce temps. Rien n’est signé, rien n’est perdu : relisez-le.',
  },
} as const;
