import { ageYears, type Day, frenchDate } from './calendar.ts';
import { type Letter, type Teller, tell } from './course.ts';

interface LetterType {
  readonly when: (age: number, codes: ReadonlySet<string>, sex: string) => boolean;
  readonly title: string;
  readonly kind: Letter['kind'];
  readonly from: string;
  readonly body: readonly string[];
}

const letterTypes: readonly LetterType[] = [
  {
    when: (_, codes) => codes.has('I48.9') || codes.has('I25.1') || codes.has('I50.9') || codes.has('I10'),
    title: 'Compte rendu de consultation de cardiologie',
    kind: 'report',
    from: 'Dr Anne Delorme, cardiologie, Clinique du Parc-aux-Roses',
    body: [
      'Je vois ce jour [votre patient|votre patiente] dans le cadre de son suivi. {Aucun symptôme à l’effort.|Dyspnée stade II, stable.}',
      'Examen : auscultation régulière, pas de souffle, pas de signe congestif. ECG : {rythme sinusal à 68/min, PR 160 ms, QRS fins|fibrillation atriale à 76/min, QRS fins}.',
      'Échographie : ventricule gauche non dilaté, fraction d’éjection à {58|62|55} %, pas de valvulopathie significative.',
      'Conclusion : situation stable, traitement inchangé. Je [le|la] reverrai dans un an.',
    ],
  },
  {
    when: (_, codes) => codes.has('E11.9'),
    title: 'Compte rendu de rétinographie',
    kind: 'report',
    from: 'Centre ophtalmologique des Vignes',
    body: [
      'Rétinographie non mydriatique des deux yeux, clichés interprétables.',
      'Œil droit : {pas de rétinopathie diabétique|quelques microanévrismes}. Œil gauche : pas de rétinopathie diabétique.',
      'Conclusion : {absence de rétinopathie|rétinopathie non proliférante minime}. Contrôle dans un an.',
    ],
  },
  {
    when: (age) => age >= 35,
    title: 'Compte rendu de radiographie du rachis lombaire',
    kind: 'report',
    from: 'Imagerie médicale de la Calade',
    body: [
      'Indication : lombalgies persistantes.',
      'Statique conservée. {Pincement discal L4-L5 modéré.|Discopathie L5-S1.|Interlignes respectés.} Pas de tassement ni de lyse.',
      'Conclusion : {discopathie dégénérative modérée|examen sans anomalie significative pour l’âge}.',
    ],
  },
  {
    when: (age, _, sex) => sex === 'female' && age >= 50 && age <= 74,
    title: 'Mammographie de dépistage',
    kind: 'report',
    from: 'Imagerie médicale de la Calade',
    body: [
      'Densité mammaire de type {B|C}. Pas de masse ni de foyer de microcalcifications suspect.',
      'Conclusion : ACR {1|2} des deux côtés. Prochain dépistage dans deux ans.',
    ],
  },
  {
    when: (age) => age >= 3 && age < 16,
    title: 'Bilan orthophonique',
    kind: 'letter',
    from: 'Mme Lucie Arnoux, orthophoniste',
    body: [
      'Bilan réalisé à votre demande pour {un retard de parole|des difficultés de lecture}.',
      'Compréhension dans la norme. {Substitutions de sons.|Voie d’adressage fragile.}',
      'Je propose 30 séances de rééducation, une par semaine.',
    ],
  },
  {
    when: (age) => age >= 16,
    title: 'Compte rendu de passage aux urgences',
    kind: 'report',
    from: 'Centre hospitalier de la Vallée, service des urgences',
    body: [
      'Motif : {traumatisme du poignet|douleur thoracique|plaie de la main}.',
      'Examen et examens complémentaires : {pas de fracture|ECG et troponine normaux|pas de lésion tendineuse}.',
      'Sortie le jour même, {antalgiques|soins par infirmière}, à revoir par le médecin traitant dans {5|7|10} jours.',
    ],
  },
  {
    when: (age) => age >= 18,
    title: 'Courrier au spécialiste',
    kind: 'letter',
    from: 'Dr Claire Vasseur, Cabinet des Tilleuls',
    body: [
      'Merci de recevoir [ce patient|cette patiente] pour avis {dermatologique|rhumatologique|gastro-entérologique}.',
      '{Symptômes évoluant depuis trois mois malgré un traitement bien conduit.|Lésion modifiée récemment, à examiner.}',
      'Bien confraternellement.',
    ],
  },
];

/** Some patients have a few letters and reports, as PDF or plain text. */
export function tellLetters(teller: Teller): void {
  const { person, random, today, course } = teller;
  if (!random.chance(0.3)) return;
  const age = ageYears(person.birth, today);
  const codes = new Set(course.problems.map(({ code }) => code));
  const fitting = letterTypes.filter(({ when }) => when(age, codes, person.sex));
  const count = random.chance(0.25) ? 2 : 1;
  const left = [...fitting];
  for (let i = 0; i < count && left.length > 0; i++) {
    const [type] = left.splice(random.below(left.length), 1);
    const day = Math.max(today - random.between(5, 1000), person.birth + 30);
    if (type !== undefined) course.letters.push(writeLetter(teller, type, day));
  }
}

function writeLetter(teller: Teller, type: LetterType, day: Day): Letter {
  const { person, random } = teller;
  const name = `${person.given[0] ?? ''} ${(person.usedFamily ?? person.family).toUpperCase()}`;
  const heading = tell(teller, `${name}, [né|née] le ${frenchDate(person.birth)}`);
  return {
    day,
    title: type.title,
    kind: type.kind,
    from: type.from,
    mediaType: random.chance(0.8) ? 'application/pdf' : 'text/plain',
    body: [`Le ${frenchDate(day)}`, heading, ...type.body.map((paragraph) => tell(teller, paragraph))],
  };
}
