import uPlot from 'uplot';
import type { Figures } from './figures.ts';
import type { Line } from './line.ts';
import type { Words } from './words.ts';

/** The width (px) of the numbers beside each plot, the same for all so that their times lie below each other. */
const NUMBERS_WIDTH = 56;
const TIMES_HEIGHT = 28;
/** A dashed line is told from the others without its colour. */
const DASH = [6, 4];
const COUNTS = [1, 2, 5].flatMap(n => Array.from({ length: 16 }, (_, power) => n * 10 ** power)).sort((a, b) => a - b);

export interface PlotOptions<S> {
  place: HTMLElement;
  /** In the order in which they are drawn, the later over the earlier. */
  lines: readonly Line<S>[];
  figures: Figures<S>;
  words: Words;
  /** The height of the scale where the figures are lower; they are whole numbers where it is more than 1. */
  atLeast: number;
  /** Whether the times are written below. */
  times: boolean;
  /** The mouse stands over this sample of the data, or over none. */
  onMoment(index: number | undefined): void;
}

/** One plot of lines over time, in the colours that its place and the lines' swatches have at this moment. */
export function makePlot<S>(options: PlotOptions<S>): uPlot {
  const { place, lines, figures, words, atLeast, times } = options;
  const { color, borderTopColor, fontFamily } = getComputedStyle(place);
  const hairline = { stroke: borderTopColor, width: 1 };
  const axis = { stroke: color, font: `11px ${fontFamily}`, grid: hairline, ticks: { ...hairline, size: 4 }, gap: 4 };
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      padding: [8, 28, times ? 0 : 8, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        // Onto the nearest sample, whose figures are shown.
        move: (plot, left, top) => [left < 0 ? left : plot.valToPos(plot.data[0][plot.posToIdx(left)] ?? 0, 'x'), top],
        sync: { key: 'timeline' },
        points: { size: 7, width: 1 },
      },
      scales: { y: { range: (_plot, _min, max) => [0, Math.max(atLeast, (max ?? 0) * 1.1)] } },
      series: [
        {},
        ...lines.map((line): uPlot.Series => {
          const style = figures.style(line);
          return {
            stroke: style.color,
            width: 2,
            fill: style.backgroundColor,
            ...(style.borderTopStyle === 'dashed' ? { dash: DASH } : {}),
            points: {
              size: 5,
              fill: style.color,
              filter: (plot, series, all) => (all ? null : alone(plot.data[series] ?? [])),
            },
          };
        }),
      ],
      axes: [
        {
          ...axis,
          space: 80,
          size: times ? TIMES_HEIGHT : 0,
          ticks: times ? axis.ticks : { show: false },
          values: (_plot, splits, _axis, _space, step) =>
            times ? splits.map(at => words.time(at * 1000, step < 60)) : splits.map(() => ''),
        },
        {
          ...axis,
          space: 44,
          size: NUMBERS_WIDTH,
          ...(atLeast > 1 ? { incrs: COUNTS } : {}),
          values: (_plot, splits) => words.ticks(splits),
        },
      ],
      hooks: {
        setCursor: [({ cursor }) => options.onMoment((cursor.left ?? -1) < 0 ? undefined : (cursor.idx ?? undefined))],
      },
    },
    [[], ...lines.map(() => [])],
    place,
  );
  return plot;
}

/** @returns which values have none on either side: no line leads to them, so that they are drawn as points */
const alone = (values: uPlot.AlignedData[number]): number[] =>
  [...values.keys()].filter(n => values[n] != null && values[n - 1] == null && values[n + 1] == null);

/** @returns the samples as uPlot takes them: times in seconds; null where nothing is known, which breaks the line */
export function plotData<S extends { at: number }>(
  samples: readonly S[],
  lines: readonly Line<S>[],
): uPlot.AlignedData {
  return [
    samples.map(({ at }) => at / 1000),
    ...lines.map(({ value, height = value }) => samples.map(sample => height(sample) ?? null)),
  ];
}
