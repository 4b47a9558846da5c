// The leaderboard: for each board the scores with their intervals, and a table that is sorted by a click.
// The address keeps which column sorts: #/?sort=BOARD.COLUMN.DIRECTION

function boardPlot(board) {
  const rows = board.scores.map((score) => ({
    label: [score.name, score.reference ? soft(" (baseline)") : ""],
    low: score.low,
    high: score.high,
    value: score.value,
    colour: score.reference ? UNSURE : BETTER,
    shape: score.reference ? "square" : "dot",
    text: percent(score.value),
    interval: score.low === null ? "" : `${fixed(100 * score.low, 1)} to ${fixed(100 * score.high, 1)}`,
  }));
  return rows.length
    ? intervals({
        name: `pass@1, ${board.title}`,
        caption: "pass@1 with 95 % intervals over problems",
        rows,
        from: 0,
        to: 1,
        heads: ["model", "line", "pass@1, 95 % interval"],
        ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => [value, `${100 * value} %`]),
      })
    : null;
}

function boardTable(board, place, sorted) {
  const runOf = (name) => (board.runs[name] === undefined ? null : board.runs[name]);
  const facts = ["made", "adapter", "settings"].filter(() => Object.keys(board.runs).length),
    width = board.headings.length;
  return dataTable({
    name: board.title,
    columns: [...board.headings, ...facts].map((title) => ({ title })),
    wide: facts.map((_, at) => width + at),
    sorted,
    alike: 5,
    onSort: ({ column, direction }) => {
      location.hash = `/?sort=${place}.${column}.${direction}`;
    },
    rows: board.rows.map((cells) => {
      const run = runOf(cells[0]);
      const told = facts.map((fact) =>
        run === null ? "–" : fact === "made" ? index.runs[run].facts.made.slice(0, 10) : index.runs[run].facts[fact],
      );
      if (run === null || !index.rows.length) return [...cells, ...told];
      const query = { b: index.runs[run].benchmark, ...(candidateOf.has(run) ? { c: candidateOf.get(run) } : {}) };
      return [
        {
          text: cells[0],
          nodes: [link(to("/problems", query), cells[0]), make("span", { class: "interval" }, index.runs[run].folder)],
        },
        ...cells.slice(1),
        ...told,
      ];
    }),
  });
}

function leaderboard(query) {
  const [place, column, direction] = (query.get("sort") || "").split(".");
  const known =
    direction === "up" || direction === "down" ? { place: Number(place), column: Number(column), direction } : null;
  const { boards, csv, json, warnings } = index.boards;
  show(
    make("h1", {}, "Leaderboard"),
    warnings.map((warning) => make("div", { class: "loud" }, warning)),
    boards.map((board, i) => {
      const sorted = known && known.place === i && known.column in board.headings ? known : null;
      return [
        make("h2", {}, board.title),
        boardPlot(board),
        boardTable(board, i, sorted),
        board.notes.map((note) => make("p", { class: "soft" }, note)),
      ];
    }),
    glossary(boards.flatMap((board) => board.headings)),
    make(
      "p",
      { class: "tools" },
      soft("Download at full precision: "),
      button(() => download("leaderboard.csv", "text/csv", csv), { class: "plain" }, "CSV"),
      button(() => download("leaderboard.json", "application/json", json), { class: "plain" }, "JSON"),
    ),
    index.rows.length
      ? make("p", {}, link("/problems", "Every problem and every sample"))
      : make("p", { class: "soft" }, index.boards.left_out),
  );
  if (known) {
    const sorting = main.querySelector("th[aria-sort=ascending] button, th[aria-sort=descending] button");
    if (sorting) sorting.focus({ preventScroll: true });
  }
  keys = {};
}
