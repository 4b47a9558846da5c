// The list of problems: of any length, since only what is in view is drawn; searched while one types.

let lastList = "/problems",
  typed = null;
const rowHeight = () => (narrow.matches ? 66 : 34);

function heat(value) {
  if (value === null) return "var(--raised)";
  const from = [244, 156, 146],
    middle = [246, 218, 140],
    end = [128, 205, 155];
  const [a, b, t] = value < 0.5 ? [from, middle, 2 * value] : [middle, end, 2 * value - 1];
  return `rgb(${a.map((channel, i) => Math.round(channel + (b[i] - channel) * t)).join(",")})`;
}

// The runs whose counts are shown: on a narrow screen the two that are compared.
function runsShown(query) {
  const candidate = index.candidates[chosen],
    all = [...index.runs.keys()].filter((run) => !query.get("b") || index.runs[run].benchmark === query.get("b"));
  const most = narrow.matches ? 2 : Math.max(4, Math.floor((main.clientWidth - 420) / 60));
  if (all.length <= most) return all;
  const first = candidate ? candidate.pairs.flat() : [];
  return [...first, ...all.filter((run) => !first.includes(run))].slice(0, Math.max(most, 2)).sort((a, b) => a - b);
}

function matching(query) {
  const filter = query.get("f") || "all",
    benchmark = query.get("b") || "";
  const keepRow = FILTERS[filter]
    ? FILTERS[filter][1]
    : (row, candidate) => {
        const pair = pairOf(row, candidate);
        return (pair ? [pair[1]] : [...row.cells.keys()]).some((run) => row.cells[run] && row.cells[run].v[filter]);
      };
  const rows = rowsOf.filter((row) => (!benchmark || row.benchmark === benchmark) && keepRow(row, chosen));
  if (query.get("s") === "change")
    rows.sort((a, b) => Math.abs(change(b, chosen) || 0) - Math.abs(change(a, chosen) || 0));
  return rows;
}

// The rows that hold the words, at once those known by the index, and then one after the other those whose texts do.
async function search(rows, words, found, done, alive) {
  const wanted = words.toLowerCase(),
    rest = [];
  for (const row of rows) known(row).includes(wanted) ? found({ ...row, hit: null }) : rest.push(row);
  if (wanted.length < 2) return done(rows.length, rows.length);
  let seen = rows.length - rest.length,
    shown = performance.now();
  for (const row of rest) {
    const hit = findIn(unpacked.get(row.i) || (await unpack(row.i)), wanted);
    if (!alive()) return undefined;
    if (hit) found({ ...row, hit });
    seen++;
    if (performance.now() - shown > 100) {
      // lets the page draw, and keys be heard
      done(seen, rows.length);
      await new Promise((next) => setTimeout(next));
      shown = performance.now();
    }
  }
  return done(rows.length, rows.length);
}

const rowAddress = (row) =>
  to(
    row.hit && row.hit.run !== null ? `/s/${row.i}/${row.hit.run}/${row.hit.place}` : `/p/${row.i}`,
    row.hit &&
      row.hit.run !== null &&
      row.hit.kind !== "error" &&
      row.hit.kind !== "verdict" &&
      row.hit.kind !== "finding"
      ? { t: row.hit.kind === "program" ? "" : row.hit.kind }
      : {},
  );

function problems(query) {
  chosen = Math.min(Number(query.get("c")) || 0, Math.max(0, index.candidates.length - 1));
  lastList = location.hash.slice(1);
  const go = (name, value) => {
    const next = new URLSearchParams(query);
    value === "" ? next.delete(name) : next.set(name, value);
    next.delete("at");
    location.hash = `/problems?${next}`;
  };
  const filter = query.get("f") || "all",
    candidates = matching(query),
    shownRuns = runsShown(query);
  const filters = Object.entries(FILTERS).filter(
    ([name]) => index.candidates.length || !["lost", "won"].includes(name),
  );
  const count = (test) =>
    rowsOf.filter((row) => (!query.get("b") || row.benchmark === query.get("b")) && test(row, chosen)).length;
  const verdicts = index.verdicts.filter((name) => index.runs.some((run) => run.verdicts[name]));
  const option = (value, text, now) => make("option", { value, selected: value === now ? "" : undefined }, text);
  const select = (name, label, options) => {
    const pick = make(
      "select",
      { "aria-label": label, change: () => go(name, pick.value) },
      options.map(([value, text]) => option(value, text, query.get(name) || "")),
    );
    return pick;
  };
  const benchmarks = [...new Set(index.rows.map((row) => row.benchmark))],
    languages = new Set(index.rows.map((row) => row.language));
  const title = make("h1", {}),
    progress = make("p", { class: "soft", role: "status" });
  const list = make("div", { class: "rows", tabindex: "0", role: "region", "aria-label": "problems" }),
    inner = make("div", { class: "inner" });
  list.append(inner);
  let rows = candidates,
    picked = Number(query.get("at")) || 0,
    turnOfSearch = 0;

  const cell = (row, run) => {
    const each = row.cells[run];
    return make(
      "span",
      {
        class: each ? "cell" : "cell none",
        title: index.runs[run].label,
        style: each ? { background: heat(share(each)) } : {},
      },
      counted(each),
    );
  };
  const told = (row) => {
    const pair = pairOf(row, chosen),
      why = row.cells.map((each, run) => (!pair || run === pair[1]) && each && each.why).find(Boolean);
    return why ? make("span", { class: "because" }, `  ${VERDICTS[why[1]][1]} ${why[1]}: ${why[2]}`) : null;
  };
  const drawn = (row, place) => {
    const delta = change(row, chosen),
      height = rowHeight();
    return make(
      "a",
      {
        class: `row${place === picked ? " picked" : ""}`,
        href: `#${rowAddress(row)}`,
        style: { top: `${place * height}px`, height: `${height}px` },
      },
      make(
        "span",
        { class: "id" },
        make("span", { class: "own", title: row.id }, row.id),
        soft(
          `  ${benchmarks.length > 1 ? `${row.benchmark} ` : ""}${row.hit ? `${row.hit.kind}: ${row.hit.text}` : languages.size > 1 ? row.language : ""}`,
        ),
        row.hit ? null : told(row),
      ),
      make(
        "span",
        { class: "cells" },
        shownRuns.map((run) => cell(row, run)),
        index.candidates.length
          ? make(
              "span",
              { class: `change ${delta < 0 ? "bad" : delta > 0 ? "good" : "soft"}` },
              delta === null ? "–" : `${delta < 0 ? "▼ " : delta > 0 ? "▲ " : ""}${points(delta).replace(/\.0$/, "")}`,
            )
          : null,
      ),
    );
  };
  const draw = (whole = false) => {
    const height = rowHeight();
    inner.style.height = `${rows.length * height}px`;
    const first = whole === true ? 0 : Math.max(0, Math.floor(list.scrollTop / height) - 5);
    const last =
      whole === true
        ? Math.min(rows.length, 3000)
        : Math.min(rows.length, first + Math.ceil(list.clientHeight / height) + 12);
    inner.replaceChildren(...rows.slice(first, last).map((row, at) => drawn(row, first + at)));
  };
  const titled = () => {
    title.textContent = `Problems: ${rows.length} of ${index.rows.length}`;
  };
  const here = (typed = (words) => {
    const mine = ++turnOfSearch;
    words ? query.set("q", words) : query.delete("q");
    const next = `#/problems${query.size ? `?${query}` : ""}`;
    if (location.hash !== next) history.replaceState(null, "", next);
    lastList = next.slice(1);
    main.dataset.address = next;
    picked = 0;
    if (!words) {
      rows = candidates;
      progress.textContent = "";
      titled();
      draw();
      return;
    }
    rows = [];
    search(
      candidates,
      words,
      (row) => rows.push(row),
      (seen, all) => {
        if (mine !== turnOfSearch) return;
        progress.textContent =
          seen < all
            ? `Searching ids, errors, code and output: ${seen} of ${all} problems …`
            : rows.length
              ? ""
              : "Nothing found in ids, verdicts, errors, code, output, prompts and tests.";
        titled();
        draw();
      },
      () => mine === turnOfSearch && typed === here,
    );
    titled();
    draw();
  });
  const move = (by) => {
    picked = Math.max(0, Math.min(rows.length - 1, picked + by));
    const top = picked * rowHeight();
    if (top < list.scrollTop || top + rowHeight() > list.scrollTop + list.clientHeight) list.scrollTop = top - 60;
    draw();
    if (rows[picked]) say(rows[picked].id);
  };
  const asRows = () =>
    rows.map((row) => [
      row.benchmark,
      row.id,
      row.language,
      ...index.runs.flatMap((_, run) =>
        row.cells[run] ? [String(row.cells[run].c), String(row.cells[run].n)] : ["", ""],
      ),
    ]);
  const heads = [
    "benchmark",
    "problem",
    "language",
    ...index.runs.flatMap((run) => [`${run.label} passed`, `${run.label} judged`]),
  ];
  list.addEventListener("scroll", () => draw());
  printWhole = () => draw(true);
  redraw = () => draw();
  keys = {
    j: () => move(1),
    k: () => move(-1),
    Enter: () => {
      if (rows[picked]) location.hash = rowAddress(rows[picked]);
    },
    n: () => step(1),
    p: () => step(-1),
  };
  show(
    title,
    make(
      "div",
      { class: "controls", role: "group", "aria-label": "filters" },
      filters.map(([name, [text, test, why]]) =>
        button(
          () => go("f", name === "all" ? "" : name),
          { class: name === filter ? "on" : "", "aria-pressed": String(name === filter), title: why },
          `${text} ${count(test)}`,
        ),
      ),
    ),
    make(
      "div",
      { class: "controls" },
      candidatePicker((place) => go("c", String(place))),
      make(
        "label",
        { class: "pick" },
        "Verdict ",
        select("f", "verdict", [
          [FILTERS[filter] ? (filter === "all" ? "" : filter) : "", "any"],
          ...verdicts.map((name) => [name, `${VERDICTS[name][1]} ${name}`]),
        ]),
      ),
      benchmarks.length > 1
        ? select("b", "benchmark", [["", "all benchmarks"], ...benchmarks.map((name) => [name, name])])
        : null,
      index.candidates.length
        ? button(
            () => go("s", query.get("s") ? "" : "change"),
            { class: query.get("s") ? "on" : "", "aria-pressed": String(Boolean(query.get("s"))) },
            "largest change first",
          )
        : null,
      button(() => download("problems.csv", "text/csv", asCsv(heads, asRows())), { class: "plain" }, "download CSV"),
      button(
        (event) => copyText(event.currentTarget, asMarkdown(heads, asRows(), 3)),
        { class: "plain" },
        "copy as Markdown",
      ),
    ),
    progress,
    make(
      "div",
      { class: "heads", "aria-hidden": "true" },
      make("span", { class: "id" }, "problem"),
      make(
        "span",
        { class: "cells" },
        shownRuns.map((run) => make("span", { class: "cell none" }, badge(run))),
        index.candidates.length ? make("span", { class: "change" }, "change") : null,
      ),
    ),
    list,
    make(
      "div",
      { class: "key" },
      shownRuns.map((run) => make("span", {}, named(run))),
      index.runs.length > shownRuns.length
        ? soft(`+ ${index.runs.length - shownRuns.length} more on a wider screen`)
        : null,
    ),
    make(
      "p",
      { class: "soft" },
      "Each cell: samples that passed, of those judged. Change: in points. Keys: j and k move, Enter opens, n and p go from one lost problem to the next, / searches, Escape goes back.",
    ),
  );
  titled();
  draw();
  if (picked) {
    list.scrollTop = picked * rowHeight() - 60;
    draw();
  }
  const field = document.getElementById("search");
  if (field.value !== (query.get("q") || "")) field.value = query.get("q") || "";
  if (query.get("q")) typed(query.get("q"));
}
