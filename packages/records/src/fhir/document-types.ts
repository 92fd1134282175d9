import { codeSystems } from './coding-system.ts';

/**
 * The kinds of document that a person chooses from. Codes are LOINC's document types (Letter, Consult note, Discharge
 * summary, Surgical operation note, Laboratory report, Diagnostic imaging study, EKG study, Prescription for medication,
 * Photographic image); where LOINC's own code is not certain, the kind is said in words alone.
 */
export const documentTypes = {
  letter: { loinc: '51852-2', text: 'Courrier' },
  consultation: { loinc: '11488-4', text: 'Compte rendu de consultation' },
  discharge: { loinc: '18842-5', text: 'Compte rendu d’hospitalisation' },
  operation: { loinc: '11504-8', text: 'Compte rendu opératoire' },
  biology: { loinc: '11502-2', text: 'Biologie' },
  imaging: { loinc: '18748-4', text: 'Imagerie' },
  ecg: { loinc: '11524-6', text: 'ECG' },
  prescription: { loinc: '57833-6', text: 'Ordonnance' },
  certificate: { loinc: null, text: 'Certificat' },
  administrative: { loinc: null, text: 'Administratif' },
  photo: { loinc: '72170-4', text: 'Photographie' },
  other: { loinc: null, text: 'Autre document' },
} as const satisfies Record<string, { readonly loinc: string | null; readonly text: string }>;

export type DocumentTypeName = keyof typeof documentTypes;

export const documentTypeNames = Object.keys(documentTypes).filter(isDocumentType);

export function isDocumentType(name: string): name is DocumentTypeName {
  return Object.hasOwn(documentTypes, name);
}

export function documentTypeConcept(name: DocumentTypeName) {
  const { loinc, text } = documentTypes[name];
  return { ...(loinc === null ? {} : { coding: [{ system: codeSystems.loinc, code: loinc }] }), text };
}

/** Which kind a concept means, by its codes, else by its words; null for one of somebody else's. */
export function documentTypeOf(codes: readonly string[], words: string): DocumentTypeName | null {
  const matching = documentTypeNames.find((name) => {
    const { loinc, text } = documentTypes[name];
    return loinc === null ? text === words : codes.includes(loinc);
  });
  return matching ?? null;
}
