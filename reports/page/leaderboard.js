// The page of a leaderboard: for each board the scores with their intervals, and a table that is sorted by a click.
// The address keeps which column sorts: #BOARD.COLUMN.DIRECTION

const numberIn = (text) => parseFloat(text.replace(/^[<+\s]+/, ""));

function order(rows, column, direction) {
  const sign = direction === "up" ? 1 : -1;
  const texts = rows.every((cells) => Number.isNaN(numberIn(cells[column])));
  return [...rows].sort((one, other) => {
    if (texts) return sign * one[column].localeCompare(other[column]);
    const [a, b] = [numberIn(one[column]), numberIn(other[column])];
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b); // what was not measured comes last
    return sign * (a - b);
  });
}

function table(board, place, sorted) {
  const rows = sorted ? order(board.rows, sorted.column, sorted.direction) : board.rows;
  const head = board.headings.map((heading, column) => {
    const here = sorted && sorted.column === column;
    const next = here && sorted.direction === "down" ? "up" : "down";
    return make("th", { "aria-sort": here ? (sorted.direction === "up" ? "ascending" : "descending") : "none" },
      make("button", { class: "sort", click: () => { location.hash = `${place}.${column}.${next}`; } },
        heading, here ? (sorted.direction === "up" ? " ↑" : " ↓") : ""));
  });
  const body = rows.map((cells) => make("tr", {}, cells.map((cell, column) => make("td", column ? {} : { class: "name" }, cell))));
  return make("div", { class: "scroll" }, make("table", { class: "board" }, make("thead", {}, make("tr", {}, head)), make("tbody", {}, body)));
}

function plot(board) {
  const rowHeight = 24, left = 200, right = 600, height = board.scores.length * rowHeight + 30;
  const x = (value) => left + (right - left) * value;
  const drawn = [0, .25, .5, .75, 1].map((value) => make("g", {},
    make("line", { class: "axis", x1: x(value), x2: x(value), y1: 4, y2: height - 24 }),
    make("text", { class: "soft", x: x(value), y: height - 8, "text-anchor": "middle" }, `${100 * value} %`)));
  board.scores.forEach((score, i) => {
    const y = 16 + rowHeight * i, colour = score.reference ? "#c2570c" : "#0b62c4";
    drawn.push(make("text", { x: 4, y: y + 4 }, short(score.name, 30)));
    if (score.low !== null) drawn.push(make("line", { x1: x(score.low), x2: x(score.high), y1: y, y2: y, stroke: colour,
      "stroke-width": 3, "stroke-opacity": .45 }));
    drawn.push(make("circle", { cx: x(score.value), cy: y, r: 5, fill: colour }));
  });
  return make("figure", { class: "ranking" }, make("figcaption", {}, `pass@1 with 95 % intervals over problems${board.scores.some((score) => score.reference) ? "; orange: the baseline" : ""}`),
    make("svg", { viewBox: `0 0 620 ${height}`, role: "img", "aria-label": `pass@1, ${board.title}` }, drawn));
}

function route() {
  const [place, column, direction] = location.hash.slice(1).split(".");
  const sorted = direction === "up" || direction === "down" ? { column: Number(column), direction } : null;
  const parts = [make("h1", {}, index.title)];
  for (const warning of index.warnings) parts.push(make("div", { class: "loud" }, warning));
  index.boards.forEach((board, i) => {
    const known = sorted && Number(place) === i && sorted.column in board.headings ? sorted : null;
    parts.push(make("h2", {}, board.title), plot(board), table(board, i, known));
    for (const note of board.notes) parts.push(make("p", { class: "soft" }, note));
  });
  show(...parts);
}

document.title = "Leaderboard – codecrucible";
window.addEventListener("hashchange", route);
route();
