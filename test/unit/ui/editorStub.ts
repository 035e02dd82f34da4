import { registerHooks } from 'node:module';

// Texts go through vscode.l10n.t, which only the editor has, as it has the classes of rows. Outside it, only these stand in
// for them: the English text with its values put in, as the editor does without a translation, and classes that keep
// what they are given.
const source = `
export const l10n = { t: (text, ...values) => text.replace(/\\{(\\d+)\\}/g, (_, n) => String(values[n])) };
export class TreeItem { constructor(label) { this.label = label; } }
export class ThemeIcon { constructor(id, color) { this.id = id; this.color = color; } }
export class ThemeColor { constructor(id) { this.id = id; } }
`;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
      : next(specifier, context),
});
