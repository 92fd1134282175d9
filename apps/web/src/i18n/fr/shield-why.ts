/** Why the shield says what it says, and the one thing to do: behind its button. */
export const shieldWhy = {
  shieldWhy: {
    why: {
      'host-lies':
        'Ce qu’il montre ne prolonge pas ce que cet appareil avait vérifié. Rien n’en a été pris. N’effacez rien, et appelez l’éditeur.',
      'mass-noise':
        'Il a remplacé en quelques minutes ce que disent des dizaines de dossiers, comme le ferait un virus. Rien n’est perdu : chaque version d’avant est gardée. Gelez cet appareil, puis remontez le temps.',
      'mass-change':
        'Il retire ou réécrit des fiches bien plus vite qu’à la main. Si quelqu’un du cabinet l’a voulu, dites-le ; sinon gelez cet appareil et remontez le temps : tout se rétablit.',
      'damaged-copy':
        'La dernière vérification y a trouvé des différences. Le coffre de l’hébergeur, lui, est vérifié par cet appareil.',
      'drill-failed':
        'La dernière restauration d’essai y a trouvé des différences. Le coffre de l’hébergeur, lui, est vérifié par cet appareil. Prévenez l’hébergeur.',
      'reread-failed':
        'Un appareil du cabinet y a relu des écrits et des documents tirés au sort : l’un manque, diffère ou ne s’ouvre pas. « Mon coffre » dit où.',
      findings: 'Des écritures ne passent pas la vérification. Elles sont mises à l’écart et montrées, jamais cachées.',
      refused: 'Ils sont encore sur cet appareil. Ouvrez le coffre pour savoir pourquoi.',
      restored:
        'L’hébergeur a rendu le coffre depuis une copie. Rien ne s’enregistre avant qu’un médecin du cabinet le confirme ; les brouillons sont gardés.',
      offline:
        'Vous pouvez continuer : ce que vous écrivez est scellé sur cet appareil et partira dès le retour du réseau.',
      'host-failing':
        'L’hébergeur répond par des erreurs : ce n’est pas votre réseau. Vous pouvez continuer, ce que vous écrivez est scellé sur cet appareil et partira dès qu’il sera rétabli.',
      unknown: 'Cet appareil vérifie le journal, et vos façons d’entrer.',
      'kit-used':
        'Quelqu’un est entré, ou a lu le coffre, avec un kit de secours. « Mon coffre » dit lequel et quand. Un kit qui a servi se remplace ; si personne du cabinet ne s’en est servi, un médecin le retire tout de suite.',
      'no-copy': 'Le coffre n’existe que chez l’hébergeur. Demandez-lui une copie ailleurs.',
      'copy-failing': 'Elle n’est plus tenue à jour. Prévenez l’hébergeur.',
      'copy-late': 'Ce qui vient d’être écrit est durable chez l’hébergeur, et n’est pas encore copié.',
      'disk-full':
        'Encore quelques jours à ce rythme, et l’hébergeur ne prendrait plus d’enregistrement ; ceux qui sont faits sont gardés. Demandez-lui quand il aura fait de la place.',
      'certificate-ends':
        'Ce qui prouve que cette adresse est la sienne prend fin dans quelques jours : les navigateurs la refuseraient. Demandez-lui de renouveler son certificat.',
      'lock-short':
        'Ce qui empêche d’effacer cette copie n’est plus prolongé. Elle est toujours là ; prévenez l’hébergeur avant que cette protection ne finisse.',
      'this-held':
        'Rien de ce qu’il écrit n’est pris pour l’instant ; c’est gardé ici, scellé. Un autre appareil du cabinet, ou votre mot de passe et votre second facteur, le laisse reprendre.',
      'device-held':
        'Rien n’en est pris jusqu’à ce que quelqu’un dise que c’était voulu. Si c’était vous, dites-le ; sinon gelez-le, et voyez ce qu’il a écrit.',
      'read-much':
        'L’hébergeur a vu un appareil lire bien plus de dossiers en une heure que d’habitude. Un export, ou une recherche dans tous les dossiers, fait cela. Si personne ne l’a voulu, arrêtez cet appareil.',
      'wrote-much':
        'L’hébergeur a vu un appareil écrire bien plus en une heure que d’habitude. Un import fait cela. Si personne ne l’a voulu, arrêtez cet appareil : ce qu’il a écrit se reprend en une fois.',
      'restricted-much':
        'L’hébergeur a vu un appareil restreindre beaucoup de dossiers en une heure. Si personne ne l’a voulu, arrêtez cet appareil ; un médecin nommé lève ces restrictions.',
      'came-back':
        'Un appareil ou un kit que le cabinet a retiré a demandé à entrer, et a été refusé. Quelqu’un s’en sert encore : vérifiez que rien d’autre de cette personne n’est resté ouvert.',
      'other-history':
        'Un appareil ou un témoin a vérifié un autre journal que celui de l’hébergeur. N’effacez rien, et appelez l’hébergeur puis l’éditeur.',
      'no-kit':
        'Si tous les appareils étaient perdus, personne ne pourrait rouvrir le cabinet, pas même l’hébergeur. Un kit se fait en une minute.',
      'same-disk':
        'Elle protège d’une fausse manœuvre, pas de la perte du disque. Demandez à l’hébergeur une seconde copie sur un autre disque, mieux encore en un autre lieu.',
      'drill-late':
        'La copie est à jour, mais rien ne prouve depuis plus d’un jour et demi qu’elle rendrait le coffre. Lancez une restauration d’essai, ou prévenez l’hébergeur.',
      'witness-wrong':
        'Ce que l’hébergeur rapporte du témoin ne va pas avec le journal que cet appareil a vérifié : il a pu montrer deux histoires. Continuez, n’effacez rien, et appelez votre témoin.',
      'witness-late':
        'Votre témoin n’a pas vu le journal depuis plus d’un jour et demi. Vos dossiers ne risquent rien de ce fait. Prévenez-le, ou l’hébergeur.',
      'reread-late':
        'Depuis plus de deux semaines, aucun appareil du cabinet n’a ouvert ce que tiennent les copies. Cela se fait de soi-même, quand un appareil est ouvert et libre, ou d’un bouton.',
      copied: 'Une copie tient tout. Elle n’a pas encore été relue.',
      'verified-late': 'La copie est à jour, mais n’a pas été relue depuis plus d’un jour.',
      'one-way':
        'Vos dossiers sont copiés et vérifiés. Mais si votre seule façon d’entrer se perd, il ne restera que le kit de secours : ajoutez un autre appareil, une clé d’accès ou votre carte.',
      verified:
        'Une copie, hors du disque de l’hébergeur, tient tout ce qui est écrit ; elle a été relue sans différence.',
      proven:
        'Une copie, hors du disque de l’hébergeur, a été restaurée seule dans une base vide, puis comparée au coffre, sans différence.',
    },
    action: {
      ways: 'Mes façons d’entrer',
      vault: 'Voir le coffre',
      refused: 'Voir le coffre',
      restored: 'Voir ce qui manque',
      retry: 'Réessayer maintenant',
      kit: 'Faire un nouveau kit',
      held: 'Voir quoi faire',
      members: 'Voir cet appareil',
      rewind: 'Voir ce qui a été écrit',
    },
  },
} as const;
