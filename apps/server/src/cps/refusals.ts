import type { Language } from '@serment/core/wire/factor';
import type { ServerCode } from '../error.ts';

/** What a person is told of one refusal. */
export interface Refusal {
  readonly title: string;
  readonly happened: string;
  readonly todo: string;
}

export type RefusalCode = Extract<
  ServerCode,
  `CARD_${string}` | 'ATTEMPT_UNKNOWN' | 'THROTTLED' | 'NOT_FOUND' | 'INTERNAL'
>;

export const refusals: Readonly<Record<RefusalCode, Readonly<Record<Language, Refusal>>>> = {
  CARD_MISSING: {
    fr: {
      title: 'Aucune carte n’a été présentée',
      happened: 'Le navigateur n’a présenté aucune carte CPS.',
      todo: 'Insérez la carte dans le lecteur, puis recommencez. Si le navigateur ne demande pas de choisir un certificat, fermez toutes ses fenêtres et rouvrez-le : il se souvient d’avoir répondu sans carte.',
    },
    en: {
      title: 'No card was presented',
      happened: 'The browser presented no CPS card.',
      todo: 'Insert the card in its reader and begin again. If the browser does not ask to choose a certificate, close all of its windows and reopen it: it remembers having answered without a card.',
    },
  },
  CARD_MALFORMED: {
    fr: {
      title: 'Le certificat n’a pas pu être lu',
      happened: 'Ce que le navigateur a présenté n’a pas la forme d’un certificat de carte.',
      todo: 'Recommencez en choisissant le certificat d’authentification de votre carte CPS. Si cela se répète, faites vérifier la carte par l’Agence du numérique en santé.',
    },
    en: {
      title: 'The certificate could not be read',
      happened: 'What the browser presented does not have the form of a card’s certificate.',
      todo: 'Begin again and choose the authentication certificate of your CPS card. If it happens again, have the card checked by the Agence du numérique en santé.',
    },
  },
  CARD_AUTHORITY_UNKNOWN: {
    fr: {
      title: 'Ce certificat ne vient pas d’une carte reconnue ici',
      happened: 'Aucune autorité de cartes connue de cet hébergeur ne garantit ce certificat.',
      todo: 'Recommencez en choisissant le certificat de votre carte CPS, et non un autre certificat de l’ordinateur. Si c’était bien le sien, prévenez votre hébergeur : il lui manque peut-être l’autorité de votre carte.',
    },
    en: {
      title: 'This certificate is not from a card recognised here',
      happened: 'No card authority known to this host vouches for this certificate.',
      todo: 'Begin again and choose the certificate of your CPS card, not another one of the computer. If it was the card’s, tell your host: the authority of your card may be missing there.',
    },
  },
  CARD_WEAK: {
    fr: {
      title: 'Cette carte est trop ancienne',
      happened: 'Son certificat repose sur un procédé qui n’est plus sûr.',
      todo: 'Demandez le renouvellement de la carte à l’Agence du numérique en santé. En attendant, utilisez un autre moyen de déverrouiller.',
    },
    en: {
      title: 'This card is too old',
      happened: 'Its certificate rests on a method that is no longer safe.',
      todo: 'Ask the Agence du numérique en santé for a new card. Meanwhile, unlock by another means.',
    },
  },
  CARD_NOT_YET_VALID: {
    fr: {
      title: 'Cette carte n’est pas encore valable',
      happened: 'La date de début de son certificat n’est pas atteinte.',
      todo: 'Si la carte est neuve, utilisez l’ancienne jusqu’à cette date, ou un autre moyen de déverrouiller.',
    },
    en: {
      title: 'This card is not valid yet',
      happened: 'The first day of its certificate has not come.',
      todo: 'If the card is new, use the one before it until that day, or unlock by another means.',
    },
  },
  CARD_EXPIRED: {
    fr: {
      title: 'Cette carte n’est plus valable',
      happened: 'La date de fin de son certificat est passée.',
      todo: 'Utilisez la carte qui la remplace, ou un autre moyen de déverrouiller.',
    },
    en: {
      title: 'This card has expired',
      happened: 'The last day of its certificate is past.',
      todo: 'Use the card that replaces it, or unlock by another means.',
    },
  },
  CARD_PURPOSE: {
    fr: {
      title: 'Ce n’est pas le certificat d’authentification',
      happened: 'Une carte porte deux certificats : celui qui a été choisi sert à signer, ou à un autre usage.',
      todo: 'Recommencez en choisissant l’autre certificat de la carte, celui d’authentification. Si le navigateur ne demande rien, fermez toutes ses fenêtres d’abord.',
    },
    en: {
      title: 'This is not the authentication certificate',
      happened: 'A card carries two certificates: the one chosen serves to sign, or for something else.',
      todo: 'Begin again and choose the card’s other certificate, the one for authentication. If the browser asks nothing, close all of its windows first.',
    },
  },
  CARD_SUBJECT: {
    fr: {
      title: 'Cette carte n’est pas celle d’un professionnel inscrit au RPPS',
      happened: 'Son certificat n’indique pas de numéro RPPS, ou pas de profession.',
      todo: 'Utilisez votre carte CPS personnelle. Les cartes d’établissement et de personnel n’ouvrent pas de coffre.',
    },
    en: {
      title: 'This is not the card of a professional of the RPPS',
      happened: 'Its certificate gives no RPPS number, or no profession.',
      todo: 'Use your own CPS card. Cards of organisations and of staff open no vault.',
    },
  },
  CARD_REVOKED: {
    fr: {
      title: 'Cette carte a été mise en opposition',
      happened: 'L’autorité qui l’a émise l’a révoquée, ou a été révoquée elle-même.',
      todo: 'Utilisez la carte qui la remplace. Si vous n’avez pas demandé cette opposition, appelez l’Agence du numérique en santé.',
    },
    en: {
      title: 'This card has been revoked',
      happened: 'The authority that issued it has revoked it, or was revoked itself.',
      todo: 'Use the card that replaces it. If you did not ask for that, call the Agence du numérique en santé.',
    },
  },
  CARD_REVOCATION_UNKNOWN: {
    fr: {
      title: 'La validité de la carte n’a pas pu être vérifiée',
      happened: 'Le service qui dit si une carte est en opposition n’a pas donné de réponse sûre.',
      todo: 'Recommencez dans quelques minutes, ou utilisez un autre moyen de déverrouiller. Si cela dure, prévenez votre hébergeur. La carte elle-même n’est pas en cause.',
    },
    en: {
      title: 'Whether the card is still valid could not be checked',
      happened: 'The service that says whether a card is revoked gave no answer to rely on.',
      todo: 'Begin again in a few minutes, or unlock by another means. If it lasts, tell your host. Nothing is wrong with the card itself.',
    },
  },
  ATTEMPT_UNKNOWN: {
    fr: {
      title: 'Cette demande n’est plus attendue',
      happened: 'La demande a plus de cinq minutes, ou elle a déjà servi.',
      todo: 'Revenez à Serment et recommencez. Si vous n’avez rien demandé, fermez cette fenêtre.',
    },
    en: {
      title: 'This request is no longer waited for',
      happened: 'The request is more than five minutes old, or has served already.',
      todo: 'Go back to Serment and begin again. If you asked for nothing, close this window.',
    },
  },
  THROTTLED: {
    fr: {
      title: 'Trop d’essais',
      happened: 'Trop de cartes ont été présentées depuis cette adresse.',
      todo: 'Attendez une minute, puis recommencez.',
    },
    en: {
      title: 'Too many tries',
      happened: 'Too many cards were presented from this address.',
      todo: 'Wait a minute, then begin again.',
    },
  },
  NOT_FOUND: {
    fr: {
      title: 'Cette adresse n’existe pas',
      happened: 'Ce service ne fait que vérifier une carte CPS, à la demande de Serment.',
      todo: 'Revenez à Serment.',
    },
    en: {
      title: 'There is nothing at this address',
      happened: 'This service does nothing but check a CPS card, when Serment asks.',
      todo: 'Go back to Serment.',
    },
  },
  INTERNAL: {
    fr: {
      title: 'La vérification a échoué',
      happened: 'Le service a rencontré une erreur qui n’était pas prévue.',
      todo: 'Recommencez. Si cela se répète, prévenez votre hébergeur.',
    },
    en: {
      title: 'The check failed',
      happened: 'The service met an error that was not expected.',
      todo: 'Begin again. If it happens again, tell your host.',
    },
  },
};
