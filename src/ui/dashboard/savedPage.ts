import { createHash } from 'node:crypto';
import type { FromPage, ToPage } from './protocol.ts';

/** What a saved page is made of. */
export interface SavedPage {
  script: string;
  style: string;
  /** As the page sent them, already looked at by readMessage. */
  theme: Extract<FromPage, { kind: 'page' }>;
  /** Everything that the page shows. */
  data: ToPage;
}

/** One HTML file that opens anywhere: data, script and style are in it, and its policy lets it load nothing. */
export function savedPage({ script, style, theme, data }: SavedPage): string {
  // Within a script element only its end could begin something else.
  const code = script.replaceAll('</script', '<\\/script');
  const hash = createHash('sha256').update(code).digest('base64');
  const variables = Object.entries(theme.theme).map(([name, value]) => `${name}:${value};`);
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="${attribute(data.texts?.language ?? 'en')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'">
<title>${text(data.texts?.title ?? '')}</title>
<style>:root{${variables.join('')}}
${style.replaceAll('</style', '<\\/style')}</style>
</head>
<body class="${attribute(theme.body)}">
<script type="application/json" id="saved">${json}</script>
<script>${code}</script>
</body>
</html>
`;
}

const text = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const attribute = (value: string) => text(value).replaceAll('"', '&quot;');
