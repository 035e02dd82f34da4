export type ImageProblem = 'empty' | 'placeholder' | 'upper-case' | 'bad-characters' | 'bad-tag' | 'too-long';

/** Is the reference still one of the documentation's placeholders: `<repo>/…`, `gcr.io/<project>/…`, or empty? */
export function isPlaceholderImage(reference: string): boolean {
  return reference.trim() === '' || /<[^<>]*>/.test(reference);
}

/** What keeps the reference from naming an image; undefined when nothing does. */
export function checkImage(reference: string): ImageProblem | undefined {
  if (reference.trim() === '') return 'empty';
  return isPlaceholderImage(reference) ? 'placeholder' : undefined;
}

/** argv of the build; paths and platform as docker takes them. */
export function buildCommand(o: { image: string; context: string; dockerfile?: string; platform?: string }): string[] {
  return ['docker', 'build', '-t', o.image, ...(o.dockerfile ? ['-f', o.dockerfile] : []), o.context];
}

/** argv that gives an image a second name. */
export function tagCommand(from: string, to: string): string[] {
  return ['docker', 'tag', from, to];
}

/** argv that pushes an image to the registry of its name. */
export function pushCommand(image: string): string[] {
  return ['docker', 'push', image];
}
