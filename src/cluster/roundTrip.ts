import { randomBytes } from 'node:crypto';
import { redact } from '../workload/brokerUrl.ts';
import type { Cluster } from './cluster.ts';
import { type Probe, type ProbeSecret, runProbe } from './probe.ts';

/** What a Pod tries: `variable` is the Service's address in its environment, `tools` whether amqp-tools are there. */
export type PodCheck = 'name' | 'variable' | 'tools' | 'declare' | 'publish' | 'get' | 'compare' | 'delete';

/** `late`: no answer within 10 s; `absent`: the image lacks the program for it, or the environment the variable. */
export type PodCheckState = 'ok' | 'failed' | 'late' | 'absent';

export interface PodCheckResult {
  check: PodCheck;
  state: PodCheckState;
  /** An address, or a program's own words without passwords. Untrusted text. */
  detail: string;
}

/**
 * Sends one message to the broker and gets it back, from a Pod and with amqp-tools, as a worker of the documentation
 * does. The script is fixed: all that varies are variables. amqp-tools take the URL as an argument only; it is seen in
 * the Pod itself, as that of every worker of the documentation is, and nowhere else.
 */
const SCRIPT = `
exec >/dev/termination-log
say() { printf '%s %s %s\\n' "$1" "$2" "$(printf '%s' "$3" | tr -s '\\r\\n\\t' ' ' | cut -c 1-300)"; }
has() { command -v "$1" >/dev/null 2>&1; }
url=$BROKER_URL
address=$TEST_SERVICE_ADDRESS
case $address in '$('*) address= ;; esac
if [ -z "$TEST_HOST" ]; then :
elif ! has getent; then say name absent getent
elif found=$(if has timeout; then timeout 15 getent hosts "$TEST_HOST"; else getent hosts "$TEST_HOST"; fi); then
  say name ok "\${found%% *}"
else
  say name failed
  if [ -n "$address" ]; then
    say variable ok "$address"
    case $address in *:*) address="[$address]" ;; esac
    for before in @ //; do
      case $url in *"$before$TEST_HOST"*)
        url="\${url%"$before$TEST_HOST"*}$before$address\${url##*"$before$TEST_HOST"}"
        break ;;
      esac
    done
  else say variable absent; fi
fi
for tool in timeout amqp-declare-queue amqp-publish amqp-consume amqp-delete-queue; do
  has "$tool" || { say tools absent "$tool"; exit 0; }
done
say tools ok
try() {
  step=$1; shift
  said=$(timeout 10 "$@" 2>&1) && { say "$step" ok; return 0; }
  if [ $? = 124 ]; then say "$step" late "$said"; else say "$step" failed "$said"; fi
  return 1
}
try declare amqp-declare-queue --url="$url" -q "$TEST_QUEUE" -d || exit 0
if try publish amqp-publish --url="$url" -r "$TEST_QUEUE" -p -b "$TEST_BODY" &&
  try get amqp-consume --url="$url" -q "$TEST_QUEUE" -c 1 cat; then
  if [ "$said" = "$TEST_BODY" ]; then say compare ok; else say compare failed "$said"; fi
fi
try delete amqp-delete-queue --url="$url" -q "$TEST_QUEUE"
exit 0
`;

export interface RoundTripOptions
  extends Pick<Probe, 'namespace' | 'image' | 'like' | 'signal' | 'timeoutMs' | 'onWait'> {
  /** Where BROKER_URL comes from. */
  url: ProbeSecret;
  /** The URL's host where it is a name; an address has nothing to resolve. */
  host?: string;
  /** The Service of the Pod's own namespace that it means: Kubernetes gives its address to every Pod as a variable. */
  service?: string;
  /** The name of a queue that nobody has; it is there for a second or two. */
  queue: string;
}

/**
 * Tests from a short-lived Pod whether the broker's name resolves, and a message's way there and back. An image without
 * amqp-tools tells only the first.
 * @returns the checks in the order in which they were made; a failure ends them, but for the deletion of the queue
 * @throws ClusterError: `not-ready` when the Pod cannot run (says why), `forbidden`, `cancelled`
 */
export async function roundTripFromPod(cluster: Cluster, o: RoundTripOptions): Promise<PodCheckResult[]> {
  const { namespace, image, like, signal, timeoutMs, onWait } = o;
  const { answer } = await runProbe(cluster, {
    namespace,
    image,
    like,
    signal,
    timeoutMs,
    onWait,
    command: ['sh', '-c', SCRIPT],
    env: {
      TEST_HOST: o.host ?? '',
      TEST_SERVICE_ADDRESS: o.service === undefined ? '' : `$(${serviceVariable(o.service)})`,
      TEST_QUEUE: o.queue,
      TEST_BODY: `${randomBytes(6).toString('hex')}: zażółć gęślą jaźń`,
    },
    secrets: { BROKER_URL: o.url },
  });
  return answer.split('\n').flatMap(line => {
    const found = LINE.exec(line);
    if (!found) return [];
    const [, check, state, detail = ''] = found;
    return [{ check: check as PodCheck, state: state as PodCheckState, detail: redact(detail.trim()) }];
  });
}

const LINE = /^(name|variable|tools|declare|publish|get|compare|delete) (ok|failed|late|absent) (.*)$/;

/** The variable with a Service's address, as RABBITMQ_SERVICE_SERVICE_HOST. */
export function serviceVariable(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_SERVICE_HOST`;
}
