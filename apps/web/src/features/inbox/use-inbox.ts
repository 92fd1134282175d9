import { useStatus } from '../../session/use-session.ts';

/** Whether this member takes part in what arrives, and whether what it reads counts as read. */
export function useInboxRights(): { readonly mayFile: boolean; readonly mayRead: boolean } {
  const status = useStatus();
  const mayFile = status?.compartments.includes('clinical') === true;
  return { mayFile, mayRead: mayFile && (status.role === 'doctor' || status.role === 'substitute') };
}
