export const coding = {
  coding: {
    diagnosis: 'Diagnosis',
    code: 'ICD-10 {{code}}',
    results_one: '{{count, number}} suggestion, down arrow to go to it',
    results_other: '{{count, number}} suggestions, down arrow to go to them',
  },
} as const;
