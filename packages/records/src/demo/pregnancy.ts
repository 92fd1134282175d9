import { type Day, isoDate } from './calendar.ts';
import { addVisit, lotNumber, type Measure, type Teller, tell } from './course.ts';
import type { Physiology } from './physiology.ts';

const weeksToBirth = 39;

interface PrenatalVisit {
  readonly weeks: number;
  readonly name: string;
  readonly history: string;
  readonly plan: string;
}

const prenatalVisits: readonly PrenatalVisit[] = [
  {
    weeks: 9,
    name: 'Première consultation prénatale',
    history: '{Nausées matinales|Fatigue, seins tendus}. Test positif. {Grossesse désirée.|Deuxième grossesse.}',
    plan: 'Groupe, RAI, toxoplasmose, rubéole, VIH, hépatite B, glycémie. Écho T1 à 12 SA. Déclaration faite. Acide folique.',
  },
  {
    weeks: 16,
    name: 'Consultation du 4e mois',
    history: 'Nausées disparues. Écho T1 normale, risque combiné faible.',
    plan: 'Entretien prénatal précoce proposé. Écho T2 à 22 SA.',
  },
  {
    weeks: 21,
    name: 'Consultation du 5e mois',
    history: 'Mouvements actifs perçus. {Lombalgies modérées.|Dort bien.}',
    plan: 'Écho T2 prescrite. Toxoplasmose mensuelle {négative|: immunisée}.',
  },
  {
    weeks: 25,
    name: 'Consultation du 6e mois',
    history: 'Bons mouvements actifs. Écho T2 normale. {Crampes nocturnes.|}',
    plan: 'HGPO {normale|prescrite}, NFS, RAI. Vaccin coqueluche et grippe expliqués.',
  },
  {
    weeks: 29,
    name: 'Consultation du 7e mois',
    history: 'Bons mouvements actifs, pas de contraction. {Reflux le soir.|}',
    plan: 'Préparation à la naissance commencée. Écho T3 à 32 SA. Fer si ferritine basse.',
  },
];

/** The pregnancy before a birth on `birth` (or still expected), as far as the practice followed it: the maternity takes over at the 8th month. */
export function tellPregnancy(teller: Teller, body: Physiology, birth: Day): void {
  const { today, course, random } = teller;
  const conception = birth - weeksToBirth * 7 + 14;
  const amenorrhoea = (weeks: number): Day => conception - 14 + weeks * 7;
  if (amenorrhoea(9) >= today) return;
  const before = body.measure('weight', conception).value;
  const delivered = birth < today;
  if (birth > teller.from) {
    const since = isoDate(amenorrhoea(9));
    const until = delivered ? { until: isoDate(birth) } : {};
    course.problems.push({ code: 'Z34.9', display: 'Grossesse normale', since, ...until });
  }
  for (const visit of prenatalVisits) {
    const day = amenorrhoea(visit.weeks) + random.below(5);
    const gain = Math.max(0, (visit.weeks - 10) * 0.42);
    const measures: Measure[] = [{ kind: 'weight', value: Math.round((before + gain) * 10) / 10 }, body.pressure(day)];
    if (visit.weeks >= 20) measures.push({ kind: 'uterineHeight', value: visit.weeks - 1 - random.below(3) });
    addVisit(teller, day, {
      title: `Grossesse de ${visit.weeks} SA, ${tell(teller, '{évolution normale|bon déroulement|sans particularité}')}`,
      reason: visit.name,
      history: tell(teller, visit.history),
      exam: tell(
        teller,
        `{BU négative.|BU : ni sucre ni albumine.} ${visit.weeks >= 12 ? 'Bruits du cœur fœtal {145|150|140|152}/min.' : 'Examen normal.'} Pas d’œdème.`,
      ),
      measures,
      conclusion: `Grossesse évolutive de ${visit.weeks} SA.`,
      plan: tell(teller, visit.plan),
      diagnosis: { code: 'Z34.9', display: 'Surveillance d’une grossesse normale' },
      drugs: visit.weeks < 12 ? ['folicAcid'] : visit.weeks === 29 && random.chance(0.5) ? ['iron'] : [],
      vaccines: visit.weeks === 25 ? ['adultPertussis'] : [],
    });
    if (visit.weeks === 25 && day < today - 3)
      course.vaccines.push({ vaccine: 'adultPertussis', day, lot: lotNumber(random), site: 'LA' });
  }
  if (delivered) {
    addVisit(teller, birth + 47, {
      title: 'Consultation postnatale, suites simples',
      reason: 'Consultation postnatale',
      history: tell(
        teller,
        '{Accouchement voie basse, périnée intact|Césarienne pour stagnation|Voie basse, déchirure suturée}. {Allaitement poursuivi.|Biberons.} {Moral bon.|Fatigue, pas de signe de dépression.} Sommeil {haché|en progrès}.',
      ),
      exam: 'Utérus involué, périnée testé, seins souples.',
      measures: [body.measure('weight', birth + 47), body.pressure(birth + 47)],
      conclusion: 'Suites de couches simples.',
      plan: tell(
        teller,
        'Rééducation périnéale 10 séances. Contraception {progestative|par DIU discutée}. Revoir si moral bas.',
      ),
      diagnosis: { code: 'Z39.2', display: 'Suivi systématique du post-partum' },
      drugs: random.chance(0.6) ? ['desogestrel'] : [],
    });
  }
}
