import * as vscode from 'vscode';
import type { Problem } from '../../workload/manifest.ts';
import type { YamlFault } from '../../workload/yamlFault.ts';
import { label } from '../label.ts';

const WORDS: Record<YamlFault, (about: string) => string> = {
  'too-long': about => vscode.l10n.t('longer than {0} characters', about),
  'text-after-dashes': () => vscode.l10n.t('nothing but a comment may follow the --- of a line'),
  directive: () => vscode.l10n.t('kubectl takes no directives'),
  'control-character': () => vscode.l10n.t('a control character'),
  'byte-order-mark': () => vscode.l10n.t('a byte order mark in the middle of the text'),
  tab: () => vscode.l10n.t('a tab at the beginning of a line'),
  'no-anchor': about => vscode.l10n.t('no anchor “{0}” before this alias', about),
  'no-content': () => vscode.l10n.t('the document has no content'),
  'too-many-aliases': about => vscode.l10n.t('aliases stand for more than {0} values', about),
  'alias-of-itself': () => vscode.l10n.t('an anchor contains an alias of itself'),
  'key-twice': about => vscode.l10n.t('key “{0}” is written twice', about),
  'merge-of-no-mapping': () => vscode.l10n.t('a merge key takes a mapping or a list of mappings'),
  'key-no-text': () => vscode.l10n.t('a key must be text'),
  'half-character': () => vscode.l10n.t('half a character: a surrogate alone'),
  infinite: () => vscode.l10n.t('an infinite number or no number cannot be sent'),
  'no-base64': () => vscode.l10n.t('the text is not base64'),
  'no-kind': () => vscode.l10n.t('a document must say its kind'),
  'empty-item': () => vscode.l10n.t('an item of this list is empty'),
  'api-version': () => vscode.l10n.t('the apiVersion of a Job must be batch/v1'),
  'no-whole-number': about => vscode.l10n.t('{0} must be a whole number, without quotes', about),
  'no-text': about => vscode.l10n.t('{0} must be text: put it in quotes', about),
  'variable-no-text': about =>
    about === ''
      ? vscode.l10n.t('the value of a variable must be text: put it in quotes')
      : vscode.l10n.t('the value of {0} must be text: put it in quotes', about),
};

/** @returns what is wrong with a manifest, in words; the YAML parser’s own where it is the parser that says so */
export function manifestProblem({ message, about }: Problem): string {
  return isFault(message) ? WORDS[message](label(about)) : label(message);
}

const isFault = (message: string): message is YamlFault => Object.hasOwn(WORDS, message);
