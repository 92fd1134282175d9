interface Window {
  /** Where the browser has Trusted Types: what a policy makes is text that places of danger accept. */
  readonly trustedTypes?: {
    createPolicy<Rules extends Readonly<Record<string, (input: string) => string>>>(name: string, rules: Rules): Rules;
  };
}
