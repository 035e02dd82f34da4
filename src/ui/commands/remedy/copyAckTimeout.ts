import * as vscode from 'vscode';
import { ackTimeoutPolicy } from '../../../workload/ackTimeoutPolicy.ts';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { duration } from '../../text.ts';
import { UserError } from '../../userError.ts';
import { chooseJob, type JobTarget } from '../job/chooseJob.ts';
import { queueNow } from '../queue/queueNow.ts';

const HOUR = 3_600_000;

/**
 * Command: copies the command that has the broker wait longer for an ack of a Job's queue. It is not done from here: it
 * takes the place of the queue's policy, which is for whoever runs the broker to decide.
 * @param milliseconds how long it is to wait
 */
export async function copyAckTimeout(app: App, target?: JobTarget, milliseconds?: unknown): Promise<void> {
  const title = vscode.l10n.t('The ack timeout of which Job’s queue?');
  const { queue = '' } = await chooseJob(app, target, title, job => job.queue !== undefined);
  const { connected, details } = await queueNow({ place: app.model.brokers.main, queue });
  if (!details) {
    throw new UserError(
      vscode.l10n.t(
        'The broker does not say which policy queue {0} has: a new one could take away what it sets.',
        label(queue),
      ),
      { warning: true },
    );
  }
  const timeout = typeof milliseconds === 'number' ? milliseconds : HOUR;
  const { vhost } = connected.address;
  const defined = details.effectivePolicy;
  await vscode.env.clipboard.writeText(ackTimeoutPolicy({ vhost, queue, milliseconds: timeout, defined }));
  void vscode.window.showInformationMessage(
    [
      vscode.l10n.t(
        'Copied, for a shell on the broker: the command for an ack timeout of {0} for queue {1}.',
        duration(timeout),
        label(queue),
      ),
      ...(details.policy === undefined
        ? []
        : [
            vscode.l10n.t(
              'It takes the place of policy {0} for this queue and has all that that one defines.',
              label(details.policy),
            ),
          ]),
    ].join(' '),
  );
}
