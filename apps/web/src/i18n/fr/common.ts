export const common = {
  app: {
    skip: 'Aller au contenu',
    close: 'Fermer',
    cancel: 'Annuler',
    back: 'Retour',
    retry: 'Réessayer',
    language: 'English',
    languageLabel: 'Read Serment in English',
    demoMark: 'Démonstration, patients inventés',
    demoShort: 'Démonstration',
    notFound: 'Cette page n’existe pas.',
    toPatients: 'Voir les patients',
  },
  time: {
    onDay: 'le {{day}}',
    now: 'à l’instant',
    seconds: 'il y a {{count, number}} s',
    minutes: 'il y a {{count, number}} min',
    hours: 'il y a {{count, number}} h',
    days_one: 'hier',
    days_other: 'il y a {{count, number}} jours',
    years_one: '{{count, number}} an',
    years_other: '{{count, number}} ans',
    months_one: '{{count, number}} mois',
    months_other: '{{count, number}} mois',
    weeksOld_one: '{{count, number}} semaine',
    weeksOld_other: '{{count, number}} semaines',
    daysOld_one: '{{count, number}} jour',
    daysOld_other: '{{count, number}} jours',
    at: '{{day}} à {{time}}',
    through: '{{day}} inclus',
  },
  size: {
    bytes_one: '{{count, number}} octet',
    bytes_other: '{{count, number}} octets',
    kilobytes: '{{count, number}} Ko',
    megabytes: '{{count, number}} Mo',
  },
  error: {
    title: 'Cela n’a pas abouti',
    UNREACHABLE: 'L’hébergeur ne répond pas. Rien n’est perdu : vérifiez la connexion, puis réessayez.',
    SERVER_FAILED: 'L’hébergeur a rencontré une erreur. Rien n’est perdu : réessayez dans un instant.',
    AUTHOR_HELD:
      'Cet appareil est retenu jusqu’à ce qu’un membre du cabinet dise que c’était voulu. Ce que vous écrivez est gardé ici.',
    SERVER_REFUSED: 'L’hébergeur a refusé cette demande. Rien n’a été changé.',
    SESSION_REFUSED:
      'L’hébergeur ne reconnaît pas cet appareil. Vos dossiers sont intacts ; le kit de secours peut l’ajouter de nouveau.',
    SESSION_CLOSED:
      'La session de cet appareil a été fermée depuis un autre. Rien n’est perdu : déverrouillez pour reprendre.',
    ANSWER_INVALID: 'La réponse ne vient pas d’un hébergeur de Serment, ou elle a été altérée. Rien n’en a été gardé.',
    PASSWORD_WRONG: 'Ce n’est pas le bon mot de passe.',
    THROTTLED: 'Trop d’essais. Attendez une minute, puis réessayez.',
    THROTTLED_FOR_one: 'Trop d’essais. Réessayez dans {{count, number}} minute, ou entrez autrement.',
    THROTTLED_FOR_other: 'Trop d’essais. Réessayez dans {{count, number}} minutes, ou entrez autrement.',
    CODE_WRONG: 'Ce n’est pas ce code.',
    CODE_WRONG_LEFT_one: 'Ce n’est pas ce code. Il reste {{count, number}} essai.',
    CODE_WRONG_LEFT_other: 'Ce n’est pas ce code. Il reste {{count, number}} essais.',
    CODE_EXPIRED: 'Ce code n’est plus valable. Demandez-en un autre.',
    CODE_SPENT: 'Trop de codes faux : celui-ci ne sert plus. Demandez-en un autre.',
    FACTOR_MISSING:
      'Ce mot de passe n’a jamais eu de second facteur : il n’ouvre rien. Le kit de secours ajoute cet appareil de nouveau.',
    PASSKEY_REFUSED: 'Cette clé d’accès n’est pas celle qui était attendue. Rien n’a été ouvert ; réessayez.',
    GATE_CLOSED:
      'Première ouverture de la journée : le mot de passe et un code sont demandés une fois, puis le code PIN suffira.',
    PIN_BLOCKED:
      'Cinq codes PIN faux : il ne sert plus. Votre mot de passe ouvre toujours ; vous choisirez ensuite un autre code.',
    PASSWORD_WEAK:
      'Ce mot de passe est trop court ou trop courant pour ouvrir hors ligne. Changez-le d’abord pour quatre ou cinq mots sans rapport entre eux.',
    OFFLINE_STALE:
      'Cet appareil n’a rien reçu de l’hébergeur depuis trente jours, ou son horloge a changé : sans lui, il ne s’ouvre plus par mot de passe. Rien n’est perdu : retrouvez une connexion, puis déverrouillez.',
    MEMORY_SHORT:
      'Cet appareil n’a pas assez de mémoire libre pour vérifier le mot de passe hors ligne. Fermez d’autres pages ou applications, puis réessayez.',
    SAVES_WAITING_one:
      '{{count, number}} écrit de cette personne, ou trace d’un dossier ouvert, attend encore ici et n’est nulle part ailleurs. Qu’elle se déverrouille une fois en ligne : il partira, puis vous pourrez la retirer.',
    SAVES_WAITING_other:
      '{{count, number}} écrits de cette personne, ou traces de dossiers ouverts, attendent encore ici et ne sont nulle part ailleurs. Qu’elle se déverrouille une fois en ligne : ils partiront, puis vous pourrez la retirer.',
    VAULT_RESTORED:
      'Ce coffre a été restauré : un médecin le confirme d’abord, à la page Coffre. Rien n’a été fait ; ce que vous écrivez reste scellé ici, et partira ensuite.',
    SMS_FAILED: 'Le SMS n’est pas parti. Réessayez dans un instant, ou entrez autrement.',
    PASSKEY_ABSENT:
      'Aucune clé d’accès n’a été donnée : le geste a été annulé, ou cet appareil n’a pas de clé de Serment. Réessayez, ou prenez un autre appareil ouvert ou le kit de secours.',
    PASSKEY_INVALID:
      'Cette clé d’accès n’ouvre que l’appareil où elle a été faite. Prenez un autre appareil ouvert, ou le kit de secours.',
    PASSKEY_WRONG:
      'Cette clé d’accès est celle d’un cabinet que cet hébergeur ne tient pas. Vérifiez l’adresse de cette page.',
    PASSKEY_UNKNOWN:
      'Cette clé d’accès n’a jamais été inscrite dans ce cabinet. Prenez-en une autre, un autre appareil ouvert, ou le kit de secours.',
    PASSKEY_WITHDRAWN:
      'Cette clé d’accès a été retirée : elle n’ajoute plus d’appareil. Effacez-la des réglages de votre téléphone ou ordinateur.',
    PASSKEY_CANCELLED: 'La clé d’accès n’a pas été donnée. Réessayez, ou utilisez le mot de passe.',
    PASSKEY_UNFIT:
      'Cette clé d’accès ne sait pas ouvrir un coffre chiffré. Essayez celle d’un autre appareil, ou gardez le mot de passe.',
    SEALED_INVALID: 'Cette clé d’accès n’ouvre pas ce cabinet sur cet appareil.',
    ATTEMPT_UNKNOWN: 'Cette vérification a trop attendu, ou venait d’ailleurs. Recommencez.',
    IDENTITY_MISMATCH: 'Cette carte est celle d’une autre personne. Rien n’a été ouvert.',
    WINDOW_BLOCKED: 'Le navigateur a bloqué la fenêtre. Autorisez les fenêtres de ce site, puis recommencez.',
    CARD_MISSING: 'Aucune carte n’a été lue. Insérez-la, puis recommencez.',
    CARD_MALFORMED: 'Ce certificat n’est pas celui d’une carte CPS.',
    CARD_AUTHORITY_UNKNOWN: 'Cette carte ne vient pas d’une autorité que cet hébergeur connaît.',
    CARD_WEAK: 'Cette carte emploie un chiffrement trop faible.',
    CARD_NOT_YET_VALID: 'Cette carte n’est pas encore valable.',
    CARD_EXPIRED: 'Cette carte est périmée. Entrez autrement, et demandez-en une autre.',
    CARD_PURPOSE: 'Ce certificat de la carte ne sert pas à s’identifier : choisissez celui d’authentification.',
    CARD_SUBJECT: 'Cette carte ne porte pas de numéro RPPS lisible.',
    CARD_REVOKED: 'Cette carte a été mise en opposition.',
    CARD_REVOCATION_UNKNOWN:
      'L’état de cette carte ne peut pas être vérifié pour l’instant. Entrez autrement, ou réessayez plus tard.',
    PSC_OFF: 'Cet hébergeur ne propose pas Pro Santé Connect.',
    PSC_DOWN: 'Pro Santé Connect ne répond pas. Entrez autrement, ou réessayez plus tard.',
    PSC_REFUSED: 'L’identification a été annulée dans Pro Santé Connect.',
    PSC_STATE: 'La réponse de Pro Santé Connect ne vient pas de cette fenêtre. Recommencez.',
    PSC_TOKEN: 'La réponse de Pro Santé Connect n’est pas valable. Rien n’a été ouvert.',
    PSC_ACR: 'Pro Santé Connect n’a pas vérifié assez fortement. Utilisez la carte ou l’application e-CPS.',
    PSC_IDENTITY: 'Pro Santé Connect n’a pas donné de numéro RPPS lisible.',
    ORIGIN_FORBIDDEN: 'Cette demande venait d’un autre site. Rien n’a été ouvert.',
    WAY_UNKNOWN: 'Cette façon d’entrer n’est pas réglée sur cet appareil.',
    HOLDER_REVOKED: 'Cet appareil a été révoqué par un membre du cabinet.',
    HOLDER_FROZEN: 'Cet accès a été gelé par un membre du cabinet. Rien n’est perdu : un médecin peut le dégeler.',
    ACCESS_EARLY: 'Votre accès commence le {{start}}. Revenez ce jour-là : rien d’autre n’est à faire.',
    ACCESS_OVER_AT: 'Votre accès a pris fin le {{end}}. Un médecin du cabinet peut changer les dates.',
    INVITATION_EXPIRED: 'Votre accès a pris fin. Un médecin du cabinet peut changer les dates.',
    KIT_INVALID_GROUP:
      'Le groupe {{group}} n’est pas celui d’un kit : cinq lettres ou chiffres, jamais de U. Relisez-le sur la feuille.',
    KIT_CHECKSUM_GROUP: 'Le kit comporte une faute de frappe, sans doute dans le groupe {{group}}.',
    KIT_WITHDRAWN_MARK:
      'Le kit {{testValue}} a été retiré : il n’ouvre plus rien. Prenez celui qui l’a remplacé, et détruisez cette feuille.',
    FORMAT_UNKNOWN: 'Ceci vient d’une version plus récente de Serment. Rechargez la page, puis réessayez.',
    HOLDER_UNKNOWN: 'Cet appareil n’est pas de ce cabinet.',
    HOST_LIES:
      'L’hébergeur se contredit : ce qu’il montre ne prolonge pas ce que cet appareil avait vérifié. Rien n’en a été pris.',
    CACHE_FAILED:
      'Le navigateur n’a pas pu garder ceci sur l’appareil. Le texte est encore à l’écran : libérez de la place, puis réessayez.',
    COMPARTMENT_CLOSED: 'Vos droits n’ouvrent pas cette partie du coffre.',
    SAVE_INVALID: 'Rien ne peut être écrit pour l’instant.',
    SAVE_RESTORED:
      'Le coffre a été restauré depuis une copie : rien ne s’enregistre avant qu’un médecin le confirme, dans « Mon coffre ». Ce que vous avez tapé est gardé.',
    CLOSED: 'Le cabinet est verrouillé.',
    UNEXPECTED: 'Une erreur inattendue s’est produite. Ce qui était enregistré l’est toujours.',
  },
  fault: {
    title: 'Cette page n’a pas pu s’afficher',
    detail:
      'Ce qui était enregistré l’est toujours, et ce qui était tapé est scellé sur cet appareil. Rechargez la page ; si cela revient, dites-le à l’éditeur.',
    reload: 'Recharger',
  },
} as const;
