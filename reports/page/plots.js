// Intervals on one axis, in a table that can be read without seeing the lines; and bars of verdicts.
// Neither better nor worse is told by colour alone: the mark points up or down, and a word stands beside it.

const BETTER = "var(--better)",
  WORSE = "var(--worse)",
  UNSURE = "var(--unsure)";
const MARKS = {
  up: "M0,-7 L7,5 L-7,5 Z",
  down: "M0,7 L7,-5 L-7,-5 Z",
  square: "M-5,-5 L5,-5 L5,5 L-5,5 Z",
  dot: "M-5,0 A5,5 0 1 0 5,0 A5,5 0 1 0 -5,0 Z",
};

const MOST_LINES_AT_FIRST = 12;

// rows: {label, group, low, high, value, colour, shape, text, word, limit}; from, to: ends of the axis; ticks: [value, text].
function intervals({ name, caption, rows, from, to, ticks, heads }) {
  const x = (value) => `${(3 + (94 * (value - from)) / (to - from)).toFixed(3)}%`;
  const grid = (height) =>
    ticks.map(([value]) =>
      make("line", { class: value === 0 && from < 0 ? "zero" : "axis", x1: x(value), x2: x(value), y1: 0, y2: height }),
    );
  const drawn = (row) =>
    make(
      "svg",
      { height: 26, "aria-hidden": "true", focusable: "false" },
      grid(26),
      row.limit === undefined
        ? null
        : make("line", { class: "limit", x1: x(row.limit), x2: x(row.limit), y1: 0, y2: 26 }),
      row.low === null
        ? null
        : make("line", {
            x1: x(row.low),
            x2: x(row.high),
            y1: 13,
            y2: 13,
            stroke: row.colour,
            "stroke-width": 3,
            "stroke-linecap": "round",
          }),
      make(
        "svg",
        { x: x(row.value), y: 13, overflow: "visible" },
        make("path", {
          d: MARKS[row.shape],
          fill: row.shape === "dot" || row.shape === "square" ? "var(--ground)" : row.colour,
          stroke: row.colour,
          "stroke-width": 2.5,
        }),
      ),
    );
  const body = [];
  let group = null;
  for (const row of rows) {
    if (row.group !== undefined && row.group !== group)
      body.push(
        make(
          "tr",
          { class: "group" },
          make("th", { scope: "rowgroup", colspan: "3", title: WORDS[row.group] }, row.group),
        ),
      );
    group = row.group;
    body.push(
      make(
        "tr",
        {},
        make("th", { scope: "row" }, row.label),
        make("td", { class: "line" }, drawn(row)),
        make(
          "td",
          { class: "value" },
          make("b", {}, row.text),
          " ",
          row.interval ? make("span", { class: "soft" }, row.interval) : null,
          row.word
            ? make(
                "span",
                { class: "word", style: { color: row.colour === UNSURE ? "var(--soft)" : row.colour } },
                row.word,
              )
            : null,
        ),
      ),
    );
  }
  const scale = make(
    "tr",
    { class: "scale", "aria-hidden": "true" },
    make("td", {}),
    make(
      "td",
      { class: "line" },
      make(
        "svg",
        { height: 20 },
        ticks.map(([value, text], at) =>
          make(
            "text",
            { class: at % 2 && ticks.length > 3 ? "soft half" : "soft", x: x(value), y: 14, "text-anchor": "middle" },
            text,
          ),
        ),
      ),
    ),
    make("td", {}),
  );
  return make(
    "figure",
    { class: "forest" },
    make("figcaption", {}, caption),
    make(
      "table",
      {},
      make("caption", { class: "unseen" }, name),
      make(
        "thead",
        { class: "unseen" },
        make(
          "tr",
          {},
          heads.map((text) => make("th", { scope: "col" }, text)),
        ),
      ),
      make("tbody", {}, body, scale),
    ),
  );
}

function niceEnd(widest) {
  const steps = [1, 2, 4, 6, 8, 10, 20, 30, 40, 60, 80, 100];
  return (steps.find((step) => step >= 100 * widest) || 100) / 100;
}

// Differences of all candidates to their baselines.
function forest(all, again) {
  const lines = index.candidates.flatMap((candidate, place) =>
    candidate.comparisons.flatMap((comparison, pair) =>
      comparison.forest.map((row) => ({
        ...row,
        place,
        run: candidate.pairs[pair][1],
        benchmark: comparison.benchmark,
        margin: candidate.margin,
      })),
    ),
  );
  if (!lines.length) return null;
  const several = new Set(lines.map(({ run }) => run)).size > 1,
    benchmarks = new Set(lines.map(({ benchmark }) => benchmark)).size > 1;
  const titles = [...new Set(lines.map(({ title }) => title))],
    gated = lines.filter((line) => line.gated);
  const decided = gated.length ? gated : lines,
    few = decided.length > MOST_LINES_AT_FIRST ? decided.filter(({ title }) => title === decided[0].title) : decided;
  const shown = [...(all ? lines : few)].sort(
    (one, other) =>
      (benchmarks ? one.benchmark.localeCompare(other.benchmark) : 0) ||
      titles.indexOf(one.title) - titles.indexOf(other.title),
  );
  const end = niceEnd(Math.max(...shown.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)])));
  const rows = shown.map((line) => {
    const sure = line.low > 0 || line.high < 0,
      better = line.delta > 0 === line.sign > 0;
    const metric = `${line.title}${benchmarks ? ` on ${line.benchmark}` : ""}`;
    return {
      label: several ? named(line.run) : metric,
      group: several ? metric : undefined,
      low: line.low,
      high: line.high,
      value: line.delta,
      colour: !sure ? UNSURE : better ? BETTER : WORSE,
      shape: !sure ? "dot" : line.delta > 0 ? "up" : "down",
      text: points(line.delta),
      interval: `${points(line.low)} to ${points(line.high)}`,
      word: !sure ? "no difference shown" : better ? "better" : "worse",
      limit: line.gated && line.margin ? -line.sign * line.margin : undefined,
    };
  });
  const margin = (index.candidates.find((candidate) => candidate.margin) || {}).margin;
  return [
    intervals({
      name: "Differences to the baseline",
      rows,
      from: -end,
      to: end,
      heads: [several ? "candidate" : "quantity", "line", "difference, 95 % interval"],
      ticks: [-1, -0.5, 0, 0.5, 1].map((part) => [part * end, part ? points(part * end).replace(/\.0$/, "") : "0"]),
      caption: [
        "Difference to the baseline in points, with 95 % intervals: ▲ rises, ▼ falls, ○ where the interval includes 0",
        margin ? `; dashed: the largest change for the worse that is tolerated (${100 * margin} points)` : "",
      ].join(""),
    }),
    few.length < lines.length
      ? button(() => again(!all), { class: "plain" }, all ? "Show less" : `Show all ${titles.length} quantities`)
      : null,
  ];
}

// pass@k of each run, where nothing is compared.
function scorePlot() {
  const several = index.runs.length > 1,
    benchmarks = new Set(index.runs.map(({ benchmark }) => benchmark)).size > 1;
  const scores = index.runs.flatMap((run, place) =>
    run.scores[""].filter(({ value }) => value !== null).map((score) => ({ run, place, score })),
  );
  const rows = scores
    .sort((one, other) => one.score.k - other.score.k || one.place - other.place)
    .map(({ run, place, score }) => ({
      group: several ? `pass@${score.k}` : undefined,
      label: several ? [named(place), benchmarks ? soft(` on ${run.benchmark}`) : ""] : `pass@${score.k}`,
      low: score.low,
      high: score.high,
      value: score.value,
      colour: mark(place)[1] === "#57606a" ? UNSURE : BETTER,
      shape: "dot",
      text: percent(score.value),
      interval: score.low === null ? "" : `${fixed(100 * score.low, 1)} to ${fixed(100 * score.high, 1)}`,
    }));
  return rows.length
    ? intervals({
        name: "pass@k",
        caption: "pass@k with 95 % intervals over problems",
        rows,
        from: 0,
        to: 1,
        heads: ["run", "line", "pass@k, 95 % interval"],
        ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => [value, `${100 * value} %`]),
      })
    : null;
}

function verdictBars() {
  const names = index.verdicts.filter((name) => index.runs.some((run) => run.verdicts[name]));
  const address = (name, run) =>
    `#/problems?f=${name}&b=${encodeURIComponent(index.runs[run].benchmark)}${candidateOf.has(run) ? `&c=${candidateOf.get(run)}` : ""}`;
  const share = (run, name) => (100 * run.verdicts[name]) / run.samples;
  const bars = index.runs.map((run, place) =>
    make(
      "div",
      { class: "barred" },
      make("div", {}, named(place), index.candidates.length ? null : soft(` on ${run.benchmark}`)),
      make(
        "div",
        { class: "bar" },
        names
          .filter((name) => run.verdicts[name])
          .map((name) =>
            make(
              "a",
              {
                href: address(name, place),
                title: `${name}: ${run.verdicts[name]} of ${run.samples} samples`,
                style: { width: `${share(run, name)}%`, background: VERDICTS[name][0] },
              },
              make("span", { class: "unseen" }, `${name}: `),
              make(
                "span",
                { class: share(run, name) > 4 ? "" : "unseen" },
                `${VERDICTS[name][1]} ${fixed(share(run, name), 0)} %`,
              ),
            ),
          ),
      ),
    ),
  );
  return make(
    "section",
    {},
    make("h2", {}, "Verdicts"),
    bars,
    make(
      "div",
      { class: "key" },
      names.map((name) =>
        make(
          "span",
          { title: VERDICTS[name][2] },
          make("i", { style: { background: VERDICTS[name][0] }, "aria-hidden": "true" }, VERDICTS[name][1]),
          " ",
          link(`/problems?f=${name}`, name),
        ),
      ),
    ),
  );
}
