export const coding = {
  coding: {
    diagnosis: 'Diagnostic',
    code: 'CIM-10 {{code}}',
    results_one: '{{count, number}} proposition, flèche du bas pour y entrer',
    results_other: '{{count, number}} propositions, flèche du bas pour y entrer',
  },
} as const;
