import { BlockList, isIP } from 'node:net';

/**
 * The proxy that kubectl would use for this server: HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY names the host; never
 * for this machine itself (golang.org/x/net/http/httpproxy).
 * @returns its URL, or undefined to connect directly
 */
export function proxyFor(server: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))) return undefined;
  const proxy = protocol === 'https:' ? (env.HTTPS_PROXY ?? env.https_proxy) : (env.HTTP_PROXY ?? env.http_proxy);
  if (!proxy) return undefined;
  const spared = (env.NO_PROXY ?? env.no_proxy ?? '').toLowerCase().split(',');
  if (spared.some(entry => spares(entry.trim(), host, port))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function spares(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return inSubnet(host, entry);
  const [, name = '', onlyPort = port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== port) return false;
  const domain = name.replace(/^\*?\./, '');
  return (host === domain && domain === name) || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function inSubnet(host: string, entry: string): boolean {
  const [net = '', prefix] = entry.split('/');
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(host) === 0 || isIP(host) !== isIP(net)) return false;
  const subnet = new BlockList();
  subnet.addSubnet(net, Number(prefix), family);
  return subnet.check(host, family);
}
