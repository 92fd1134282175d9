/** The platform's fetch over a line that a test can cut. */
export class Network {
  isUp = true;
  /** Answers to lose: what matches "METHOD path" reaches the server, and its answer does not come back. */
  readonly losing: RegExp[] = [];
  /** True when the line goes down with the next answer that is lost. */
  cutsWithLoss = false;
  /** Every request that went out. */
  readonly asked: string[] = [];

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const name = `${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`;
    if (!this.isUp) throw new TypeError('network cut');
    this.asked.push(name);
    const response = await globalThis.fetch(input, init);
    const lost = this.losing.findIndex((pattern) => pattern.test(name));
    if (lost < 0) return response;
    this.losing.splice(lost, 1);
    if (this.cutsWithLoss) this.isUp = false;
    await response.body?.cancel();
    throw new TypeError('answer lost');
  };
}
