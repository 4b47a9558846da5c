// The page of runs: overview, problems, samples. What it shares with other pages is in common.js.
const HUES = ["#0b62c4", "#c2570c", "#1a7f4b", "#8250df", "#b42318", "#0e7c86", "#8a6d00", "#a5307a"];
const VERDICT = { passed: "#1a7f4b", wrong_answer: "#c2570c", runtime_error: "#a5307a", syntax_error: "#6b4fbb",
  compile_error: "#4d5bd1", timeout: "#8a6d00", out_of_memory: "#705a00", output_limit: "#5d6b00", crashed: "#7a3030",
  early_exit: "#96400f", forged: "#b00020", empty: "#68717c", unjudged: "#d3006d" };
const ROW = 30;

const hue = (run) => HUES[run % HUES.length];

// --- overview -------------------------------------------------------------------------------------------------------

function overview() {
  const parts = [make("h1", {}, index.title)];
  for (const run of index.runs) for (const warning of run.warnings) parts.push(make("div", { class: "loud" }, warning));
  parts.push(make("div", { class: "scroll" }, scores()));
  parts.push(make("p", { class: "soft" }, "95 % intervals are over problems. Secure pass@1: passes without a finding of ",
    "medium or high severity. Insecure rate: mean over problems of the share of scannable samples with one. ",
    "–: not measured."));
  for (const run of index.runs) for (const note of run.notes) parts.push(make("p", { class: "soft" }, note));
  parts.push(make("div", { class: "plots" }, passPlot(), verdictBars()));
  for (const comparison of index.comparisons) parts.push(...compared(comparison));
  if (index.runs.some((run) => Object.keys(run.cwe).length)) parts.push(make("h2", {}, "Findings by weakness"), weaknesses());
  parts.push(make("h2", {}, "Runs"), ...index.runs.map((run, i) => make("p", {}, dot(i), make("b", {}, run.name), ` ${run.id} `,
    make("span", { class: "soft" }, run.argv))));
  show(...parts);
}

function dot(run) { return make("i", { class: "dot", style: { display: "inline-block", width: ".8rem", height: ".8rem",
  borderRadius: "50%", background: hue(run), marginRight: ".45rem", verticalAlign: "-1px" } }); }

function scores() {
  const kinds = [...new Set(index.runs.flatMap((run) => Object.keys(run.scores)))];
  const of = (run, kind) => run.scores[kind] || [];
  const columns = kinds.flatMap((kind) => [...new Set(index.runs.flatMap((run) => of(run, kind).map((score) => score.k)))]
    .sort((a, b) => a - b).map((k) => ({ kind, k })));
  const head = ["run", ...columns.map(({ kind, k }) => `${kind} pass@${k}`.trim()), "secure pass@1", "insecure rate", "CodeBLEU", "findings H/M/L",
    "passed, not scannable", "n × problems", "truncated", "timeouts", "unjudged"];
  const rows = index.runs.map((run, i) => {
    const filtered = `/problems?b=${encodeURIComponent(run.benchmark)}`;
    const pass = columns.map(({ kind, k }) => of(run, kind).find((score) => score.k === k)).map((score) => make("td", {},
      score ? link(filtered, percent(score.value)) : "–",
      score && score.low !== null ? make("span", { class: "interval" }, `${(100 * score.low).toFixed(1)} to ${(100 * score.high).toFixed(1)}`) : null));
    const cells = [percent(run.security.secure_pass_at_1), percent(run.security.insecure_rate), percent(run.codebleu),
      run.security.scanned ? ["high", "medium", "low"].map((name) => run.security.findings[name]).join(" / ") : "–",
      run.security.unscannable_passes, `${run.n} × ${run.problems}`, run.truncated, run.verdicts.timeout || 0, run.verdicts.unjudged || 0];
    return make("tr", {}, make("td", { class: "name" }, dot(i), make("b", {}, run.name), make("span", { class: "interval" }, run.benchmark)),
      pass, cells.map((cell) => make("td", {}, String(cell))));
  });
  return make("table", {}, make("thead", {}, make("tr", {}, head.map((text) => make("th", {}, text)))), make("tbody", {}, rows));
}

function passPlot() {
  const points = index.runs.flatMap((run, i) => run.scores[""].filter((score) => score.value !== null).map((score) => ({ ...score, run: i })));
  const rowHeight = 22, height = points.length * rowHeight + 34, left = 92, right = 600;
  const x = (value) => left + (right - left) * value;
  const drawn = [0, .25, .5, .75, 1].map((value) => make("g", {}, make("line", { class: "axis", x1: x(value), x2: x(value), y1: 4, y2: height - 24 }),
    make("text", { class: "soft", x: x(value), y: height - 8, "text-anchor": "middle" }, `${100 * value} %`)));
  points.sort((a, b) => a.k - b.k || a.run - b.run).forEach((score, i) => {
    const y = 16 + i * rowHeight;
    drawn.push(make("text", { class: "soft", x: 4, y: y + 4 }, `pass@${score.k}`));
    if (score.low !== null) drawn.push(make("line", { x1: x(score.low), x2: x(score.high), y1: y, y2: y, stroke: hue(score.run), "stroke-width": 3, "stroke-opacity": .45 }));
    drawn.push(make("circle", { cx: x(score.value), cy: y, r: 5, fill: hue(score.run) }));
  });
  return make("figure", {}, make("figcaption", {}, "pass@k with 95 % intervals"),
    make("svg", { viewBox: `0 0 620 ${height}`, role: "img", "aria-label": "pass@k of each run" }, drawn), key());
}

function key() {
  return make("div", { class: "key" }, index.runs.map((run, i) => make("span", {}, make("i", { style: { background: hue(i) } }), short(run.name, 60))));
}

function verdictBars() {
  const names = index.verdicts.filter((name) => index.runs.some((run) => run.verdicts[name]));
  const bars = index.runs.map((run, i) => make("div", {}, make("div", { class: "soft" }, dot(i), short(`${run.name}, ${run.benchmark}`, 90)),
    make("div", { class: "bar" }, names.filter((name) => run.verdicts[name]).map((name) => make("a", {
      href: `#/problems?f=${name}&b=${encodeURIComponent(run.benchmark)}`, title: `${name}: ${run.verdicts[name]} of ${run.samples}`,
      style: { width: `${100 * run.verdicts[name] / run.samples}%`, background: VERDICT[name] } })))));
  const keys = names.map((name) => make("span", {}, make("i", { style: { background: VERDICT[name] } }), link(`/problems?f=${name}`, name)));
  return make("figure", {}, make("figcaption", {}, "Verdicts; click one for its problems"), bars, make("div", { class: "key" }, keys));
}

function compared(comparison) {
  const parts = [make("h2", {}, comparison.title)];
  const head = comparison.headings.map((text) => make("th", {}, text));
  const rows = comparison.rows.map((cells) => make("tr", {}, cells.map((cell) => make("td", {}, cell))));
  parts.push(make("div", { class: "scroll" }, make("table", {}, make("thead", {}, make("tr", {}, head)), make("tbody", {}, rows))));
  if (comparison.forest.length) parts.push(forest(comparison.forest));
  parts.push(make("p", {}, link(`/problems?f=lost&b=${encodeURIComponent(comparison.benchmark)}`, `${comparison.lost} lost`), ", ",
    link(`/problems?f=won&b=${encodeURIComponent(comparison.benchmark)}`, `${comparison.won} won`)));
  return [...parts, ...comparison.notes.map((note) => make("p", { class: "soft" }, note))];
}

function forest(rows) {
  const widest = Math.max(.02, ...rows.flatMap((row) => [Math.abs(row.low), Math.abs(row.high)]));
  const left = 190, right = 600, middle = (left + right) / 2, height = rows.length * 24 + 30;
  const x = (value) => middle + (right - left) / 2 * value / widest;
  const drawn = [-1, 0, 1].map((side) => make("g", {}, make("line", { class: "axis", x1: x(side * widest), x2: x(side * widest), y1: 4, y2: height - 24 }),
    make("text", { class: "soft", x: x(side * widest), y: height - 8, "text-anchor": "middle" }, side ? `${(100 * side * widest).toFixed(1)}` : "0 points")));
  rows.forEach((row, i) => {
    const y = 16 + 24 * i, sure = row.low > 0 || row.high < 0;
    const colour = !sure ? "#8a929c" : (row.delta > 0) === row.higher_is_better ? "#1a7f4b" : "#b42318";
    drawn.push(make("text", { x: 4, y: y + 4 }, short(row.title, 28)),
      make("line", { x1: x(row.low), x2: x(row.high), y1: y, y2: y, stroke: colour, "stroke-width": 3 }),
      make("circle", { cx: x(row.delta), cy: y, r: 5, fill: colour }));
  });
  return make("figure", { style: { margin: "0", maxWidth: "46rem" } },
    make("figcaption", {}, "Differences in points with 95 % intervals; grey where the interval holds 0"),
    make("svg", { viewBox: `0 0 620 ${height}`, role: "img", "aria-label": "differences" }, drawn));
}

function weaknesses() {
  const names = [...new Set(index.runs.flatMap((run) => Object.keys(run.cwe)))]
    .sort((a, b) => total(b) - total(a) || (a < b ? -1 : 1)).slice(0, 20);
  function total(name) { return index.runs.reduce((sum, run) => sum + (run.cwe[name] || 0), 0); }
  const most = Math.max(...names.flatMap((name) => index.runs.map((run) => run.cwe[name] || 0)));
  return make("div", { class: "scroll" }, make("table", {}, make("tbody", {}, names.map((name) => make("tr", {}, make("td", {}, name),
    make("td", { style: { width: "30rem", textAlign: "left" } }, index.runs.map((run, i) => make("div", { style: { display: "flex", alignItems: "center", gap: ".4rem" } },
      make("span", { style: { display: "block", height: ".7rem", width: `${80 * (run.cwe[name] || 0) / most}%`, minWidth: "1px", background: hue(i) } }),
      String(run.cwe[name] || 0)))))))), key());
}

// --- problems -------------------------------------------------------------------------------------------------------

const fails = (cell) => cell && cell.c === 0;
const share = (cell) => (cell && cell.n ? cell.c / cell.n : null);
function change(row) {
  const present = row.cells.filter((cell) => cell && cell.n);
  return present.length < 2 ? null : share(present[present.length - 1]) - share(present[0]);
}
const FILTERS = {
  all: () => true,
  lost: (row) => change(row) < 0,
  won: (row) => change(row) > 0,
  "both fail": (row) => row.cells.some(Boolean) && row.cells.every((cell) => !cell || fails(cell)),
  flaky: (row) => row.cells.some((cell) => cell && cell.c > 0 && cell.c < cell.n),
  errors: (row) => row.cells.some((cell) => cell && (cell.v.unjudged || cell.v.forged || cell.v.empty)),
};

function chosenRows(query) {
  const filter = query.get("f") || "all", text = (query.get("q") || "").toLowerCase(), benchmark = query.get("b") || "";
  const keep = FILTERS[filter] || ((row) => row.cells.some((cell) => cell && cell.v[filter]));
  const rows = index.rows.map((row, i) => ({ ...row, i })).filter((row) => keep(row) && (!benchmark || row.benchmark === benchmark) &&
    (!text || row.id.toLowerCase().includes(text) || row.language.includes(text)));
  if (query.get("s") === "change") rows.sort((a, b) => Math.abs(change(b) || 0) - Math.abs(change(a) || 0));
  return rows;
}

function problems(query) {
  const rows = chosenRows(query);
  const go = (name, value) => { const next = new URLSearchParams(query); value ? next.set(name, value) : next.delete(name); location.hash = `/problems?${next}`; };
  const here = query.get("f") || "all";
  const names = [...Object.keys(FILTERS), ...index.verdicts.filter((name) => index.runs.some((run) => run.verdicts[name]))];
  const search = make("input", { type: "search", placeholder: "search  ( / )", id: "search", "aria-label": "search problems" });
  search.value = query.get("q") || "";
  search.addEventListener("change", () => go("q", search.value));
  const benchmarks = [...new Set(index.rows.map((row) => row.benchmark))];
  const pick = make("select", { "aria-label": "benchmark" }, make("option", { value: "" }, "all benchmarks"),
    benchmarks.map((name) => make("option", { value: name, selected: query.get("b") === name ? "" : undefined }, name)));
  pick.addEventListener("change", () => go("b", pick.value));
  const controls = make("div", { class: "controls" },
    names.map((name) => make("button", { class: name === here ? "on" : "", click: () => go("f", name === "all" ? "" : name) }, name)),
    search, benchmarks.length > 1 ? pick : null,
    make("button", { class: query.get("s") ? "on" : "", click: () => go("s", query.get("s") ? "" : "change") }, "largest change first"),
    make("button", { click: () => download(rows) }, "CSV"));
  const list = make("div", { class: "rows", tabindex: "0" });
  const inner = make("div", { style: { height: `${rows.length * ROW}px`, position: "relative" } });
  list.append(inner);
  let picked = Math.min(Number(query.get("at") || 0), Math.max(0, rows.length - 1));
  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 5), last = Math.min(rows.length, first + Math.ceil(list.clientHeight / ROW) + 12);
    inner.replaceChildren(...rows.slice(first, last).map((row, offset) => {
      const delta = change(row), place = first + offset;
      const node = make("a", { class: `row${place === picked ? " picked" : ""}`, href: `#/p/${row.i}`, style: { top: `${place * ROW}px` } },
        make("span", { class: "id" }, row.id, make("span", { class: "soft" }, `  ${row.language}`)),
        row.cells.map((cell, run) => make("span", { class: cell ? "cell" : "cell none", title: index.runs[run].name,
          style: cell ? { background: heat(share(cell)) } : {} }, cell ? `${cell.c}/${cell.n}` : "–")));
      if (index.runs.length > 1) node.append(make("span", { class: `change ${delta < 0 ? "bad" : delta > 0 ? "good" : "soft"}` }, delta === null ? "–" : `${delta > 0 ? "+" : ""}${(100 * delta).toFixed(0)}`));
      return node;
    }));
  };
  list.addEventListener("scroll", draw);
  keys = { j: () => { picked = Math.min(rows.length - 1, picked + 1); keep(); }, k: () => { picked = Math.max(0, picked - 1); keep(); },
    Enter: () => { if (rows[picked]) location.hash = `/p/${rows[picked].i}`; } };
  const keep = () => { if (picked * ROW < list.scrollTop || (picked + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = picked * ROW - 60; draw(); };
  show(make("h1", {}, `Problems: ${rows.length} of ${index.rows.length}`), controls, key(), list,
    make("p", { class: "soft" }, "Each cell: samples that passed, of those judged. j and k move, Enter opens, / searches."));
  draw();
}

function heat(value) {
  if (value === null) return "var(--raised)";
  const from = [244, 156, 146], middle = [246, 218, 140], to = [128, 205, 155];
  const [a, b, t] = value < .5 ? [from, middle, 2 * value] : [middle, to, 2 * value - 1];
  return `rgb(${a.map((channel, i) => Math.round(channel + (b[i] - channel) * t)).join(",")})`;
}

function download(rows) {
  const cell = (text) => `"${String(text).replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
  const head = ["benchmark", "problem", "language", ...index.runs.flatMap((run) => [`${run.name} passed`, `${run.name} judged`])];
  const lines = rows.map((row) => [row.benchmark, row.id, row.language, ...row.cells.flatMap((each) => (each ? [each.c, each.n] : ["", ""]))]);
  const url = URL.createObjectURL(new Blob([[head, ...lines].map((line) => line.map(cell).join(",")).join("\n")], { type: "text/csv" }));
  make("a", { href: url, download: "problems.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// --- one problem, one sample, two samples ---------------------------------------------------------------------------

const loaded = new Map();
async function load(i) {
  if (!loaded.has(i)) {
    if (document.readyState === "loading") await new Promise((done) => document.addEventListener("DOMContentLoaded", done));
    const packed = Uint8Array.from(atob(document.getElementById(`p${i}`).textContent), (character) => character.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    loaded.set(i, JSON.parse(await new Response(stream).text()));
  }
  return loaded.get(i);
}

function problem(data, i) {
  const row = index.rows[i];
  show(trail(row), make("h1", {}, row.id),
    data.runs.map((samples, run) => [make("h2", {}, dot(run), index.runs[run].name, make("span", { class: "soft" },
      row.cells[run] ? `  ${row.cells[run].c} of ${row.cells[run].n} passed` : "  no judged sample")), chips(i, run, samples)]).flat(),
    make("h2", {}, "Prompt"), code(data.prompt, row.language), data.reference ? make("h2", {}, "Reference") : null,
    data.reference ? code(data.reference, row.language) : null, make("h2", {}, "Tests"), code(data.tests, row.language));
  keys = { j: () => go(i + 1), k: () => go(i - 1), Enter: () => { const run = data.runs.findIndex((samples) => samples.length); if (run >= 0) location.hash = `/s/${i}/${run}/0`; } };
  const go = (next) => { if (index.rows[next]) location.hash = `/p/${next}`; };
}

const trail = (row, ...more) => make("p", { class: "soft" }, link("/", "overview"), " / ", link(`/problems?b=${encodeURIComponent(row.benchmark)}`, row.benchmark), more);

function chips(i, run, samples, here = -1) {
  return make("div", { class: "chips" }, samples.map((sample, s) => make("a", { class: `chip${s === here ? " here" : ""}`, href: `#/s/${i}/${run}/${s}`,
    title: `sample ${sample.index}: ${sample.verdict}`, style: { background: VERDICT[sample.verdict] } }, String(sample.index))));
}

function sample(data, i, run, s, query) {
  const row = index.rows[i], samples = data.runs[run], each = samples[s], text = (at) => (at === null ? "" : data.texts[at]);
  const others = index.runs.map((_, other) => other).filter((other) => data.runs[other].length && (other !== run || samples.length > 1));
  const diff = others.map((other) => link(`/d/${i}/${run}/${s}/${other}/${other === run ? (s + 1) % samples.length : Math.min(s, data.runs[other].length - 1)}`,
    other === run ? "the next sample" : index.runs[other].name));
  const facts = [["verdict", make("b", { style: { color: VERDICT[each.verdict] } }, each.verdict)], ["reason", each.reason], ["finish", each.finish_reason || "unknown"],
    ["tokens", each.completion_tokens ?? "–"], ["CPU", each.cpu_s === null ? "–" : `${each.cpu_s.toFixed(3)} s`],
    ["wall", each.wall_s === null ? "–" : `${each.wall_s.toFixed(3)} s`], ["memory", each.memory_bytes === null ? "–" : `${(each.memory_bytes / 1048576).toFixed(1)} MiB`]];
  const tab = query.get("t") || "program";
  const at = (name) => `/s/${i}/${run}/${s}${name === "program" ? "" : `?t=${name}`}`;
  const tabs = { program: () => [each.program === null ? make("p", { class: "soft" }, "The completion leaves nothing to run.") : code(text(each.program), row.language, each)],
    completion: () => [make("p", { class: "soft" }, "What the model returned, untouched."), code(text(each.completion), row.language)],
    prompt: () => [code(text(each.prompt) || data.prompt, row.language)],
    output: () => [make("h2", {}, "stdout"), plain(text(each.stdout)), make("h2", {}, "stderr"), plain(text(each.stderr))],
    tests: () => [code(data.tests, row.language)] };
  show(trail(row, " / ", link(`/p/${i}`, row.id)), make("h1", {}, dot(run), `${index.runs[run].name}: ${row.id}, sample ${each.index}`),
    chips(i, run, samples, s), make("div", { class: "facts" }, facts.map(([name, value]) => make("span", {}, make("span", { class: "soft" }, `${name} `), value))),
    make("p", {}, each.detail), each.truncated ? make("p", { class: "warn" }, "The model was cut off at its token limit.") : null,
    make("p", {}, "Findings: ", each.scan, each.findings.length ? `, ${each.findings.map((found) => `${found.rule} ${found.severity}`).join(", ")}` : ""),
    diff.length ? make("p", {}, "Diff with ", diff.flatMap((node, place) => (place ? [", ", node] : [node]))) : null,
    make("div", { class: "controls" }, Object.keys(tabs).map((name) => make("a", { href: `#${at(name)}` }, make("button", { class: name === tab ? "on" : "" }, name))),
      make("button", { click: (event) => copy(event.target, index.runs[run].argv) }, "copy the run's command")), ...(tabs[tab] || tabs.program)());
  keys = { j: () => { if (s + 1 < samples.length) location.hash = `/s/${i}/${run}/${s + 1}`; }, k: () => { if (s) location.hash = `/s/${i}/${run}/${s - 1}`; },
    d: () => { if (diff.length) location.hash = diff[0].getAttribute("href"); } };
}

async function copy(button, text) {
  try { await navigator.clipboard.writeText(text); button.textContent = "copied"; } catch { button.textContent = text; }
}

function difference(data, i, run, s, other, t) {
  const row = index.rows[i], one = data.runs[run][s], two = data.runs[other][t];
  const text = (each) => (each.program === null ? "" : data.texts[each.program]);
  const side = (which, each, goes) => make("div", {}, make("h2", {}, dot(which), index.runs[which].name), chips(i, which, data.runs[which]),
    make("div", { class: "controls" }, data.runs[which].length > 1 ? stepper(goes) : null, `sample ${each.index}: `, make("b", { style: { color: VERDICT[each.verdict] } }, each.verdict)));
  const stepper = (goes) => [make("button", { click: () => goes(-1) }, "‹"), make("button", { click: () => goes(1) }, "›")];
  const clamp = (value, samples) => Math.max(0, Math.min(samples.length - 1, value));
  show(trail(row, " / ", link(`/p/${i}`, row.id)), make("h1", {}, `${row.id}: two programs`),
    make("div", { class: "two" }, side(run, one, (by) => { location.hash = `/d/${i}/${run}/${clamp(s + by, data.runs[run])}/${other}/${t}`; }),
      side(other, two, (by) => { location.hash = `/d/${i}/${run}/${s}/${other}/${clamp(t + by, data.runs[other])}`; })),
    diffed(text(one), text(two)), data.reference ? [make("h2", {}, "Against the reference"), diffed(data.reference, text(two))] : null);
  keys = { d: () => { location.hash = `/s/${i}/${run}/${s}`; } };
}

function diffed(one, two) {
  const a = one.split("\n"), b = two.split("\n");
  if (a.length * b.length > 4e6) return make("p", { class: "soft" }, "These programs are too long to be compared line by line.");
  const best = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--)
    best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  const lines = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { lines.push(["same", `  ${a[i++]}`]); j++; }
    else if (i < a.length && (j >= b.length || best[i + 1][j] >= best[i][j + 1])) lines.push(["del", `- ${a[i++]}`]);
    else lines.push(["add", `+ ${b[j++]}`]);
  }
  return make("pre", {}, lines.map(([kind, line]) => make("span", { class: kind }, line || " ")));
}

const plain = (text) => make("pre", {}, text || " ");
const KEYWORDS = new Set(("and as assert async await break case catch class const continue def default del do elif else end enum except export extends false False finally " +
  "fn for foreach from func function global if impl implements import in interface is lambda let local loop match mod mut namespace new nil none None nonlocal not null or package pass " +
  "private proc protected pub public raise require return self static struct sub super switch template then this throw trait true True try type typedef typename undefined union unless " +
  "until use using val var virtual void when where while with yield").split(" "));
const COMMENT = { python: "#", bash: "#", perl: "#", ruby: "#", r: "#", elixir: "#", julia: "#", lua: "--", haskell: "--", ada: "--", racket: ";", clojure: ";" };

function code(source, language, about = null) {
  const comment = COMMENT[language] || "//";
  const found = new Map();
  for (const finding of about ? about.findings : []) found.set(finding.line, [...(found.get(finding.line) || []), finding]);
  const lines = source.slice(0, 200000).split("\n").slice(0, 5000).map((line, i) => [
    make("span", { class: `${about && i < about.prompt_lines ? "given" : ""}${found.has(i + 1) ? " found" : ""}` },
      make("span", { class: "ln" }, String(i + 1)), line.length > 2000 ? line : coloured(line, comment), "\n"),
    ...(found.get(i + 1) || []).map((each) => make("span", { class: "note" }, `      ${each.severity} ${each.rule}${each.cwe ? ` CWE-${each.cwe}` : ""}: ${each.message}\n`))]);
  const cut = source.length > 200000 || source.split("\n").length > 5000 ? [make("span", { class: "note" }, "… cut here; the run folder has the rest\n")] : [];
  return make("pre", {}, lines.flat(), cut);
}

function coloured(line, comment) {
  const parts = [], token = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|#.*|\/\/.*|--.*|;.*|[A-Za-z_]\w*|\d[\w.]*|[^]/g;
  let plainText = "";
  const flush = () => { if (plainText) parts.push(plainText); plainText = ""; };
  for (let match; (match = token.exec(line)); ) {
    const [text] = match;
    let kind = "";
    if (/^(#|\/\/|--|;)/.test(text)) {
      if (text.startsWith(comment)) kind = "c";
      else { plainText += text[0]; token.lastIndex = match.index + 1; continue; }
    } else if (/^["'`]./.test(text)) kind = "s";
    else if (/^\d/.test(text)) kind = "d";
    else if (KEYWORDS.has(text)) kind = "k";
    if (!kind) { plainText += text; continue; }
    flush();
    parts.push(make("span", { class: kind }, text));
  }
  flush();
  return parts;
}

// --- the frame ------------------------------------------------------------------------------------------------------

let keys = {}, turn = 0;

async function route() {
  const mine = ++turn;
  keys = {};
  const [path, search] = (location.hash.slice(1) || "/").split("?");
  const query = new URLSearchParams(search || ""), [, page, ...numbers] = path.split("/");
  const [i, run, s, other, t] = numbers.map(Number);
  for (const anchor of document.querySelectorAll("nav a")) anchor.classList.toggle("here", anchor.getAttribute("href") === `#/${page}`);
  try {
    const data = ["p", "s", "d"].includes(page) ? await load(i) : null;
    if (mine !== turn) return; // another address was asked for meanwhile
    if (page === "problems") problems(query);
    else if (page === "p") problem(data, i);
    else if (page === "s") sample(data, i, run, s, query);
    else if (page === "d") difference(data, i, run, s, other, t);
    else overview();
  } catch (error) {
    if (mine !== turn) return;
    console.error(error);
    show(make("h1", {}, "There is nothing here"), make("p", {}, `No page has the address ${location.hash}. `, link("/", "Back to the overview")));
  }
  if (page !== "problems") window.scrollTo(0, 0);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  if (event.key === "/") {
    event.preventDefault();
    const search = document.getElementById("search");
    if (search) search.focus(); else location.hash = "/problems";
  } else if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});
document.title = `${short(index.title, 80)} – codecrucible`;
window.addEventListener("hashchange", route);
route();
