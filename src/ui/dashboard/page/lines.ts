import type { RunSample } from '../../../model/runSamples.ts';
import type { Line } from '../../page/line.ts';
import type { PlotPart } from '../../page/timeline.ts';
import type { DashboardTexts } from '../protocol.ts';

/** The plots of a run: its queue against the completions to come, and its Pods, one state on top of the other. */
export function plotsOf(texts: DashboardTexts): PlotPart<RunSample>[] {
  const line = (
    key: 'ready' | 'unacked' | 'owed' | 'waiting' | 'running' | 'succeeded' | 'failed',
    ...below: (keyof RunSample)[]
  ): Line<RunSample> => ({
    key,
    name: texts[key],
    value: sample => sample[key],
    height: sample => sum([key, ...below].map(name => sample[name])),
  });
  return [
    { title: texts.queue, atLeast: 5, lines: [line('unacked', 'ready'), line('ready'), line('owed')] },
    {
      title: texts.pods,
      atLeast: 5,
      lines: [
        line('waiting', 'running', 'failed', 'succeeded'),
        line('running', 'failed', 'succeeded'),
        line('failed', 'succeeded'),
        line('succeeded'),
      ],
    },
  ];
}

/** @returns undefined when a part is not known */
function sum(parts: (number | undefined)[]): number | undefined {
  return parts.reduce((all, part) => (all === undefined || part === undefined ? undefined : all + part), 0);
}
