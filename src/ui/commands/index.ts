import type { CommandTable } from '../command.ts';
import { COMMANDS } from '../ids.ts';
import { enterPassword, forgetPassword } from './broker/password.ts';
import { startBroker } from './broker/startBroker.ts';
import { testBroker } from './broker/testBroker.ts';
import { chooseContext, chooseNamespace } from './cluster/choose.ts';
import { deleteJob } from './job/deleteJob.ts';
import { describeJob } from './job/describeJob.ts';
import { runJob } from './job/runJob.ts';
import { showPodLog } from './job/showPodLog.ts';
import { createQueue } from './queue/createQueue.ts';
import { publishLines } from './queue/publishLines.ts';
import { buildAndPush } from './worker/buildAndPush.ts';
import { buildImage } from './worker/buildImage.ts';
import { createWorker } from './worker/createWorker.ts';
import { pushImage } from './worker/pushImage.ts';

/** Every command of the product and the function that does it. */
export const commands: CommandTable = {
  [COMMANDS.startBroker]: startBroker,
  [COMMANDS.testBroker]: testBroker,
  [COMMANDS.enterPassword]: enterPassword,
  [COMMANDS.forgetPassword]: forgetPassword,
  [COMMANDS.createQueue]: createQueue,
  [COMMANDS.publishLines]: publishLines,
  [COMMANDS.refreshQueues]: app => app.model.queues.refresh(),
  [COMMANDS.createWorker]: createWorker,
  [COMMANDS.buildImage]: buildImage,
  [COMMANDS.pushImage]: pushImage,
  [COMMANDS.buildAndPush]: buildAndPush,
  [COMMANDS.runJob]: runJob,
  [COMMANDS.describeJob]: describeJob,
  [COMMANDS.deleteJob]: deleteJob,
  [COMMANDS.showPodLog]: showPodLog,
  [COMMANDS.refreshJobs]: app => app.model.runs.refresh(),
  [COMMANDS.chooseContext]: chooseContext,
  [COMMANDS.chooseNamespace]: chooseNamespace,
  [COMMANDS.showOutput]: async app => app.log.show(),
};
