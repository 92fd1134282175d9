import type { Texts } from '../catalogue.ts';
import type { consultation as french } from '../fr/consultation.ts';

const measure = {
  weight: 'Weight',
  height: 'Height',
  length: 'Length',
  standingHeight: 'Standing height',
  bmi: 'BMI',
  headCircumference: 'Head',
  waist: 'Waist',
  bloodPressure: 'BP',
  pulse: 'Pulse',
  temperature: 'Temp.',
  saturation: 'SpO2',
  respiratoryRate: 'Resp. rate',
  pain: 'Pain',
  capillaryGlucose: 'Glucose',
  peakFlow: 'Peak flow',
  uterineHeight: 'Fundal height',
};

export const consultation: Texts<typeof french> = {
  consultation: {
    opening: 'Opening the consultation…',
    sign: 'Sign',
    signing: 'Signing…',
    signingIn_one: 'Signed in {{count}} second',
    signingIn_other: 'Signed in {{count}} seconds',
    cancelSigning: 'Undo',
    signed: 'signed {{when}}',
    isSigned: 'signed',
    signedConflict:
      'A signed consultation is not changed. Another version of it came from another device: keep the signed one, an addendum completes it.',
    acts: 'Procedures',
    another: '{{what}}, one more line',
    moreMeasures: 'other measures',
    moved: '{{difference}} since {{when}}',
    implausible: '{{measure}}: an unusual value, to read again. It will be kept as it is.',
    unreadable: '{{measure}}: this cannot be read as a value. Example: {{example}}',
    notSaved: 'Nothing is lost, and nothing is saved: correct or clear {{measures}}.',
    place: 'Place',
    places: { practice: 'at the practice', home: 'at home', remote: 'remotely' },
    commonActs:
      'Electrocardiogram ; Urine dipstick ; Rapid diagnostic test ; Spirometry ; Cervical smear ; Wound suture ; Suture removal ; Dressing ; Joint injection ; Intramuscular injection ; Earwax removal ; Contraceptive implant insertion ; Intrauterine device insertion',
    measure,
  },
};
