/** Body mass index in kg/m², of a weight in kg and a height in cm. */
export function bodyMassIndex(weightKg: number, heightCm: number): number {
  return weightKg / (heightCm / 100) ** 2;
}
