import { registerHooks } from 'node:module';

// Texts go through vscode.l10n.t, which only the editor has. Outside it, only this function stands in for it:
// the English text with its values put in, as the editor does without a translation.
const source = `export const l10n = { t: (text, ...values) => text.replace(/\\{(\\d+)\\}/g, (_, n) => String(values[n])) };`;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
      : next(specifier, context),
});
