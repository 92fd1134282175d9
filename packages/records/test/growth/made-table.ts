import { utf8ToBytes } from '@serment/core/bytes';
import { lastGrowthDay, standingFromDay } from '../../src/growth/growth-table.ts';

export interface MadeTable {
  readonly m: number;
  readonly l?: number;
  readonly s?: number;
  readonly hasPosture?: boolean;
}

/** Lines of a table that says the same of every day, as the WHO writes one. */
export function madeLines({ m, l = 1, s = 0.1, hasPosture = false }: MadeTable): string[] {
  const lines = [`sex\tage\tl\tm\ts${hasPosture ? '\tloh' : ''}`];
  for (const sex of [1, 2])
    for (let day = 0; day <= lastGrowthDay; day += 1)
      lines.push(`${sex}\t${day}\t${l}\t${m}\t${s}${hasPosture ? (day < standingFromDay ? '\tL' : '\tH') : ''}`);
  return lines;
}

export function tableBytes(lines: readonly string[]): Uint8Array {
  return utf8ToBytes(`${lines.join('\r\n')}\r\n`);
}
