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

function figure(value) {
  if (value === null || value === undefined) { return "—"; }
  for (const [size, unit] of [[1e9, " G"], [1e6, " M"], [1e3, " k"]]) {
    if (Math.abs(value) >= size) { return `${+(value / size).toPrecision(3)}${unit}`; }
  }
  return `${+value.toPrecision(3)}`;
}

function options(UPlot, chart) {
  const axis = { stroke: token("--muted"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false }, font: `12px ${token("--sans")}` };
  const clock = UPlot.fmtDate("{HH}:{mm}:{ss}");
  return {
    width: Math.max(120, chart.element.clientWidth),
    height: chart.height,
    legend: { show: false },
    cursor: { sync: { key: chart.sync }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_, low, high) => [0, Math.max(1, high * 1.1)] } },
    axes: [
      { ...axis, size: 30, incrs: [5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400], grid: { show: false }, values: (_, splits, __, ___, gap) => splits.map((at) => clock(new Date(at * 1000)).slice(0, gap < 60 ? 8 : 5)) },
      { ...axis, size: 54, values: (_, splits) => splits.map(figure) },
    ],
    series: [{}, ...chart.series.map(({ label, color, dashed }) => ({
      label, stroke: token(color), width: 1.75, dash: dashed ? [5, 4] : undefined, fill: dashed ? undefined : `${token(color)}14`, points: { show: false },
    }))],
    hooks: { setCursor: [(plot) => read(plot, chart, clock)] },
  };
}

// The figures under the cursor, in the element that the page put there for them.
function read(plot, chart, clock) {
  const at = plot.cursor.idx;
  if (!chart.readout) { return; }
  chart.readout.textContent = at === null || at === undefined
    ? ""
    : `${clock(new Date(plot.data[0][at] * 1000))}  ${chart.series.map(({ label }, index) => `${label} ${figure(plot.data[index + 1][at])}`).join("  ")}`;
}

export async function create(element, readout, spec) {
  const UPlot = await load();
  const chart = { element, readout, height: spec.height, sync: spec.sync, series: spec.series, most: spec.most, data: spec.data, plot: null };
  const build = () => {
    chart.plot?.destroy();
    chart.plot = new UPlot(options(UPlot, chart), chart.data, element);
  };
  build();
  const width = new ResizeObserver(() => chart.plot.setSize({ width: Math.max(120, element.clientWidth), height: chart.height }));
  width.observe(element);
  document.addEventListener("portal:theme", build);
  return {
    replace: (data) => { chart.data = data; chart.plot.setData(data); },
    // Rows are [seconds, value, value...]; one with the time of the last replaces it.
    append: (rows) => {
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
