import { bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';

/** What a scenario of the vectors should have given and did not. */
export interface Finding {
  readonly scenario: string;
  readonly problem: string;
}

/** Runs scenarios one by one and collects what is wrong, so that one failure does not hide the next. */
export class Scenarios {
  readonly findings: Finding[] = [];
  count = 0;

  /** `actual` gives the `expected` value; bytes are compared as hexadecimal. */
  async gives(scenario: string, expected: unknown, actual: () => unknown): Promise<void> {
    this.count += 1;
    try {
      const value = comparable(await actual());
      if (value !== comparable(expected)) this.report(scenario, `gives ${value.slice(0, 200)}`);
    } catch (error) {
      this.report(scenario, `throws ${error instanceof CodedError ? error.code : String(error)}`);
    }
  }

  /** `actual` throws the error `code`, with these facts among its own. */
  async refuses(
    scenario: string,
    code: string,
    actual: () => unknown,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    this.count += 1;
    try {
      await actual();
      this.report(scenario, `is accepted, ${code} was expected`);
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== code) {
        this.report(
          scenario,
          `throws ${error instanceof CodedError ? error.code : String(error)}, ${code} was expected`,
        );
        return;
      }
      for (const [name, value] of Object.entries(fields))
        if (error.fields[name] !== value)
          this.report(scenario, `tells ${name} ${String(error.fields[name])}, not ${String(value)}`);
    }
  }

  private report(scenario: string, problem: string): void {
    this.findings.push({ scenario, problem });
  }
}

function comparable(value: unknown): string {
  return value instanceof Uint8Array ? bytesToHex(value) : typeof value === 'string' ? value : JSON.stringify(value);
}
