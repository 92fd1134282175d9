import { bytesToHex } from '../../packages/core/src/bytes.ts';
import { encodeStatement, type Statement } from '../../packages/core/src/journal/entry.ts';
import type { Refusal } from '../../packages/core/src/journal/rules.ts';
import type { Draft, TestPractice } from '../../packages/core/test/journal/practice-fixture.ts';

interface Scenario {
  readonly name: string;
  /** Entries of the history that stand before. */
  readonly length: number;
  readonly statement: string;
  readonly refusal: Refusal | null;
  /** The practice that is expected, when it is not the history's. */
  readonly practice?: string;
  /** The host's clock, when it is not that of the last entry. */
  readonly receivedAt?: number;
}

/** Collects statements against a practice that grows. */
export class Scenarios {
  readonly list: Scenario[] = [];
  readonly practice: TestPractice;

  constructor(practice: TestPractice) {
    this.practice = practice;
  }

  add(name: string, statement: Statement, refusal: Refusal | null): void {
    this.list.push({ name, length: this.practice.size, statement: bytesToHex(encodeStatement(statement)), refusal });
  }

  async try(refusal: Refusal | null, name: string, { receivedAt, ...draft }: Draft): Promise<void> {
    this.add(name, await this.practice.statement(draft), refusal);
    const last = this.list.pop();
    if (last !== undefined) this.list.push(receivedAt === undefined ? last : { ...last, receivedAt });
  }
}
