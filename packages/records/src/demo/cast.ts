import { addMonths, civil, type Day, dayOf } from './calendar.ts';
import { tellInesRights, tellRousseauRights, tellSantoroRights } from './cast-rights.ts';
import { tellChildhood } from './childhood.ts';
import { addVisit, type Measure, type Teller, tell } from './course.ts';
import { tellEverydayProblems } from './everyday.ts';
import { tellLife } from './life.ts';
import { bornYearsAgo, type Home, type Person } from './people.ts';
import { adultPhysiology } from './physiology.ts';
import { towns } from './places.ts';

/** The people of the product's own pictures: always the first patients, told by hand. */
export interface CastMember {
  readonly person: Person;
  readonly tell: (teller: Teller) => void;
}

const gleize = { code: '69092', name: 'Gleizé', weight: 1 };

function at(street: string, town: number, phone: string | null): Home {
  const found = towns[town] ?? towns[0];
  if (found === undefined) throw new RangeError('no town');
  return { street, town: found, phone };
}

const common = { usedFamily: null, birthPlace: gleize, origin: 'france', childBirths: [], email: null } as const;

export function inventCast(today: Day): readonly CastMember[] {
  const inesBirth = addMonths(today, -9);
  return [
    {
      person: {
        ...common,
        sex: 'female',
        birth: dayOf(1992, 3, 12),
        family: 'Lefèvre',
        usedFamily: 'Santoro',
        given: ['Élodie', 'Marie'],
        home: at('8 rue des Jardiniers', 0, null),
        mobile: '0639980112',
        email: 'elodie.santoro@courriel.example',
      },
      tell: tellSantoro,
    },
    {
      person: {
        ...common,
        sex: 'female',
        birth: bornYearsAgo(today, 29, 140),
        family: 'Diallo',
        given: ['Aminata'],
        origin: 'westAfrica',
        birthPlace: { code: '99330', name: 'Guinée', weight: 1 },
        home: at('31 boulevard Jean-Jaurès', 0, null),
        mobile: '0639980257',
        childBirths: [addMonths(today, 3)],
      },
      tell: tellDiallo,
    },
    {
      person: {
        ...common,
        sex: 'male',
        birth: bornYearsAgo(today, 46, 61),
        family: 'Le Goff',
        given: ['Yann', 'Pierre'],
        birthPlace: { code: '29019', name: 'Brest', weight: 1 },
        home: at('5 impasse des Lilas', 2, null),
        mobile: '0639980391',
        email: 'yann.legoff@courriel.example',
      },
      tell: tellLeGoff,
    },
    {
      person: {
        ...common,
        sex: 'male',
        birth: bornYearsAgo(today, 68, 212),
        family: 'Marchand',
        given: ['Paul-Émile', 'Jean'],
        home: at('44 route de Tarare', 1, '0465710448'),
        mobile: null,
      },
      tell: tellMarchand,
    },
    {
      person: {
        ...common,
        sex: 'female',
        birth: inesBirth,
        family: 'Benyahia',
        given: ['Inès', 'Leïla'],
        origin: 'maghreb',
        home: at('17 rue Pierre-Morin', 0, null),
        mobile: '0639980526',
      },
      tell: (teller) => {
        teller.course.allergies = 'not asked';
        tellInesRights(teller.course, today);
        tellChildhood(teller, 0.3);
        tellEverydayProblems(teller, null, 2.5);
      },
    },
    {
      person: {
        ...common,
        sex: 'female',
        birth: bornYearsAgo(today, 87, 349),
        family: 'Chapuis',
        usedFamily: 'Rousseau',
        given: ['Marguerite', 'Jeanne'],
        home: at('3 place des Arts', 0, '0465710683'),
        mobile: null,
      },
      tell: tellRousseau,
    },
    {
      person: {
        ...common,
        sex: 'male',
        birth: bornYearsAgo(today, 41, 97),
        family: 'Nguyen',
        given: ['Minh'],
        origin: 'asia',
        home: at('22 allée des Cerisiers', 5, null),
        mobile: '0639980745',
        email: 'minh.nguyen@courriel.example',
      },
      tell: (teller) => {
        tellLife(teller);
        teller.course.allergies = 'none known';
      },
    },
  ];
}

const dT2 = { code: 'E11.9', display: 'Diabète de type 2' };

function tellSantoro(teller: Teller): void {
  const { course, today } = teller;
  const year = civil(today).year;
  course.allergies = [
    { atc: 'J01C', substance: 'Pénicilline', kind: 'medication', reaction: 'Urticaire', since: '2011', severe: false },
  ];
  course.problems.push(
    { ...dT2, since: String(year - 5) },
    { code: 'O82.9', display: 'Césarienne', since: String(year - 7), until: String(year - 7) },
  );
  course.longTerm.set('metformin', null).set('hormonalIud', dayOf(year - 4, 3, 14));
  tellSantoroRights(course, today, dT2);
  const trend: readonly (readonly [number, number])[] = [
    [-1930, 8.1],
    [-1560, 7.5],
    [-1200, 7.1],
    [-840, 6.8],
    [-185, 6.9],
    [-11, 7.4],
  ];
  for (const [days, hba1c] of trend) {
    course.labs.push({
      day: today + days,
      results: [
        { kind: 'hba1c', value: hba1c },
        { kind: 'creatinine', value: days === -11 ? 62 : 60 },
      ],
    });
  }
  const measures = (systolic: number, diastolic: number, weight: number): Measure[] => [
    { kind: 'bloodPressure', value: systolic, second: diastolic },
    { kind: 'pulse', value: 72 },
    { kind: 'weight', value: weight },
  ];
  for (const [days, weight, hba1c] of [
    [-1010, 69.5, '7,1'],
    [-820, 68.6, '6,8'],
    [-560, 67.4, '6,8'],
  ] as const) {
    addVisit(teller, today + days, {
      title: 'Diabète équilibré, traitement poursuivi',
      reason: 'Suivi du diabète, résultats',
      history: `HbA1c ${hba1c} %. Pas d’hypoglycémie ressentie. Travail de nuit.`,
      exam: 'Pieds : monofilament 6/6 des deux côtés. Cœur régulier.',
      measures: [...measures(122, 74, weight), { kind: 'height', value: 166 }],
      conclusion: 'Diabète équilibré.',
      plan: 'Poursuite metformine. HbA1c dans 3 mois. Grippe à l’automne.',
      diagnosis: dT2,
      drugs: ['metformin'],
    });
  }
  addVisit(teller, today - 371, {
    minute: 9 * 60 + 45,
    doctor: 'morel',
    title: 'Lombalgie aiguë sans signe d’alerte',
    reason: 'Mal de dos',
    history: 'Après déménagement. Pas d’irradiation, pas de fièvre.',
    exam: 'Pas de déficit, Lasègue négatif. Contracture paravertébrale.',
    measures: measures(126, 76, 67),
    conclusion: 'Lombalgie aiguë sans signe d’alerte.',
    plan: 'Paracétamol, reprise d’activité conseillée.',
    diagnosis: { code: 'M54.5', display: 'Lombalgie' },
    drugs: ['paracetamol'],
  });
  course.vaccines.push({ vaccine: 'adultPertussis', day: today - 266, lot: 'K7421', site: 'LA' });
  addVisit(teller, today - 179, {
    minute: 10 * 60 + 28,
    title: 'Diabète équilibré, rétinographie demandée',
    doctor: 'vasseur',
    reason: 'Suivi du diabète',
    history: 'HbA1c 6,9 %. Pas d’hypoglycémie ressentie. Sommeil correct.',
    exam: 'Pieds normaux. Cœur régulier.',
    measures: [...measures(124, 74, 67.2), { kind: 'bmi', value: 24.4 }],
    conclusion: 'Diabète équilibré.',
    plan: 'Poursuite metformine 1 000 mg deux fois par jour. Rétinographie et bilan annuel prescrits.',
    diagnosis: dT2,
    drugs: ['metformin'],
  });
  for (const [days, title, from] of [
    [-384, 'Compte rendu de rétinographie', 'Centre ophtalmologique des Vignes'],
    [-392, 'Courrier au médecin du travail', 'Dr Claire Vasseur, Cabinet des Tilleuls'],
    [-398, 'Compte rendu de consultation de gynécologie', 'Dr Inès Caradec, gynécologie'],
    [-400, 'Courrier à l’ophtalmologue', 'Dr Claire Vasseur, Cabinet des Tilleuls'],
    [-402, 'Courrier de la diététicienne', 'Mme Nora Lemaire, diététicienne'],
    [-405, 'Courrier au gynécologue', 'Dr Claire Vasseur, Cabinet des Tilleuls'],
  ] as const) {
    course.letters.push({
      day: today + days,
      title,
      kind: title.startsWith('Courrier') ? 'letter' : 'report',
      mediaType: 'application/pdf',
      from,
      body: [
        'Mme Élodie SANTORO, née Lefèvre le 12/03/1992',
        'Situation stable, pas d’élément nouveau. Fond d’œil sans rétinopathie au dernier contrôle.',
        'Suivi inchangé, à revoir dans un an.',
      ],
    });
  }
}

function tellDiallo(teller: Teller): void {
  const { course, today } = teller;
  course.allergies = 'none known';
  const visits = [-145, -112, -84, -56, -28];
  const text = [
    'Nausées matinales. Grossesse désirée.',
    'Écho T1 normale.',
    'Mouvements actifs perçus.',
    'Écho T2 normale. Dort mal.',
    'Bons mouvements actifs, lombalgies.',
  ];
  course.problems.push({ code: 'Z34.9', display: 'Grossesse normale', since: String(civil(today - 145).year) });
  visits.forEach((days, index) => {
    const weeks = 27 + Math.round((days + 28) / 7);
    addVisit(teller, today + days, {
      title: `Grossesse de ${weeks} SA, évolution normale`,
      reason: index === 0 ? 'Première consultation prénatale' : `Consultation du ${index + 3}e mois`,
      history: text[index] ?? '',
      exam: `BU négative. ${index === 0 ? 'Examen normal.' : 'Bruits du cœur fœtal 148/min.'} Pas d’œdème.`,
      measures: [
        { kind: 'bloodPressure', value: 112 + index, second: 68 },
        { kind: 'weight', value: Math.round((61.2 + index * 1.6) * 10) / 10 },
      ],
      conclusion: `Grossesse évolutive de ${weeks} SA.`,
      plan:
        index === 3
          ? 'HGPO, NFS, RAI. Vaccin coqueluche expliqué.'
          : 'Toxoplasmose mensuelle. Consultation dans un mois.',
      diagnosis: { code: 'Z34.9', display: 'Surveillance d’une grossesse normale' },
      drugs: index === 0 ? ['folicAcid'] : [],
    });
  });
  tellEverydayProblems({ ...teller, today: today - 300 }, null, 1);
}

function tellLeGoff(teller: Teller): void {
  const { course, today } = teller;
  course.allergies = 'none known';
  course.problems.push({
    code: 'S83.2',
    display: 'Lésion méniscale interne du genou droit',
    since: String(civil(today).year - 2),
  });
  const body = adultPhysiology(teller.person, teller.random, today);
  addVisit(teller, today - 34, {
    title: 'Gonalgie droite mécanique',
    reason: 'Genou droit',
    history: 'Douleur interne après un trail, dérobement une fois. Pas de blocage.',
    exam: 'Choc rotulien discret, interligne interne douloureux. Lachman négatif.',
    measures: [body.pressure(today - 34), body.measure('weight', today - 34)],
    conclusion: 'Gonalgie droite, poussée sur lésion méniscale.',
    plan: 'Repos sportif 4 semaines, glace. IRM demandée, revoir avec le résultat.',
    diagnosis: { code: 'M25.5', display: 'Douleur articulaire du genou' },
    drugs: ['paracetamol', 'ibuprofen'],
  });
  tellEverydayProblems({ ...teller, today: today - 40 }, body, 0.9);
}

const marchandDrugs = ['perindopril', 'amlodipine', 'atorvastatin', 'tamsulosin'] as const;
const rousseauDrugs = ['apixaban', 'bisoprolol', 'furosemide', 'calcium'] as const;

function tellMarchand(teller: Teller): void {
  const { course, today } = teller;
  course.allergies = 'not asked';
  course.problems.push(
    { code: 'I10', display: 'Hypertension essentielle', since: '2009' },
    { code: 'E78.0', display: 'Hypercholestérolémie', since: '2012' },
    { code: 'N40', display: 'Hypertrophie bénigne de la prostate', since: '2020' },
  );
  for (const drug of marchandDrugs) course.longTerm.set(drug, null);
  const body = adultPhysiology(teller.person, teller.random, today);
  for (let day = addMonths(today, -35); day < today - 60; day = addMonths(day, 3)) {
    const pressure = body.pressure(day);
    if (civil(day).month <= 3)
      course.labs.push({
        day: day - 6,
        results: [
          body.measure('creatinine', day),
          body.measure('potassium', day),
          body.measure('ldl', day),
          body.measure('psa', day),
        ],
      });
    addVisit(teller, day, {
      title: tell(
        teller,
        '{HTA contrôlée, traitement renouvelé|HTA à l’objectif, LDL stable|HTA stable, HBP peu gênante}',
      ),
      reason: tell(teller, '{Renouvellement|Renouvellement d’ordonnance|Suivi HTA}'),
      history: tell(
        teller,
        `Automesure autour de ${pressure.value - 4}/${(pressure.second ?? 78) - 2}. Se lève {une|deux} fois la nuit. {Jardine, marche une heure.|Pas de myalgie.|Retour de vacances, écarts reconnus.}`,
      ),
      exam: tell(
        teller,
        'Cœur régulier, pas de souffle. {Pas d’œdème.|Pouls périphériques perçus.|Abdomen souple, pas de masse battante.}',
      ),
      measures: [pressure, body.measure('pulse', day), body.measure('weight', day)],
      conclusion: 'HTA à l’objectif, LDL stable, HBP peu gênante.',
      plan: tell(
        teller,
        'Même traitement, 3 mois. {Marche quotidienne.|Automesure avant la prochaine visite.|Biologie annuelle.|Grippe à l’automne.}',
      ),
      diagnosis: { code: 'I10', display: 'Hypertension essentielle' },
      drugs: marchandDrugs,
    });
  }
  course.vaccines.push({ vaccine: 'influenza', day: today - 27, lot: 'R4418', site: 'LA' });
}

function tellRousseau(teller: Teller): void {
  const { course, today, person } = teller;
  course.allergies = [
    {
      atc: 'M01A',
      substance: 'Anti-inflammatoires non stéroïdiens',
      kind: 'medication',
      reaction: 'Insuffisance rénale aiguë',
      since: '2018',
      severe: true,
    },
  ];
  course.problems.push(
    { code: 'I48.9', display: 'Fibrillation atriale', since: '2016' },
    { code: 'I50.9', display: 'Insuffisance cardiaque', since: '2021' },
    { code: 'M81.9', display: 'Ostéoporose', since: '2010' },
    { code: 'S52.5', display: 'Fracture du poignet', since: '2010', until: '2010' },
  );
  for (const drug of rousseauDrugs) course.longTerm.set(drug, null);
  tellRousseauRights(course, today);
  const body = adultPhysiology(person, teller.random, today);
  for (let day = addMonths(today, -36) + 12; day < today - 20; day = addMonths(day, 2)) {
    addVisit(teller, day, {
      setting: 'home',
      title: tell(
        teller,
        'Visite : {cœur stable, pas de chute|insuffisance cardiaque compensée|état stable, bon moral|FA bien tolérée}',
      ),
      reason: 'Visite à domicile, renouvellement',
      history: tell(
        teller,
        '{Infirmière matin et soir.|Portage des repas bien accepté.|Fille présente.} {Pas de chute{, marche avec canne|}.|S’essouffle au premier étage.|Une nuit difficile la semaine dernière.} Dort avec {1 oreiller|2 oreillers}, {appétit correct|mange peu le soir|poids surveillé}.',
      ),
      exam: tell(
        teller,
        'Rythme irrégulier, {fréquence contrôlée|fréquence lente}. {Œdèmes des chevilles discrets|Pas d’œdème|Godet malléolaire}, bases libres. {Peau fine, pas de plaie.|}',
      ).trim(),
      measures: [
        body.pressure(day),
        body.measure('pulse', day),
        body.measure('weight', day),
        body.measure('saturation', day),
      ],
      conclusion: 'FA anticoagulée, insuffisance cardiaque compensée.',
      plan: tell(
        teller,
        'Pesée hebdomadaire, appel si + 2 kg. {Ionogramme et créatinine avant la prochaine visite.|Kinésithérapie à domicile poursuivie.|Pilulier par l’infirmière.} Renouvellement 2 mois.',
      ),
      diagnosis: { code: 'I50.9', display: 'Insuffisance cardiaque' },
      drugs: rousseauDrugs,
    });
  }
  for (const back of [400, 35])
    course.vaccines.push({ vaccine: 'influenza', day: today - back, lot: back === 35 ? 'R4417' : 'P2093', site: 'LA' });
}
