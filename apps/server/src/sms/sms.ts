export interface Sms {
  readonly isLocal: boolean;
  send(message: { readonly to: string; readonly text: string }, signal?: AbortSignal): Promise<void>;
}
export function codeText({ code, host }: { code: string; host: string; language: string }): string {
  return `Code: ${code}\n@${host} #${code}`;
}
