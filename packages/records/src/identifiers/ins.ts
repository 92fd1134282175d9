import { type NirFinding, parseNir } from './nir.ts';

/** Identité nationale de santé: a matricule (15 characters) and the authority that gave it. */
export type InsKind = 'INS-NIR' | 'INS-NIA' | 'INS-NIR-TEST' | 'INS-NIR-DEMO';

/** Assigning authorities (annex "liste des OID" of the INS referential; FR Core 2.2). */
export const insSystems: Readonly<Record<InsKind, string>> = {
  'INS-NIR': 'urn:oid:1.2.250.1.213.1.4.8',
  'INS-NIA': 'urn:oid:1.2.250.1.213.1.4.9',
  'INS-NIR-TEST': 'urn:oid:1.2.250.1.213.1.4.10',
  'INS-NIR-DEMO': 'urn:oid:1.2.250.1.213.1.4.11',
};

export interface ParsedIns {
  readonly kind: InsKind | null;
  /** 15 characters when readable. */
  readonly value: string | null;
  readonly findings: readonly (NirFinding | 'INS_SYSTEM')[];
}

/** Reads an identifier's system and value; nothing is thrown. A matricule without its key is completed and reported. */
export function parseIns(system: string, value: string): ParsedIns {
  const kind = insKindOf(system);
  const { nir, findings } = parseNir(value);
  return { kind, value: nir?.text ?? null, findings: kind === null ? ['INS_SYSTEM', ...findings] : findings };
}

export function insKindOf(system: string): InsKind | null {
  const kinds: readonly InsKind[] = ['INS-NIR', 'INS-NIA', 'INS-NIR-TEST', 'INS-NIR-DEMO'];
  return kinds.find((kind) => insSystems[kind] === system) ?? null;
}

/** Test and demonstration matricules belong to nobody and must never leave for a national service. */
export function isFictitiousIns(kind: InsKind): boolean {
  return kind === 'INS-NIR-TEST' || kind === 'INS-NIR-DEMO';
}
