// Tables that come as they are shown: by group, and what people said.

const finished = ({ title, headings, rows, labels, notes }, drawing = null) => [
  make("h2", {}, title),
  drawing,
  rows.length
    ? dataTable({ name: title, columns: headings.map((heading) => ({ title: heading })), rows, labels })
    : null,
  notes.map((note) => make("p", { class: "soft" }, note)),
];

// Shares of groups with their intervals; `line` is where the dashed line is.
function groupPlot(title, { what, line, rows }) {
  const ratio = line !== null;
  return intervals({
    name: `${what}: ${title}`,
    caption: `${what} with ${ratio ? "its 95 % interval" : "95 % intervals over problems"}${ratio ? `; dashed: the four-fifths line (${line})` : ""}`,
    rows: rows.map((row) => ({
      ...row,
      label: make("bdi", { title: row.label }, short(row.label, 120)),
      colour: ratio ? UNSURE : BETTER,
      shape: "dot",
      limit: ratio ? line : undefined,
    })),
    from: 0,
    to: 1,
    heads: [ratio ? "groups" : "group", "line", `${what}, 95 % interval`],
    ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => [value, ratio ? String(value) : `${100 * value} %`]),
  });
}

const groups = () =>
  index.groups.map((table) => finished(table, table.drawing ? groupPlot(table.title, table.drawing) : null));

// What people said of passing programs.
const ratings = () => index.ratings.map((table) => finished(table));
