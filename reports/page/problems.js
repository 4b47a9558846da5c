// The list of problems: of any length, since only what is in view is drawn; searched while one types.

let lastList = "/problems",
  typed = null;
const MOST_PRINTED = 3000; // rows
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

// A row leads to its problem, or to the sample in which the words were found, shown as what holds them.
function rowAddress(row) {
  if (!row.hit || row.hit.run === null) return to(`/p/${row.i}`);
  const shown = ["completion", "output"].includes(row.hit.kind) ? { t: row.hit.kind } : {};
  return to(`/s/${row.i}/${row.hit.run}/${row.hit.place}`, shown);
}

const SEVERAL_BENCHMARKS = new Set(index.rows.map((row) => row.benchmark)).size > 1;
const SEVERAL_LANGUAGES = new Set(index.rows.map((row) => row.language)).size > 1;

// What stands beside the id of a row: where the words were found, or why the problem was lost.
function besideId(row) {
  if (row.hit) return soft(`  ${row.hit.kind}: ${row.hit.text}`);
  const pair = pairOf(row, chosen);
  const why = row.cells.map((cell, run) => (!pair || run === pair[1]) && cell && cell.why).find(Boolean);
  return [
    soft(`  ${SEVERAL_BENCHMARKS ? `${row.benchmark} ` : ""}${SEVERAL_LANGUAGES ? row.language : ""}`),
    why ? make("span", { class: "because" }, `  ${VERDICTS[why[1]][1]} ${why[1]}: ${why[2]}`) : null,
  ];
}

function changeCell(row) {
  const delta = change(row, chosen);
  const [kind, sign] = delta < 0 ? ["bad", "▼ "] : delta > 0 ? ["good", "▲ "] : ["soft", ""];
  const text = delta === null ? "–" : `${sign}${points(delta).replace(/\.0$/, "")}`;
  return make("span", { class: `change ${kind}` }, text);
}

function rowNode(row, runs, place, picked) {
  const cell = (run) => {
    const each = row.cells[run],
      style = each ? { background: heat(share(each)) } : {};
    return make("span", { class: each ? "cell" : "cell none", title: index.runs[run].label, style }, counted(each));
  };
  const height = rowHeight(),
    style = { top: `${place * height}px`, height: `${height}px` };
  return make(
    "a",
    { class: `row${picked ? " picked" : ""}`, href: `#${rowAddress(row)}`, style },
    make("span", { class: "id" }, make("span", { class: "own", title: row.id }, row.id), besideId(row)),
    make("span", { class: "cells" }, runs.map(cell), index.candidates.length ? changeCell(row) : null),
  );
}

// The rows in a box, of which those in view are drawn: its node, what shows other rows, and what moves the picked one.
function rowList(runs) {
  const box = make("div", { class: "rows", tabindex: "0", role: "region", "aria-label": "problems" });
  const inner = make("div", { class: "inner" });
  let rows = [],
    picked = 0;
  const draw = (whole = false) => {
    const height = rowHeight();
    inner.style.height = `${rows.length * height}px`;
    const first = whole ? 0 : Math.max(0, Math.floor(box.scrollTop / height) - 5);
    const most = whole ? MOST_PRINTED : first + Math.ceil(box.clientHeight / height) + 12;
    const drawn = rows.slice(first, most).map((row, at) => rowNode(row, runs, first + at, first + at === picked));
    inner.replaceChildren(...drawn);
  };
  const move = (by) => {
    picked = Math.max(0, Math.min(rows.length - 1, picked + by));
    const top = picked * rowHeight();
    if (top < box.scrollTop || top + rowHeight() > box.scrollTop + box.clientHeight) box.scrollTop = top - 60;
    draw();
    if (rows[picked]) say(rows[picked].id);
  };
  const showRows = (these, from = picked) => {
    rows = these;
    picked = from;
    draw();
  };
  box.append(inner);
  box.addEventListener("scroll", () => draw());
  return { node: box, draw, move, showRows, rows: () => rows, picked: () => rows[picked] };
}

function exported(rows) {
  const counts = (row) =>
    index.runs.flatMap((_, run) => (row.cells[run] ? [row.cells[run].c, row.cells[run].n] : ["", ""]));
  return [
    ["benchmark", "problem", "language", ...index.runs.flatMap(({ label }) => [`${label} passed`, `${label} judged`])],
    rows.map((row) => [row.benchmark, row.id, row.language, ...counts(row).map(String)]),
  ];
}

// What chooses the rows and takes them along; `rows` says which are shown.
function problemControls(query, rows) {
  const filter = query.get("f") || "all",
    sorted = Boolean(query.get("s"));
  const go = (name, value) => {
    const next = new URLSearchParams(query);
    value === "" ? next.delete(name) : next.set(name, value);
    location.hash = `/problems?${next}`;
  };
  const ofBenchmark = rowsOf.filter((row) => !query.get("b") || row.benchmark === query.get("b"));
  const filters = Object.entries(FILTERS).filter(([name]) => index.candidates.length || !/lost|won/.test(name));
  const pressed = (on, more = {}) => ({ class: on ? "on" : "", "aria-pressed": String(on), ...more });
  const select = (name, label, options) => {
    const chosenNow = query.get(name) || "";
    const choices = options.map(([value, text]) =>
      make("option", { value, selected: value === chosenNow ? "" : undefined }, text),
    );
    const pick = make("select", { "aria-label": label, change: () => go(name, pick.value) }, choices);
    return pick;
  };
  const verdicts = index.verdicts.filter((name) => index.runs.some((run) => run.verdicts[name]));
  const anyVerdict = FILTERS[filter] && filter !== "all" ? filter : "";
  const benchmarks = [...new Set(index.rows.map((row) => row.benchmark))];
  const csv = () => download("problems.csv", "text/csv", asCsv(...exported(rows())));
  const markdown = (event) => copyText(event.currentTarget, asMarkdown(...exported(rows()), 3));
  return [
    make(
      "div",
      { class: "controls", role: "group", "aria-label": "filters" },
      filters.map(([name, [text, test, why]]) => {
        const count = ofBenchmark.filter((row) => test(row, chosen)).length;
        const value = name === "all" ? "" : name;
        return button(() => go("f", value), pressed(name === filter, { title: why }), `${text} ${count}`);
      }),
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
          [anyVerdict, "any"],
          ...verdicts.map((name) => [name, `${VERDICTS[name][1]} ${name}`]),
        ]),
      ),
      SEVERAL_BENCHMARKS
        ? select("b", "benchmark", [["", "all benchmarks"], ...benchmarks.map((name) => [name, name])])
        : null,
      index.candidates.length
        ? button(() => go("s", sorted ? "" : "change"), pressed(sorted), "largest change first")
        : null,
      button(csv, { class: "plain" }, "download CSV"),
      button(markdown, { class: "plain" }, "copy as Markdown"),
    ),
  ];
}

function problems(query) {
  chosen = Math.min(Number(query.get("c")) || 0, Math.max(0, index.candidates.length - 1));
  lastList = location.hash.slice(1);
  const all = matching(query),
    runs = runsShown(query),
    list = rowList(runs);
  const title = make("h1", {}),
    progress = make("p", { class: "soft", role: "status" });
  const shown = (rows, from) => {
    list.showRows(rows, from);
    title.textContent = `Problems: ${rows.length} of ${index.rows.length}`;
  };
  let turnOfSearch = 0;
  const here = (typed = (words) => {
    const mine = ++turnOfSearch;
    words ? query.set("q", words) : query.delete("q");
    const next = `#/problems${query.size ? `?${query}` : ""}`;
    if (location.hash !== next) history.replaceState(null, "", next);
    lastList = next.slice(1);
    main.dataset.address = next;
    progress.textContent = "";
    const found = words ? [] : all;
    shown(found, 0);
    if (!words) return;
    const told = (seen, of) => {
      if (mine !== turnOfSearch) return;
      const nothing = found.length ? "" : "Nothing found in ids, verdicts, errors, code, output, prompts and tests.";
      progress.textContent = seen < of ? `Searched ${seen} of ${of} problems …` : nothing;
      shown(found);
    };
    search(
      all,
      words,
      (row) => found.push(row),
      told,
      () => mine === turnOfSearch && typed === here,
    );
  });
  printWhole = () => list.draw(true);
  redraw = () => list.draw();
  keys = {
    j: () => list.move(1),
    k: () => list.move(-1),
    Enter: () => {
      if (list.picked()) location.hash = rowAddress(list.picked());
    },
    n: () => step(1),
    p: () => step(-1),
  };
  const heads = runs.map((run) => make("span", { class: "cell none" }, badge(run))),
    more = index.runs.length - runs.length;
  show(
    title,
    problemControls(query, list.rows),
    progress,
    make(
      "div",
      { class: "heads", "aria-hidden": "true" },
      make("span", { class: "id" }, "problem"),
      make(
        "span",
        { class: "cells" },
        heads,
        index.candidates.length ? make("span", { class: "change" }, "change") : null,
      ),
    ),
    list.node,
    make(
      "div",
      { class: "key" },
      runs.map((run) => make("span", {}, named(run))),
      more ? soft(`+ ${more} more on a wider screen`) : null,
    ),
    make(
      "p",
      { class: "soft" },
      "Each cell: samples that passed, of those judged. Change: in points. Keys: j and k move, Enter opens, ",
      "n and p go from one lost problem to the next, / searches, Escape goes back.",
    ),
  );
  shown(all, 0);
  const words = query.get("q") || "";
  if (field.value !== words) field.value = words;
  if (words) typed(words);
}
