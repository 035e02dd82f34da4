/**
 * @param patterns parts of a broker's URL or a context's name, with `*` for anything; upper and lower case are the same
 * @param places the broker's URL without its password, the context's name
 * @returns the first pattern that a place has in it
 */
export function productionPattern(patterns: readonly string[], places: readonly string[]): string | undefined {
  return patterns.find(pattern => {
    const parts = pattern.trim().toLowerCase().split('*');
    return pattern.trim() !== '' && places.some(place => hasInOrder(place.toLowerCase(), parts));
  });
}

// No regular expression: a pattern of many stars would take one for ever.
function hasInOrder(text: string, parts: string[]): boolean {
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
