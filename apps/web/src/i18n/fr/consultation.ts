/** Measures as one line calls them; the full names stand in the records. */
const measure = {
  weight: 'Poids',
  height: 'Taille',
  length: 'Taille couchée',
  standingHeight: 'Taille debout',
  bmi: 'IMC',
  headCircumference: 'PC',
  waist: 'Tour de taille',
  bloodPressure: 'TA',
  pulse: 'Pouls',
  temperature: 'T°',
  saturation: 'SpO2',
  respiratoryRate: 'FR',
  pain: 'Douleur',
  capillaryGlucose: 'Glycémie',
  peakFlow: 'DEP',
  uterineHeight: 'HU',
};

export const consultation = {
  consultation: {
    opening: 'Ouverture de la consultation…',
    sign: 'Signer',
    signing: 'Signature…',
    signingIn_one: 'Signature dans {{count}} seconde',
    signingIn_other: 'Signature dans {{count}} secondes',
    cancelSigning: 'Annuler',
    signed: 'signé {{when}}',
    isSigned: 'signée',
    signedConflict:
      'Une consultation signée ne se change pas. Une autre version en est arrivée d’un autre appareil : gardez celle qui est signée, un addendum la complète.',
    acts: 'Actes',
    another: '{{what}}, ligne de plus',
    moreMeasures: 'autres mesures',
    moved: '{{difference}} depuis {{when}}',
    implausible: '{{measure}} : valeur inhabituelle, à relire. Elle sera gardée telle quelle.',
    unreadable: '{{measure}} : valeur illisible. Exemple : {{example}}',
    notSaved: 'Rien n’est perdu, et rien n’est enregistré : corrigez ou effacez {{measures}}.',
    place: 'Lieu',
    places: { practice: 'au cabinet', home: 'à domicile', remote: 'à distance' },
    /** Proposed as one types, separated by " ; ". */
    commonActs:
      'Électrocardiogramme ; Bandelette urinaire ; Test rapide d’orientation diagnostique ; Spirométrie ; Frottis cervico-utérin ; Suture de plaie ; Ablation de points ; Pansement ; Infiltration ; Injection intramusculaire ; Ablation de bouchon de cérumen ; Pose d’implant contraceptif ; Pose de dispositif intra-utérin',
    measure,
  },
} as const;
