/** Names of the code systems and extensions that Serment writes (FHIR R4, FR Core 2.2, ANS terminologies). */
export const codeSystems = {
  loinc: 'http://loinc.org',
  ucum: 'http://unitsofmeasure.org',
  cim10: 'http://hl7.org/fhir/sid/icd-10',
  atc: 'http://www.whocc.no/atc',
  cis: 'http://base-donnees-publique.medicaments.gouv.fr',
  frIdentifierType: 'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203',
  frIdentityStatus: 'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-identity-status',
  frIdentityProof: 'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-mode-validation-identity',
  commune: 'https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM',
  roleCode: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
  actSite: 'http://terminology.hl7.org/CodeSystem/v3-ActSite',
  routeOfAdministration: 'http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration',
  contactRelationship: 'http://terminology.hl7.org/CodeSystem/v2-0131',
  /** Serment's own: what a person beside a patient is asked for. */
  contactRole: 'urn:serment:contact',
  /** Serment's own: numbers of long-term conditions with full cover. */
  ald: 'urn:serment:ald',
  /** Serment's own: what a consent is about, and what a Communication is for. */
  consent: 'urn:serment:consent',
  communication: 'urn:serment:communication',
  /** Serment's own: the logical id of a Patient of the practice; kinds of a Coverage. */
  patient: 'urn:serment:patient',
  coverage: 'urn:serment:coverage',
  payer: 'urn:serment:payer',
  subscriberRelationship: 'http://terminology.hl7.org/CodeSystem/subscriber-relationship',
  /** Serment's own: what a Task is for, and how far it is. */
  task: 'urn:serment:task',
  /** Serment's own: what an AuditEvent tells of. */
  audit: 'urn:serment:audit',
  dicom: 'http://dicom.nema.org/resources/ontology/DCM',
  consentScope: 'http://terminology.hl7.org/CodeSystem/consentscope',
  participationMode: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode',
  flagCategory: 'http://terminology.hl7.org/CodeSystem/flag-category',
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  interpretation: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
  observationCategory: 'http://terminology.hl7.org/CodeSystem/observation-category',
  conditionClinical: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
  conditionVerification: 'http://terminology.hl7.org/CodeSystem/condition-ver-status',
  conditionCategory: 'http://terminology.hl7.org/CodeSystem/condition-category',
  allergyClinical: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
  allergyVerification: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
  absentOrUnknown: 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips',
} as const;

export const extensionUrls = {
  birthGivenNames: 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name',
  identityReliability: 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability',
  birthPlace: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace',
  inseeCode: 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code',
  /** Serment's own, for what FHIR R4 has no element for. */
  aldDiagnosis: 'urn:serment:ald-diagnosis',
  aldProtocol: 'urn:serment:ald-protocol',
  consent: 'urn:serment:consent',
  coverage: 'urn:serment:coverage',
} as const;

export const profiles = {
  patient: 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient',
  patientIns: 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-ins',
} as const;
