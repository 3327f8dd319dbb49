// Time series on uPlot: created once, fed by append, coloured from the tokens, redrawn when the theme or the width changes.
let library = null;

function load() {
  library ??= new Promise((resolve, reject) => {
    const base = new URL("lib/uplot/", import.meta.url);
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("uPlot.min.css", base) });
    const script = Object.assign(document.createElement("script"), { src: new URL("uPlot.iife.min.js", base) });
    script.onload = () => resolve(window.uPlot);
    script.onerror = () => { library = null; reject(new Error("The chart library could not be loaded.")); };
    document.head.append(style, script);
  });
  return library;
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const reach = 7;

// In the zone that the person prefers; the browser's own where there is no preference, or where this browser does not know that zone.
function dateAt(UPlot, seconds) {
  const date = new Date(seconds * 1000);
  const zone = document.documentElement.dataset.zone;
  try {
    return zone ? UPlot.tzDate(date, zone) : date;
  } catch {
    return date;
  }
}

function scaled(value, steps) {
  for (const [size, unit] of steps) {
    if (Math.abs(value) >= size) { return `${+(value / size).toPrecision(3)} ${unit}`; }
  }
  return `${+value.toPrecision(3)}`;
}

// The same units as Numbers on the server.
const units = {
  rate: (value) => scaled(value, [[1e9, "G"], [1e6, "M"], [1e3, "k"]]),
  count: (value) => scaled(value, [[1e9, "G"], [1e6, "M"], [1e3, "k"]]),
  bytes: (value) => scaled(value, [[2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"]]),
  milliseconds: (value) => value >= 1000 ? `${+(value / 1000).toPrecision(3)} s` : `${+value.toPrecision(3)} ms`,
};

const figure = (chart, value) => value === null || value === undefined ? "—" : units[chart.unit](value);

// A day or more needs the date beside the time.
function clockOf(UPlot, chart) {
  const [from, to] = chart.window ?? [0, 0];
  return UPlot.fmtDate(to - from > 86400 ? "{DD} {MMM} {HH}:{mm}" : to - from > 7200 ? "{HH}:{mm}" : "{HH}:{mm}:{ss}");
}

function ticksOf(UPlot) {
  const [time, exact, day] = ["{HH}:{mm}", "{HH}:{mm}:{ss}", "{DD} {MMM}"].map((format) => UPlot.fmtDate(format));
  return (_, splits, __, ___, gap) => splits.map((at) => (gap < 60 ? exact : gap < 86400 ? time : day)(dateAt(UPlot, at)));
}

function options(UPlot, chart) {
  const axis = { stroke: token("--muted"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false }, font: `12px ${token("--sans")}` };
  return {
    width: Math.max(120, chart.element.clientWidth),
    height: chart.height,
    // Where days and hours begin on the axis.
    tzDate: (seconds) => dateAt(UPlot, seconds),
    legend: { show: false },
    cursor: { sync: { key: chart.sync }, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: (_, low, high) => chart.window ?? [low, high] },
      y: { range: (_, low, high) => [0, Math.max(1, (high ?? 0) * 1.1)] },
    },
    axes: [
      { ...axis, size: 30, incrs: [5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400], grid: { show: false }, values: ticksOf(UPlot) },
      { ...axis, size: 58, values: (_, splits) => splits.map((value) => figure(chart, value)) },
    ],
    series: [{}, ...chart.series.map(({ label, color, dashed }) => ({
      label, stroke: token(color), width: 1.75, dash: dashed ? [5, 4] : undefined, fill: dashed ? undefined : `${token(color)}14`,
      // A point between two gaps has no line to be seen by.
      points: { size: 4, fill: token(color), filter: (plot, index) => lonely(plot.data[index]) },
    }))],
    hooks: { setCursor: [(plot) => read(UPlot, plot, chart)], draw: [(plot) => drawMarks(plot, chart)] },
  };
}

function lonely(values) {
  const found = [];
  for (let at = 0; at < values.length; at++) {
    if (values[at] !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null) { found.push(at); }
  }
  return found;
}

// What happened, as dotted lines: the colour says how serious, the readout what, a click goes there.
function drawMarks(plot, chart) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at, color } of chart.marks) {
    const x = Math.round(plot.valToPos(at, "x", true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) { continue; }
    ctx.strokeStyle = token(color);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function markAt(plot, chart, left) {
  let best = null;
  for (const mark of chart.marks) {
    const distance = Math.abs(plot.valToPos(mark.at, "x") - left);
    if (distance <= reach && (best === null || distance <= best.distance)) { best = { mark, distance }; }
  }
  return best?.mark ?? null;
}

// The figures under the cursor, in the element that the page put there for them.
function read(UPlot, plot, chart) {
  const { idx: at, left } = plot.cursor;
  const mark = left >= 0 ? markAt(plot, chart, left) : null;
  plot.over.style.cursor = mark ? "pointer" : "";
  if (!chart.readout) { return; }
  const clock = clockOf(UPlot, chart);
  chart.readout.textContent = mark
    ? `${clock(dateAt(UPlot, mark.at))}  ${mark.label}`
    : at === null || at === undefined || left < 0
      ? ""
      : `${clock(dateAt(UPlot, plot.data[0][at]))}  ${chart.series.map(({ label }, index) => `${label} ${figure(chart, plot.data[index + 1][at])}`).join("  ")}`;
}

export async function create(element, readout, spec) {
  const UPlot = await load();
  const chart = { element, readout, ...spec, plot: null };
  const build = () => {
    chart.plot?.destroy();
    chart.plot = new UPlot(options(UPlot, chart), chart.data, element);
    chart.plot.over.addEventListener("click", () => {
      const mark = markAt(chart.plot, chart, chart.plot.cursor.left);
      if (mark) { Blazor.navigateTo(mark.href); }
    });
  };
  build();
  const width = new ResizeObserver(() => chart.plot.setSize({ width: Math.max(120, element.clientWidth), height: chart.height }));
  width.observe(element);
  document.addEventListener("portal:theme", build);
  return {
    replace: (data, window, marks) => {
      Object.assign(chart, { data, window, marks });
      chart.plot.setData(data);
    },
    mark: (marks) => {
      chart.marks = marks;
      chart.plot.redraw(false);
    },
    // Rows are [seconds, value, value...]; one with the time of the last replaces it.
    append: (rows, window) => {
      chart.window = window;
      for (const row of rows) {
        const times = chart.data[0];
        const last = times.length - 1;
        if (last >= 0 && row[0] < times[last]) { continue; }
        const at = last >= 0 && times[last] === row[0] ? last : last + 1;
        row.forEach((value, index) => { chart.data[index][at] = value; });
        while (times.length > chart.most) { chart.data.forEach((values) => values.shift()); }
      }
      chart.plot.setData(chart.data);
    },
    dispose: () => {
      width.disconnect();
      document.removeEventListener("portal:theme", build);
      chart.plot.destroy();
    },
  };
}
