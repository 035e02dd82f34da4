import * as vscode from 'vscode';
import { looksLikeRun } from '../../workload/looksLikeRun.ts';

/** The documents that may hold a manifest; git's old versions in a diff are not worked on. */
export const MANIFEST_SELECTOR: vscode.DocumentSelector = ['file', 'untitled'].flatMap(scheme => [
  { scheme, language: 'yaml' },
  { scheme, pattern: '**/*.{yaml,yml}' },
]);

/** @returns whether a document may hold a manifest, by its kind alone */
export const isYaml = (document: vscode.TextDocument): boolean =>
  vscode.languages.match(MANIFEST_SELECTOR, document) > 0;

/** @returns whether a document looks like the manifest of a run: all that is ever done with other documents */
export const isManifestText = (document: vscode.TextDocument): boolean =>
  isYaml(document) && looksLikeRun(document.getText());
