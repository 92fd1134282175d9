/** A point in parts of a picture's width and height, from 0 to 1. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Top left, top right, bottom right, bottom left. */
export type Corners = readonly [Corner, Corner, Corner, Corner];

export const wholePicture: Corners = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

/** RGBA, row after row. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

export function isWhole(corners: Corners): boolean {
  return corners.every(({ x, y }, place) => x === wholePicture[place]?.x && y === wholePicture[place]?.y);
}

/** The size of the sheet between four corners, its longer side `longest` pixels at most. */
export function sheetSize(corners: Corners, picture: { width: number; height: number }, longest: number) {
  const length = (from: Corner, to: Corner) =>
    Math.hypot((to.x - from.x) * picture.width, (to.y - from.y) * picture.height);
  const [topLeft, topRight, bottomRight, bottomLeft] = corners;
  const width = Math.max(length(topLeft, topRight), length(bottomLeft, bottomRight));
  const height = Math.max(length(topLeft, bottomLeft), length(topRight, bottomRight));
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * What stands between four corners, as a straight sheet. The projective map from the unit square to a quadrilateral, in
 * closed form (P. Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, 2.2.3); colours are interpolated.
 */
export function straighten(
  from: Pixels,
  corners: Corners,
  { width, height }: { width: number; height: number },
): Pixels {
  const [p0, p1, p2, p3] = corners.map(({ x, y }) => ({ x: x * (from.width - 1), y: y * (from.height - 1) }));
  if (!(p0 && p1 && p2 && p3)) throw new RangeError('Four corners');
  const sum = { x: p0.x - p1.x + p2.x - p3.x, y: p0.y - p1.y + p2.y - p3.y };
  const [d1, d2] = [
    { x: p1.x - p2.x, y: p1.y - p2.y },
    { x: p3.x - p2.x, y: p3.y - p2.y },
  ];
  const determinant = d1.x * d2.y - d2.x * d1.y || 1;
  const g = (sum.x * d2.y - d2.x * sum.y) / determinant;
  const h = (d1.x * sum.y - sum.x * d1.y) / determinant;
  const [a, b] = [p1.x - p0.x + g * p1.x, p3.x - p0.x + h * p3.x];
  const [d, e] = [p1.y - p0.y + g * p1.y, p3.y - p0.y + h * p3.y];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let row = 0, at = 0; row < height; row += 1) {
    const v = height === 1 ? 0 : row / (height - 1);
    for (let column = 0; column < width; column += 1, at += 4) {
      const u = width === 1 ? 0 : column / (width - 1);
      const depth = g * u + h * v + 1;
      const place = { x: (a * u + b * v + p0.x) / depth, y: (d * u + e * v + p0.y) / depth };
      sample(from, place, data, at);
    }
  }
  return { data, width, height };
}

function sample(from: Pixels, { x, y }: Corner, to: Uint8ClampedArray, at: number): void {
  const left = Math.min(Math.max(Math.floor(x), 0), from.width - 1);
  const top = Math.min(Math.max(Math.floor(y), 0), from.height - 1);
  const right = Math.min(left + 1, from.width - 1);
  const bottom = Math.min(top + 1, from.height - 1);
  const [across, down] = [Math.min(Math.max(x - left, 0), 1), Math.min(Math.max(y - top, 0), 1)];
  for (let channel = 0; channel < 4; channel += 1) {
    const value = (column: number, row: number) => from.data[(row * from.width + column) * 4 + channel] ?? 0;
    const above = value(left, top) * (1 - across) + value(right, top) * across;
    const below = value(left, bottom) * (1 - across) + value(right, bottom) * across;
    to[at + channel] = above * (1 - down) + below * down;
  }
}

const leastPart = 0.2;
const mostPart = 0.97;

/**
 * Where a light sheet lies on a darker table: the outermost light points in the four diagonal directions, the threshold
 * between the two by Otsu's method. The whole picture where that is no plausible sheet; a person moves the corners anyway.
 */
export function guessCorners({ data, width, height }: Pixels): Corners {
  const light = new Uint8Array(width * height);
  for (let at = 0; at < light.length; at += 1)
    light[at] = ((data[at * 4] ?? 0) * 2 + (data[at * 4 + 1] ?? 0) * 5 + (data[at * 4 + 2] ?? 0)) >> 3;
  const threshold = otsu(light);
  let count = 0;
  const best = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const found: Corner[] = [...wholePicture];
  for (let row = 1; row < height - 1; row += 1)
    for (let column = 1; column < width - 1; column += 1) {
      const at = row * width + column;
      // A lone bright point is a reflection.
      if ([at, at - 1, at + 1, at - width, at + width].some((one) => (light[one] ?? 0) <= threshold)) continue;
      count += 1;
      const [down, up] = [column + row, column - row];
      const corner = { x: column / (width - 1), y: row / (height - 1) };
      const beats = [down < (best[0] ?? 0), up > (best[1] ?? 0), down > (best[2] ?? 0), up < (best[3] ?? 0)];
      for (const [place, isBetter] of beats.entries())
        if (isBetter) {
          best[place] = place % 2 === 0 ? down : up;
          found[place] = corner;
        }
    }
  const part = count / light.length;
  const [topLeft, topRight, bottomRight, bottomLeft] = found;
  if (part < leastPart || part > mostPart || !(topLeft && topRight && bottomRight && bottomLeft)) return wholePicture;
  const corners: Corners = [topLeft, topRight, bottomRight, bottomLeft];
  return areaOf(corners) < leastPart ? wholePicture : corners;
}

function areaOf(corners: Corners): number {
  return Math.abs(
    corners.reduce((area, { x, y }, place) => {
      const next = corners[(place + 1) % 4] ?? { x, y };
      return area + (x * next.y - next.x * y) / 2;
    }, 0),
  );
}

function otsu(light: Uint8Array): number {
  const counts = new Float64Array(256);
  for (const one of light) counts[one] = (counts[one] ?? 0) + 1;
  const all = counts.reduce((sum, count, level) => sum + count * level, 0);
  let [best, threshold, below, sumBelow] = [-1, 127, 0, 0];
  for (const [level, count] of counts.entries()) {
    below += count;
    sumBelow += count * level;
    const above = light.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sumBelow / below - (all - sumBelow) / above) ** 2;
    if (between > best) [best, threshold] = [between, level];
  }
  return threshold;
}
