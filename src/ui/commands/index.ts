import type { CommandTable } from '../command.ts';
import { COMMANDS } from '../ids.ts';
import { enterPassword, forgetPassword } from './broker/password.ts';
import { startBroker } from './broker/startBroker.ts';
import { testBroker } from './broker/testBroker.ts';
import { chooseContext, chooseNamespace, chooseNamespaces } from './cluster/choose.ts';
import { exportHistory } from './history/exportHistory.ts';
import { deleteJob } from './job/deleteJob.ts';
import { describeJob } from './job/describeJob.ts';
import { filterJobs } from './job/filterJobs.ts';
import { publishAndRun } from './job/publishAndRun.ts';
import { returnFailedItems } from './job/returnFailedItems.ts';
import { runJob } from './job/runJob.ts';
import { runRest } from './job/runRest.ts';
import { saveFailedItems } from './job/saveFailedItems.ts';
import { setParallelism } from './job/setParallelism.ts';
import { showDashboard } from './job/showDashboard.ts';
import { showItems } from './job/showItems.ts';
import { showJobLog } from './job/showJobLog.ts';
import { showPodLog } from './job/showPodLog.ts';
import { showPreviousLog } from './job/showPreviousLog.ts';
import { stopJob } from './job/stopJob.ts';
import { resumeJob, suspendJob } from './job/suspendJob.ts';
import { filterLog } from './log/filterLog.ts';
import { saveLog } from './log/saveLog.ts';
import { copyMessages } from './queue/copyMessages.ts';
import { createQueue } from './queue/createQueue.ts';
import { deleteQueue } from './queue/deleteQueue.ts';
import { describeQueue } from './queue/describeQueue.ts';
import { filterQueues } from './queue/filterQueues.ts';
import { moveMessages } from './queue/moveMessages.ts';
import { peekMessages } from './queue/peekMessages.ts';
import { publishClipboard } from './queue/publishClipboard.ts';
import { publishFile } from './queue/publishFile.ts';
import { publishLines } from './queue/publishLines.ts';
import { purgeQueue } from './queue/purgeQueue.ts';
import { resumePublish } from './queue/resumePublish.ts';
import { returnMessages } from './queue/returnMessages.ts';
import { saveMessages } from './queue/saveMessages.ts';
import { showChart } from './queue/showChart.ts';
import { sortQueues } from './queue/sortQueues.ts';
import { undoPublish } from './queue/undoPublish.ts';
import { addMissing } from './remedy/addMissing.ts';
import { copyAckTimeout } from './remedy/copyAckTimeout.ts';
import { mend } from './remedy/mend.ts';
import { replaceJob } from './remedy/replaceJob.ts';
import { setAside } from './remedy/setAside.ts';
import { buildAndLoad, buildAndPush } from './worker/buildAndPush.ts';
import { buildImage } from './worker/buildImage.ts';
import { createWorker } from './worker/createWorker.ts';
import { logIn } from './worker/logIn.ts';
import { pushImage } from './worker/pushImage.ts';
import { tryWorker } from './worker/tryWorker.ts';

export { runImageChain } from '../imageChain.ts';

/** Every command of the product and the function that does it. */
export const commands: CommandTable = {
  [COMMANDS.startBroker]: startBroker,
  [COMMANDS.testBroker]: testBroker,
  [COMMANDS.enterPassword]: enterPassword,
  [COMMANDS.forgetPassword]: forgetPassword,
  [COMMANDS.createQueue]: createQueue,
  [COMMANDS.publishLines]: publishLines,
  [COMMANDS.publishFile]: publishFile,
  [COMMANDS.publishClipboard]: publishClipboard,
  [COMMANDS.resumePublish]: resumePublish,
  [COMMANDS.undoPublish]: undoPublish,
  [COMMANDS.peekMessages]: peekMessages,
  [COMMANDS.saveMessages]: saveMessages,
  [COMMANDS.moveMessages]: moveMessages,
  [COMMANDS.copyMessages]: copyMessages,
  [COMMANDS.returnMessages]: returnMessages,
  [COMMANDS.purgeQueue]: purgeQueue,
  [COMMANDS.deleteQueue]: deleteQueue,
  [COMMANDS.describeQueue]: describeQueue,
  [COMMANDS.showQueueChart]: showChart,
  [COMMANDS.filterQueues]: filterQueues,
  [COMMANDS.sortQueues]: sortQueues,
  [COMMANDS.refreshQueues]: async app => {
    await app.model.brokers.refresh();
    await Promise.all(app.model.brokers.all.filter(({ link }) => link.connected).map(({ queues }) => queues.refresh()));
  },
  [COMMANDS.createWorker]: createWorker,
  [COMMANDS.buildImage]: buildImage,
  [COMMANDS.pushImage]: pushImage,
  [COMMANDS.buildAndPush]: buildAndPush,
  [COMMANDS.buildAndLoad]: buildAndLoad,
  [COMMANDS.logIn]: logIn,
  [COMMANDS.tryWorker]: tryWorker,
  [COMMANDS.runJob]: runJob,
  [COMMANDS.publishAndRun]: publishAndRun,
  [COMMANDS.runRest]: runRest,
  [COMMANDS.suspendJob]: suspendJob,
  [COMMANDS.resumeJob]: resumeJob,
  [COMMANDS.setParallelism]: setParallelism,
  [COMMANDS.stopJob]: stopJob,
  [COMMANDS.showDashboard]: showDashboard,
  [COMMANDS.describeJob]: describeJob,
  [COMMANDS.deleteJob]: deleteJob,
  [COMMANDS.mend]: mend,
  [COMMANDS.replaceJob]: replaceJob,
  [COMMANDS.setAside]: setAside,
  [COMMANDS.addMissing]: addMissing,
  [COMMANDS.copyAckTimeout]: copyAckTimeout,
  [COMMANDS.exportHistory]: exportHistory,
  [COMMANDS.showPodLog]: showPodLog,
  [COMMANDS.filterJobs]: filterJobs,
  [COMMANDS.chooseNamespaces]: chooseNamespaces,
  [COMMANDS.showJobLog]: showJobLog,
  [COMMANDS.showPreviousLog]: showPreviousLog,
  [COMMANDS.showItems]: showItems,
  [COMMANDS.saveFailedItems]: saveFailedItems,
  [COMMANDS.returnFailedItems]: returnFailedItems,
  [COMMANDS.filterLog]: filterLog,
  [COMMANDS.saveLog]: saveLog,
  [COMMANDS.refreshJobs]: app => app.model.runs.refresh(),
  [COMMANDS.chooseContext]: chooseContext,
  [COMMANDS.chooseNamespace]: chooseNamespace,
  [COMMANDS.showOutput]: async app => app.log.show(),
};
