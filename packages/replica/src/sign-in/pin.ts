/** Six digits that are not the first ones anybody tries. */
export function isPin(text: string): boolean {
  if (!/^[0-9]{6}$/.test(text)) return false;
  const digits = [...text].map(Number);
  const steps = new Set(digits.slice(1).map((digit, place) => digit - (digits[place] ?? 0)));
  const [step] = steps;
  return !(steps.size === 1 && (step === 0 || step === 1 || step === -1));
}
