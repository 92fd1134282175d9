/** Répertoire partagé des professionnels de santé: 11 digits, the last a Luhn key. */
export const rppsSystem = 'https://rpps.esante.gouv.fr';

/** National identifier of a health professional: `8` and the RPPS number, under the authority that cards and MSSanté name. */
export const idnpsSystem = 'urn:oid:1.2.250.1.71.4.2.1';

export type RppsFinding = 'RPPS_FORM' | 'RPPS_KEY';

export interface ParsedRpps {
  /** 11 digits, or null when the form allows no reading. */
  readonly rpps: string | null;
  readonly findings: readonly RppsFinding[];
}

/** Reads an RPPS number, or the 12 digits of a card (`8` before it); nothing is thrown. */
export function parseRpps(input: string): ParsedRpps {
  const compact = input.replace(/[\s.\u00a0\u202f-]/g, '');
  const rpps = /^8?(\d{11})$/.exec(compact)?.[1];
  if (rpps === undefined) return { rpps: null, findings: ['RPPS_FORM'] };
  return { rpps, findings: luhnSum(rpps) % 10 === 0 ? [] : ['RPPS_KEY'] };
}

export function isRpps(input: string): boolean {
  const { rpps, findings } = parseRpps(input);
  return rpps !== null && findings.length === 0;
}

/** The Luhn digit that completes 10 digits. */
export function rppsKey(body: string): string {
  return String((10 - (luhnSum(`${body}0`) % 10)) % 10);
}

function luhnSum(digits: string): number {
  return [...digits].reverse().reduce((sum, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return sum + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
}
