/** Of a long-term condition: its name in the law, and one short enough for a line. */
export interface AldName {
  readonly short: string;
  readonly title: string;
}

/**
 * The numbers of long-term conditions (affections de longue durée): 1 to 30 are the list of article D. 160-4 of the code
 * de la sécurité sociale, where 12 was taken off in 2011 and goes on for those who had it; 31 is outside the list, 32
 * several conditions together (article L. 160-14, 4°).
 */
export const aldList: ReadonlyMap<number, AldName> = new Map(
  (
    [
      ['AVC invalidant', 'Accident vasculaire cérébral invalidant'],
      ['Cytopénie chronique', 'Insuffisances médullaires et autres cytopénies chroniques'],
      ['Artériopathie', 'Artériopathies chroniques avec manifestations ischémiques'],
      ['Bilharziose compliquée', 'Bilharziose compliquée'],
      [
        'Cardiopathie grave',
        'Insuffisance cardiaque grave, troubles du rythme graves, cardiopathies valvulaires graves, cardiopathies congénitales graves',
      ],
      ['Maladie du foie', 'Maladies chroniques actives du foie et cirrhoses'],
      [
        'Déficit immunitaire, VIH',
        'Déficit immunitaire primitif grave nécessitant un traitement prolongé, infection par le virus de l’immunodéficience humaine',
      ],
      ['Diabète', 'Diabète de type 1 et diabète de type 2'],
      [
        'Affection neurologique grave',
        'Formes graves des affections neurologiques et musculaires (dont myopathie), épilepsie grave',
      ],
      [
        'Hémoglobinopathie, hémolyse',
        'Hémoglobinopathies, hémolyses, chroniques constitutionnelles et acquises sévères',
      ],
      ['Trouble de l’hémostase', 'Hémophilies et affections constitutionnelles de l’hémostase graves'],
      ['Hypertension artérielle sévère', 'Hypertension artérielle sévère (avant juin 2011)'],
      ['Maladie coronaire', 'Maladie coronaire'],
      ['Insuffisance respiratoire', 'Insuffisance respiratoire chronique grave'],
      ['Alzheimer, démence', 'Maladie d’Alzheimer et autres démences'],
      ['Maladie de Parkinson', 'Maladie de Parkinson'],
      [
        'Maladie métabolique héréditaire',
        'Maladies métaboliques héréditaires nécessitant un traitement prolongé spécialisé',
      ],
      ['Mucoviscidose', 'Mucoviscidose'],
      ['Néphropathie', 'Néphropathie chronique grave et syndrome néphrotique primitif'],
      ['Paraplégie', 'Paraplégie'],
      ['Vascularite, lupus, sclérodermie', 'Vascularites, lupus érythémateux systémique, sclérodermie systémique'],
      ['Polyarthrite rhumatoïde', 'Polyarthrite rhumatoïde évolutive'],
      ['Affection psychiatrique', 'Affections psychiatriques de longue durée'],
      ['RCH, Crohn', 'Rectocolite hémorragique et maladie de Crohn évolutives'],
      ['Sclérose en plaques', 'Sclérose en plaques'],
      [
        'Scoliose évolutive',
        'Scoliose idiopathique structurale évolutive (dont l’angle est égal ou supérieur à 25 degrés) jusqu’à maturation rachidienne',
      ],
      ['Spondylarthrite', 'Spondylarthrite grave'],
      ['Transplantation', 'Suites de transplantation d’organe'],
      ['Tuberculose, lèpre', 'Tuberculose active, lèpre'],
      ['Tumeur maligne', 'Tumeur maligne, affection maligne du tissu lymphatique ou hématopoïétique'],
      ['hors liste', 'Hors liste : forme grave ou évolutive d’une autre affection'],
      ['polypathologie', 'Polypathologie invalidante'],
    ] as const
  ).map(([short, title], place) => [place + 1, { short, title }]),
);
