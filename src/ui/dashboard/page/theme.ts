/** What the page's style takes from the editor's, without `--vscode-`. */
const NAMES = [
  'foreground',
  'descriptionForeground',
  'editor-background',
  'focusBorder',
  'contrastBorder',
  'widget-border',
  'font-family',
  'font-size',
  'font-weight',
  'charts-blue',
  'charts-yellow',
  'charts-green',
  'charts-red',
  'charts-purple',
  'editorError-foreground',
  'editorWarning-foreground',
  'editorInfo-foreground',
  'inputValidation-warningForeground',
  'inputValidation-warningBackground',
  'inputValidation-warningBorder',
  'button-background',
  'button-foreground',
  'button-hoverBackground',
  'button-border',
  'button-secondaryBackground',
  'button-secondaryForeground',
  'button-secondaryHoverBackground',
];

/** @returns the editor's colours and fonts as they are now, for a page that is read without it */
export function themeNow(): { theme: Record<string, string>; body: string } {
  const style = getComputedStyle(document.documentElement);
  const values = NAMES.map(name => [`--vscode-${name}`, style.getPropertyValue(`--vscode-${name}`).trim()]);
  return { theme: Object.fromEntries(values.filter(([, value]) => value !== '')), body: document.body.className };
}
