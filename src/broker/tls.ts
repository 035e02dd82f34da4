import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { BrokerError, type TlsReason } from './error.ts';

/** What a TLS connection trusts and shows of its own, each as PEM text. */
export interface TlsFiles {
  /** Trusted instead of the system's certificate authorities. */
  ca?: string;
  /** The client's certificate, with what is between it and its authority. */
  cert?: string;
  /** The private key of `cert`. */
  key?: string;
  /** Of an encrypted `key`. */
  passphrase?: string;
}

/**
 * What tls.connect() is given besides the way to the broker. The certificate has to be of `host`, also behind a tunnel.
 * @throws BrokerError 'tls' ('own-files', 'passphrase') when the files are of no use
 */
export function tlsOptions(host: string, files: TlsFiles | undefined): ConnectionOptions {
  return {
    host,
    // RFC 6066, 3: no addresses in the server name indication.
    ...(isIP(host) ? {} : { servername: host }),
    ...(files ? { secureContext: secureContext(files) } : {}),
  };
}

function secureContext({ ca, cert, key, passphrase }: TlsFiles) {
  // OpenSSL trusts nobody then, without a word.
  if (ca !== undefined && !isCertificate(ca)) throw ownFiles('the CA is no certificate in PEM');
  if (cert !== undefined && !isCertificate(cert)) throw ownFiles('the client certificate is no certificate in PEM');
  if ((cert === undefined) !== (key === undefined)) {
    throw ownFiles(`a client certificate needs both: the ${cert === undefined ? 'certificate' : 'key'} is missing`);
  }
  try {
    return createSecureContext({ ca, cert, key, passphrase });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // OpenSSL's and BoringSSL's words: an editor on the desktop has the latter.
    if (/BAD_(DECRYPT|PASSWORD_READ)$/.test(String(code))) {
      const detail = passphrase === undefined ? 'the key is encrypted' : 'the passphrase is not the key’s';
      throw new BrokerError('tls', detail, { reason: 'passphrase' });
    }
    throw ownFiles(
      /KEY_(VALUES|TYPE)_MISMATCH$/.test(String(code))
        ? 'the key is not the client certificate’s'
        : 'the key is no private key in PEM',
    );
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function ownFiles(detail: string): BrokerError {
  return new BrokerError('tls', detail, { reason: 'own-files' });
}

/** Node's and OpenSSL's codes (https://nodejs.org/api/tls.html#x509-certificate-error-codes) by what they mean. */
const REASONS: [TlsReason, RegExp][] = [
  ['expired', /^CERT_HAS_EXPIRED$/],
  ['not-yet-valid', /^CERT_NOT_YET_VALID$/],
  ['wrong-host', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
  [
    'unknown-authority',
    /SELF_SIGNED|^UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|^CERT_(UNTRUSTED|SIGNATURE_FAILURE|REJECTED)|^INVALID_CA$/,
  ],
  ['not-tls', /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/],
  ['client-certificate-wanted', /_ALERT_CERTIFICATE_REQUIRED$/],
];
/** Alerts of a server to a client that showed a certificate (RFC 8446, 6.2; RFC 5246, 7.2.2). */
const REFUSED =
  /_ALERT_(HANDSHAKE_FAILURE|(BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)$/;

/**
 * Why a TLS connection failed.
 * @param code of the error
 * @param certificate whether a client certificate was given
 */
export function tlsReason(code: string, certificate: boolean): TlsReason {
  for (const [reason, codes] of REASONS) if (codes.test(code)) return reason;
  if (certificate) return REFUSED.test(code) ? 'client-certificate-refused' : 'other';
  // Before TLS 1.3 there was no alert of its own for a missing certificate, and a handshake rarely fails of another cause.
  return code.endsWith('_ALERT_HANDSHAKE_FAILURE') ? 'client-certificate-wanted' : 'other';
}
