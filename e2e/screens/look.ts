/** What every screen is pictured at. */
export const sizes = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
] as const;

export const schemes = ['light', 'dark'] as const;

export interface Look {
  readonly size: (typeof sizes)[number];
  readonly scheme: (typeof schemes)[number];
}

export const looks: readonly Look[] = sizes.flatMap((size) => schemes.map((scheme) => ({ size, scheme })));

/** The file that a screen's picture is. */
export function pictureOf(screen: string, { size, scheme }: Look): string {
  return `${screen}-${size.width}-${scheme}.png`;
}
