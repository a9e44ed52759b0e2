import type { AlertKind } from './alert.ts';

export interface WebhookConfig {
  readonly url: string;
}

export interface EmailConfig {
  readonly host: string;
  readonly port: number;
  /** From the first byte, by STARTTLS that is insisted on, or not at all. */
  readonly tls: 'direct' | 'starttls' | 'none';
  readonly username?: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  /** Certificates of a private authority, PEM. */
  readonly privateCa?: string | undefined;
}

export type ChannelConfig = WebhookConfig | EmailConfig;

interface Channel {
  readonly id: number;
  readonly name: string;
  /** Which alerts go by it; empty is all. */
  readonly kinds: readonly AlertKind[];
  readonly enabled: boolean;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A way by which alerts reach people. */
export type AlertChannel = Channel &
  (
    | { readonly kind: 'webhook'; readonly config: WebhookConfig }
    | { readonly kind: 'email'; readonly config: EmailConfig }
  );
