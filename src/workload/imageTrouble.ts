/** Why an image could not be pushed or pulled, or its container not started. */
export type ImageTrouble =
  | 'not-found'
  | 'no-access'
  | 'certificate'
  | 'plain-http'
  | 'unreachable'
  | 'throttled'
  | 'registry-failed'
  | 'no-space'
  | 'wrong-architecture'
  | 'not-built'
  | 'no-daemon'
  | 'bad-name'
  | 'never-pulled'
  | 'needs-object'
  | 'not-started';

/**
 * What docker, podman, nerdctl, containerd and CRI-O say. The first that fits counts: "repository does not exist or may
 * require docker login" is about access, "permission denied … to the Docker daemon" is not about the registry's.
 */
const SIGNS: [RegExp, ImageTrouble][] = [
  [
    /cannot connect to the docker daemon|error during connect|connect to the docker daemon socket|cannot connect to podman|rootless containerd not running|cannot access containerd socket/i,
    'no-daemon',
  ],
  [/image does not exist locally|image not known|no such image|not present locally/i, 'not-built'],
  [
    /exec format error|no match for platform in manifest|no matching manifest for|no image found in (?:image index|manifest list) for architecture/i,
    'wrong-architecture',
  ],
  [/server gave HTTP response to HTTPS client/i, 'plain-http'],
  [/x509:|\btls: |certificate (?:signed|has|is|verify)/i, 'certificate'],
  [/toomanyrequests|too many requests|rate limit/i, 'throttled'],
  [
    /no basic auth credentials|unauthorized|\bdenied\b|authentication required|authentication failed|\bforbidden\b|insufficient_scope|may require|\bstatus(?: code)? 40[13]\b|invalid username\/password/i,
    'no-access',
  ],
  [/no space left on device/i, 'no-space'],
  [
    /no such host|connection refused|i\/o timeout|deadline exceeded|network is unreachable|no route to host|connection reset|name resolution|Client\.Timeout/i,
    'unreachable',
  ],
  [
    /internal server error|bad gateway|service unavailable|gateway timeout|unexpected HTTP status: 5/i,
    'registry-failed',
  ],
  [/not found|manifest unknown|name unknown|does not exist/i, 'not-found'],
];

/**
 * What the words of a program that pushes or pulls images mean; undefined when nothing in them is known.
 * @param words its output or error: only what is not a name is read, an image may be called `denied`
 */
export function troubleOf(words: string): ImageTrouble | undefined {
  const withoutNames = words.replace(/"[^"\n]*"|\S+\/\S*/g, ' ');
  return SIGNS.find(([sign]) => sign.test(withoutNames))?.[1];
}
