import * as vscode from 'vscode';
import type { FormatError } from '../../../workload/formats/formatError.ts';
import { label } from '../../label.ts';

/** @returns what keeps a source from being read, in words: "line 3, column 5: “]” may not stand there" */
export function problemWords(problem: unknown): string {
  if (!isFormatError(problem)) return problem instanceof Error ? problem.message : String(problem);
  return vscode.l10n.t('line {0}, column {1}: {2}', problem.line, problem.column, what(problem));
}

function what({ problem, subject }: FormatError): string {
  switch (problem) {
    case 'json-no-array':
      return vscode.l10n.t('a JSON array begins with “[”');
    case 'json-syntax':
      if (subject === '"')
        return vscode.l10n.t('a quote may not stand there in JSON; a comma may be missing before it');
      return subject.trim() === ''
        ? vscode.l10n.t('this character may not stand there in JSON')
        : vscode.l10n.t('“{0}” may not stand there in JSON', label(subject));
    case 'json-too-deep':
      return vscode.l10n.t('more brackets inside each other than a list of items has');
    case 'json-unfinished':
      return vscode.l10n.t('the text ends before the JSON array does');
    case 'json-after-end':
      return vscode.l10n.t('something follows the JSON array');
    case 'csv-open-quote':
      return vscode.l10n.t('the quote that opens here is never closed');
    case 'csv-after-quote':
      return vscode.l10n.t('text follows a closing quote; a quote inside a field is written twice');
    case 'csv-no-column':
      return vscode.l10n.t('there is no column {0}', label(subject));
  }
}

/** Known by its name, as all errors are. */
export const isFormatError = (error: unknown): error is FormatError =>
  error instanceof Error && error.name === 'FormatError';
