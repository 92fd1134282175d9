import type { Sms } from '../sms/sms.ts';
import type { ChannelConfig } from './alert-config.ts';
import type { AlertChannel } from './channel.ts';
import { emailChannel } from './email.ts';
import { textChannel } from './text-message.ts';
import { webhookChannel } from './webhook.ts';

/** The channel that a configuration describes; `sms` is what sends codes too. */
export function openChannel(config: ChannelConfig, sms: Sms): AlertChannel {
  if (config.kind === 'email') return emailChannel(config);
  return config.kind === 'webhook' ? webhookChannel(config) : textChannel(config, sms);
}
