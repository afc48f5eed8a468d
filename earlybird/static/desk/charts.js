// The front page's two charts: what the server counted, in the desk's colours. Without it the tables say the same.
(() => {
  const data = JSON.parse(document.getElementById("chart-data").textContent);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const indian = new Intl.NumberFormat("en-IN");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const sets = (name) =>
    data.layers.map((layer, index) => ({
      label: layer.label,
      data: data[name].counts[index],
      backgroundColor: colour(`--chart-${layer.name}`),
      borderWidth: 0,
      maxBarThickness: 26,
    }));

  function options(name, lies) {
    const text = colour("--body-fg");
    const grid = colour("--hairline-color");
    const counts = { stacked: true, beginAtZero: true, grid: { color: grid }, border: { display: false },
      ticks: { color: text, precision: 0, maxTicksLimit: 6, callback: (value) => indian.format(value) } };
    const names = { stacked: true, grid: { display: false }, border: { color: grid },
      ticks: { color: text, autoSkip: !lies, maxRotation: 0, autoSkipPadding: 12 } };
    return {
      animation: calm ? false : { duration: 300 },
      maintainAspectRatio: false,
      indexAxis: lies ? "y" : "x",
      interaction: { mode: "index", axis: lies ? "y" : "x", intersect: false },
      scales: lies ? { x: counts, y: names } : { x: names, y: counts },
      onClick: (event, found) => { if (found.length) location.href = data[name].links[found[0].index]; },
      onHover: (event, found) => { event.native.target.style.cursor = found.length ? "pointer" : "default"; },
      plugins: {
        legend: { position: "bottom", labels: { color: text, boxWidth: 10, boxHeight: 10, padding: 12 } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${indian.format(item.raw)}` } },
      },
    };
  }

  const drawn = [...document.querySelectorAll("canvas[data-chart]")].map((canvas) => {
    const name = canvas.dataset.chart;
    const lies = name === "kinds";
    const { labels } = data[name];
    if (lies) canvas.parentElement.style.minHeight = `${Math.max(300, 90 + labels.length * 26)}px`;
    const chart = new Chart(canvas, { type: "bar", data: { labels, datasets: sets(name) }, options: options(name, lies) });
    return { name, lies, chart };
  });

  // Light or dark was chosen while the page was open.
  new MutationObserver(() => {
    for (const { name, lies, chart } of drawn) {
      chart.data.datasets = sets(name);
      chart.options = options(name, lies);
      chart.update("none");
    }
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
})();
