/** The AMQP properties of one message that an item may bring along; names as amqplib gives them. */
export interface MessageFields {
  contentType?: string;
  contentEncoding?: string;
  headers?: Record<string, unknown>;
  correlationId?: string;
  replyTo?: string;
  /** Milliseconds, as the decimal text that AMQP wants. */
  expiration?: string;
  messageId?: string;
  /** Seconds since 1970. */
  timestamp?: number;
  type?: string;
  appId?: string;
  priority?: number;
}

/** One item of a source; published, it gets `messageId` = run id / line, whatever its fields say. */
export interface Item {
  /** The exact body of the message. */
  body: string | Uint8Array;
  /** The line of the source on which it stands, from 1. */
  line: number;
  fields?: MessageFields;
}
