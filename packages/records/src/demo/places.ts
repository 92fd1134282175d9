/** A French commune (or a country, 99xxx) by its official geographic code, as the NIR uses it. */
export interface Place {
  readonly code: string;
  readonly name: string;
  readonly weight: number;
}

export interface Town extends Place {
  readonly postalCode: string;
}

/** Where the patients of the invented practice live. */
export const towns: readonly Town[] = [
  { code: '69264', name: 'Villefranche-sur-Saône', postalCode: '69400', weight: 46 },
  { code: '69092', name: 'Gleizé', postalCode: '69400', weight: 14 },
  { code: '69115', name: 'Limas', postalCode: '69400', weight: 9 },
  { code: '69013', name: 'Arnas', postalCode: '69400', weight: 7 },
  { code: '01194', name: 'Jassans-Riottier', postalCode: '01480', weight: 9 },
  { code: '69009', name: 'Anse', postalCode: '69480', weight: 6 },
  { code: '69019', name: 'Belleville-en-Beaujolais', postalCode: '69220', weight: 4 },
  { code: '69074', name: 'Denicé', postalCode: '69640', weight: 3 },
  { code: '69105', name: 'Lacenas', postalCode: '69640', weight: 2 },
];

export const frenchBirthPlaces: readonly Place[] = [
  ['69092', 'Gleizé', 70],
  ['69264', 'Villefranche-sur-Saône', 50],
  ['69384', 'Lyon 4e Arrondissement', 14],
  ['69383', 'Lyon 3e Arrondissement', 12],
  ['69388', 'Lyon 8e Arrondissement', 10],
  ['71270', 'Mâcon', 14],
  ['01053', 'Bourg-en-Bresse', 8],
  ['42187', 'Roanne', 6],
  ['42218', 'Saint-Étienne', 6],
  ['38185', 'Grenoble', 4],
  ['75114', 'Paris 14e Arrondissement', 4],
  ['75112', 'Paris 12e Arrondissement', 3],
  ['13205', 'Marseille 5e Arrondissement', 3],
  ['59350', 'Lille', 3],
  ['29019', 'Brest', 2],
  ['35238', 'Rennes', 2],
  ['44109', 'Nantes', 2],
  ['33063', 'Bordeaux', 2],
  ['31555', 'Toulouse', 2],
  ['67482', 'Strasbourg', 2],
  ['54395', 'Nancy', 2],
  ['21231', 'Dijon', 4],
  ['63113', 'Clermont-Ferrand', 3],
  ['34172', 'Montpellier', 2],
  ['06088', 'Nice', 1],
  ['66136', 'Perpignan', 1],
  ['87085', 'Limoges', 1],
  ['37261', 'Tours', 1],
  ['76540', 'Rouen', 1],
  ['14118', 'Caen', 1],
  ['80021', 'Amiens', 1],
  ['51454', 'Reims', 1],
  ['25056', 'Besançon', 2],
  ['26362', 'Valence', 3],
  ['74010', 'Annecy', 2],
  ['73065', 'Chambéry', 2],
  ['93066', 'Saint-Denis', 2],
  ['94028', 'Créteil', 1],
  ['2B033', 'Bastia', 2],
  ['2A004', 'Ajaccio', 2],
].map(place);

export const islandBirthPlaces: readonly Place[] = [
  ['97120', 'Pointe-à-Pitre', 3],
  ['97209', 'Fort-de-France', 3],
  ['97411', 'Saint-Denis', 3],
  ['97302', 'Cayenne', 1],
].map(place);

const country = (code: string, name: string, weight = 1): Place => ({ code, name, weight });

/** Countries of birth by family origin. */
export const countries = {
  maghreb: [country('99352', 'Algérie', 5), country('99350', 'Maroc', 4), country('99351', 'Tunisie', 3)],
  portugal: [country('99139', 'Portugal')],
  italy: [country('99127', 'Italie')],
  spain: [country('99134', 'Espagne')],
  westAfrica: [
    country('99341', 'Sénégal', 3),
    country('99335', 'Mali', 3),
    country('99330', 'Guinée', 3),
    country('99326', 'Côte d’Ivoire', 3),
  ],
  centralAfrica: [
    country('99312', 'République démocratique du Congo', 3),
    country('99324', 'Congo', 2),
    country('99322', 'Cameroun', 3),
  ],
  asia: [
    country('99243', 'Viêt Nam', 3),
    country('99216', 'Chine', 3),
    country('99234', 'Cambodge', 2),
    country('99223', 'Inde', 1),
  ],
  turkey: [country('99208', 'Turquie')],
  east: [country('99122', 'Pologne', 3), country('99114', 'Roumanie', 3), country('99155', 'Ukraine', 2)],
} as const satisfies Readonly<Record<string, readonly Place[]>>;

export const streets: readonly string[] = [
  'rue Nationale',
  'rue de Thizy',
  'rue de la Gare',
  'rue Victor-Hugo',
  'rue Pierre-Morin',
  'boulevard Jean-Jaurès',
  'rue des Jardiniers',
  'rue de Belleville',
  'avenue de la Plage',
  'rue du Collège',
  'chemin des Vignes',
  'impasse des Lilas',
  'allée des Cerisiers',
  'route de Tarare',
  'rue des Écoles',
  'place des Arts',
  'rue Antoine-de-Saint-Exupéry',
  'rue Boiron',
  'chemin du Bois',
  'rue de l’Écluse',
  'allée du Grand-Pré',
  'rue Paul-Bert',
  'montée de l’Église',
  'rue Claude-Bernard',
];

function place(row: readonly (string | number)[]): Place {
  return { code: String(row[0]), name: String(row[1]), weight: Number(row[2]) };
}
