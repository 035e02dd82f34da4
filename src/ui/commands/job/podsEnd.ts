import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import { pods } from '../../text.ts';
import { type ChangeTools, isClusterError } from './changeJob.ts';

/**
 * Waits for the Pods of a Job that makes no more, and says why.
 * @returns how many have not ended in their time; 0 too where they may not be seen
 */
export async function podsEnd({ api, cluster, signal, report }: ChangeTools, job: JobRow): Promise<number> {
  const { namespace, uid, queue } = job;
  try {
    return await api.waitForPodsToEnd(cluster, {
      namespace,
      jobUid: uid,
      signal,
      onLeft: left =>
        report(
          queue === undefined
            ? vscode.l10n.t('{0} still ending', pods(left.length))
            : vscode.l10n.t('{0} still ending; until then they may take messages of {1}', pods(left.length), queue),
        ),
    });
  } catch (error) {
    if (isClusterError(error) && error.code === 'forbidden') return 0;
    throw error;
  }
}
