const EVERY_MS = 20;

/** Watches the process's resident memory; call what it returns for the growth from now to its highest (MB), and the end. */
export function watchMemory(): () => number {
  const before = process.memoryUsage.rss();
  let highest = before;
  const look = () => {
    highest = Math.max(highest, process.memoryUsage.rss());
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
    return (highest - before) / 2 ** 20;
  };
}
