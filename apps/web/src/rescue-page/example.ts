import type { Language } from '../i18n/language.ts';
import type { RescueContent, RescueLine } from './content.ts';
import { rescueWords } from './words.ts';

const line = (label: string, detail = '', tone: RescueLine['tone'] = 'plain'): RescueLine => ({ label, detail, tone });
const hourMs = 3_600_000;

/** A copy of people who do not exist. */
export function exampleContent(language: Language, nowMs: number): RescueContent {
  const { title, allergy } = rescueWords(language);
  const isFrench = language === 'fr';
  return {
    practice: isFrench ? 'Cabinet d’exemple' : 'Example practice',
    maker: 'Dr Exemple',
    language,
    months: 24,
    left: { restricted: 1, absent: 0, partial: 0, beyond: 0 },
    appointments: [{ at: Math.ceil(nowMs / hourMs) * hourMs + 15 * hourMs, patient: 'Patient/1', with: 'Dr Exemple' }],
    patients: [
      {
        ...{ id: 'Patient/1', family: 'Exemple', birthFamily: 'Modèle', given: 'Jeanne', names: '' },
        ...{ birthDate: '1958-05-03', about: isFrench ? 'Femme, née le 03/05/1958' : 'Female, born 1958-05-03' },
        alerts: [
          line(`${allergy} : ${isFrench ? 'pénicilline' : 'penicillin'}`, isFrench ? 'urticaire' : 'hives', 'alert'),
        ],
        sections: [
          {
            title: title.problems,
            lines: [
              line(isFrench ? 'Hypertension artérielle' : 'Hypertension', '2014'),
              line(isFrench ? 'Appendicectomie' : 'Appendectomy', '1971', 'over'),
            ],
          },
          {
            title: title.treatments,
            lines: [line('Amlodipine 5 mg', isFrench ? '1 comprimé le matin' : '1 tablet in the morning')],
          },
        ],
      },
      {
        ...{ id: 'Patient/2', family: 'Specimen', birthFamily: '', given: 'Élie', names: '' },
        ...{ birthDate: '2019-11-12', about: isFrench ? 'Homme, né le 12/11/2019' : 'Male, born 2019-11-12' },
        alerts: [],
        sections: [{ title: title.vaccines, lines: [line(isFrench ? 'ROR, 2e dose' : 'MMR, 2nd dose', '2021')] }],
      },
    ],
  };
}
