import { after, afterEach } from 'node:test';
import { openTestVault } from '../../../../packages/store/test/test-vault.ts';
import { Desks } from './desk.ts';
import { doctor, startTestProvider, type TestProvider } from './test-provider.ts';

/**
 * The provider that the tests of a file share, and what opens their desks. After each test the provider is honest again
 * and the desks are closed; the provider and the vault end with the file.
 */
export async function setScene(): Promise<{ provider: TestProvider; desks: Desks }> {
  const vault = await openTestVault();
  const provider = await startTestProvider();
  const desks = new Desks(vault.store);
  afterEach(async () => {
    provider.doctor = doctor;
    provider.lie = null;
    await desks.closeAll();
  });
  after(async () => {
    await provider.close();
    await vault.close();
  });
  return { provider, desks };
}
