/**
 * The national id of a health professional as the directory prints it: "8" and the eleven digits of RPPS, the last a
 * Luhn key. Null for anything else, what only looks like it included: ADELI numbers ("0" first) and test identities.
 */
export function parseNationalId(value: unknown): string | null {
  if (typeof value !== 'string' || !/^8\d{11}$/.test(value)) return null;
  return luhnSum(value.slice(1)) % 10 === 0 ? value : null;
}

function luhnSum(digits: string): number {
  return [...digits].reverse().reduce((sum, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return sum + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
}
