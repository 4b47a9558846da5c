// A table whose rows are sorted by a click, whose columns are chosen, and which is copied as Markdown, CSV or LaTeX.
// A cell is a text, or {text, nodes}: what is copied and sorted by, and what is shown.

const textOf = (cell) => (typeof cell === "object" ? cell.text : cell);
const numberIn = (text) => parseFloat(text.replace("−", "-").replace(/^[<+\s]+/, ""));

function ordered(rows, column, direction) {
  const sign = direction === "up" ? 1 : -1,
    of = (row) => textOf(row[column]);
  const texts = rows.every((row) => Number.isNaN(numberIn(of(row)))) || rows.some((row) => /^[^\d+<−–-]/.test(of(row)));
  return [...rows].sort((one, other) => {
    if (texts) return sign * of(one).localeCompare(of(other), "en", { numeric: true });
    const [a, b] = [numberIn(of(one)), numberIn(of(other))];
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b); // what was not measured comes last
    return sign * (a - b);
  });
}

// columns: {title, why, hidden}; labels: number of leading columns of text; wide: further columns of text.
// alike: the first column of those that are left aside at first where all rows have one value, which is said below.
// sorted: {column, direction} to begin with; onSort: told of a click instead of sorting here.
function dataTable({ name, columns, rows, labels = 1, wide = [], sorted = null, onSort = null, alike = null }) {
  const same =
    alike === null || rows.length < 2
      ? []
      : columns
          .map((_, at) => at)
          .filter((at) => at >= alike && rows.every((row) => textOf(row[at]) === textOf(rows[0][at])));
  for (const at of same) columns[at].hidden = true;
  const hidden = new Set(
    setting(
      `columns of ${name}`,
      columns.filter((column) => column.hidden).map((column) => column.title),
    ),
  );
  const isText = (at) => at < labels || wide.includes(at);
  let order = sorted;
  const place = make("div", { class: "scroll", role: "region", "aria-label": name, tabindex: "0" });
  const kept = () => columns.map((_, at) => at).filter((at) => at < 1 || !hidden.has(columns[at].title));
  const current = () => (order ? ordered(rows, order.column, order.direction) : rows);
  const sortBy = (column) => {
    const next = { column, direction: order && order.column === column && order.direction === "down" ? "up" : "down" };
    if (onSort) {
      onSort(next);
      return;
    }
    order = next;
    draw();
    place.querySelector(`button[data-column="${column}"]`).focus();
    say(`sorted by ${columns[column].title}, ${next.direction === "down" ? "highest" : "lowest"} first`);
  };
  const head = (at) => {
    const here = order && order.column === at;
    return make(
      "th",
      {
        scope: "col",
        class: isText(at) ? "text" : "",
        "aria-sort": here ? (order.direction === "up" ? "ascending" : "descending") : "none",
      },
      button(
        () => sortBy(at),
        { class: "sort", "data-column": at, title: columns[at].why || WORDS[columns[at].title] },
        columns[at].title || "quantity",
        make("span", { "aria-hidden": "true" }, here ? (order.direction === "up" ? " ↑" : " ↓") : ""),
      ),
    );
  };
  const cell = (row, at) =>
    make(
      at ? "td" : "th",
      {
        class: `${isText(at) ? "text" : ""}${at ? "" : " name"}`,
        scope: at ? undefined : "row",
        "data-label": columns[at].title,
      },
      make("div", {}, typeof row[at] === "object" ? row[at].nodes : row[at]),
    );
  const draw = () =>
    place.replaceChildren(
      make(
        "table",
        { class: "data" },
        make("caption", { class: "unseen" }, name),
        make("thead", {}, make("tr", {}, kept().map(head))),
        make(
          "tbody",
          {},
          current().map((row) =>
            make(
              "tr",
              {},
              kept().map((at) => cell(row, at)),
            ),
          ),
        ),
      ),
    );
  const texts = () => current().map((row) => kept().map((at) => textOf(row[at])));
  const heads = () => kept().map((at) => columns[at].title || "quantity");
  const textual = () => kept().filter((at) => at < labels).length;
  const choice =
    columns.length > 2
      ? make(
          "details",
          { class: "choose" },
          make("summary", {}, "Columns"),
          make(
            "div",
            { class: "choices" },
            columns.slice(1).map(({ title, why }) => {
              const box = make("input", {
                type: "checkbox",
                checked: hidden.has(title) ? undefined : "",
                change: () => {
                  box.checked ? hidden.delete(title) : hidden.add(title);
                  keep(`columns of ${name}`, [...hidden]);
                  draw();
                },
              });
              return make("label", { title: why || WORDS[title] }, box, " ", title);
            }),
          ),
        )
      : null;
  draw();
  return make(
    "div",
    { class: "table" },
    place,
    same.length
      ? make(
          "p",
          { class: "soft" },
          "The same in all rows: ",
          same.map((at, i) => `${i ? "; " : ""}${columns[at].title} ${textOf(rows[0][at])}`),
          ".",
        )
      : null,
    make(
      "div",
      { class: "tools" },
      choice,
      soft("Copy as"),
      [
        ["Markdown", asMarkdown],
        ["CSV", asCsv],
        ["LaTeX", asLatex],
      ].map(([form, as]) =>
        button(
          (event) => copyText(event.currentTarget, as(heads(), texts(), textual())),
          { class: "plain", "aria-label": `Copy ${name} as ${form}` },
          form,
        ),
      ),
    ),
  );
}
