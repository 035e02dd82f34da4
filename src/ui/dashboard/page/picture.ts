/** What is drawn, from top to bottom. */
export interface PictureParts {
  title: string;
  lines: string[];
  /** The list of figures: each a name with its swatch, and a value. */
  figures: HTMLElement;
  plots: { title: string; canvas: HTMLCanvasElement }[];
  /** Their paragraphs and headings are written out. */
  cards: HTMLElement[];
}

const MARGIN = 24;
const LINE = 20;
/** The rows of text that a card gets at most: nobody reads more in a picture. */
const ROWS_AT_MOST = 60;

/** @returns the page as a PNG, in base64: its plots as they are drawn, the rest as text */
export function pictureOf({ title, lines, figures, plots, cards }: PictureParts): string {
  const style = getComputedStyle(document.body);
  const scale = window.devicePixelRatio;
  const width = Math.max(600, ...plots.map(({ canvas }) => canvas.width / scale)) + 2 * MARGIN;
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  if (!pen) return '';
  const font = (size: number, weight = 400) => `${weight} ${size}px ${style.fontFamily}`;
  pen.font = font(13);
  const paragraphs = cards.flatMap(card =>
    [...card.querySelectorAll('h2, h3, p, li:not(.with-button), .figures > div')].flatMap(part => [
      { text: [...part.childNodes].map(node => node.textContent).join(' '), heading: part.matches('h2, h3') },
    ]),
  );
  const rows = paragraphs
    .flatMap(({ text, heading }) => wrap(pen, text, width - 2 * MARGIN).map(row => ({ row, heading })))
    .slice(0, ROWS_AT_MOST);
  const plotsHeight = plots.reduce((sum, plot) => sum + plot.canvas.height / scale + LINE * 1.5, 0);
  const entries = [...figures.children];
  const perRow = Math.max(1, Math.floor((width - 2 * MARGIN) / 150));
  const figureRows = Math.ceil(entries.length / perRow);
  const shownLines = lines.filter(line => line !== '').flatMap(line => wrap(pen, line, width - 2 * MARGIN));
  const height = 2 * MARGIN + 34 + (shownLines.length + rows.length) * LINE + figureRows * 48 + plotsHeight + 32;
  canvas.width = width * scale;
  canvas.height = height * scale;
  pen.scale(scale, scale);
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background') || '#fff';
  pen.fillRect(0, 0, width, height);
  pen.textBaseline = 'top';
  let y = MARGIN;
  const write = (text: string, size: number, weight: number, height: number) => {
    pen.fillStyle = style.color;
    pen.font = font(size, weight);
    pen.fillText(text, MARGIN, y);
    y += height;
  };
  write(title, 20, 600, 34);
  for (const line of shownLines) write(line, 13, 400, LINE);
  y += 8;
  entries.forEach((entry, n) => {
    const left = MARGIN + (n % perRow) * 150;
    const top = y + Math.floor(n / perRow) * 48;
    const swatch = entry.querySelector('.swatch');
    pen.fillStyle = swatch ? getComputedStyle(swatch).color : style.color;
    pen.fillRect(left, top + 4, 14, 6);
    pen.fillStyle = style.color;
    pen.font = font(12);
    pen.fillText(entry.querySelector('dt')?.textContent ?? '', left + 20, top);
    pen.font = font(20, 300);
    pen.fillText(entry.querySelector('dd')?.textContent ?? '', left, top + 17);
  });
  y += figureRows * 48 + 8;
  for (const plot of plots) {
    write(plot.title, 13, 400, LINE);
    pen.drawImage(plot.canvas, MARGIN, y, plot.canvas.width / scale, plot.canvas.height / scale);
    y += plot.canvas.height / scale + LINE / 2;
  }
  y += 8;
  for (const { row, heading } of rows) write(row, 13, heading ? 600 : 400, LINE);
  return canvas.toDataURL('image/png').replace(/^.*,/, '');
}

/** @returns the text in rows that are no wider than `width`; words of languages without blanks are cut anywhere */
function wrap(pen: CanvasRenderingContext2D, text: string, width: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g) ?? []) {
    if (row !== '' && pen.measureText(row + word).width > width) {
      rows.push(row);
      row = '';
    }
    row += word;
  }
  return [...rows, ...(row.trim() === '' ? [] : [row])];
}
