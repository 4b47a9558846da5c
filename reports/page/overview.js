// The first screen: what was decided, the differences on one axis, a row a run; then what was lost and why.

let chosen = 0; // the candidate that is looked at
const SHOWN_LOST = 12;
const STATES = { REGRESSION: ["▼", "worse"], PASS: ["✓", "better"], INCONCLUSIVE: ["?", "unsure"] };

// An address of this page that keeps which candidate is looked at.
function to(path, query = {}) {
  const words = new URLSearchParams(
    Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined),
  );
  if (index.candidates.length > 1 && !words.has("c")) words.set("c", chosen);
  const told = words.toString();
  return `${path}${told ? `?${told}` : ""}`;
}
const stateTag = (state) => make("span", { class: `state ${STATES[state][1]}` }, `${STATES[state][0]} ${state}`);

function candidatePicker(go) {
  if (index.candidates.length < 2) return null;
  const pick = make(
    "select",
    { "aria-label": "candidate", change: () => go(Number(pick.value)) },
    index.candidates.map((candidate, place) =>
      make(
        "option",
        { value: place, selected: place === chosen ? "" : undefined },
        `${place + 1}: ${short(candidate.name, 70)}`,
      ),
    ),
  );
  return make("label", { class: "pick" }, "Candidate ", pick);
}

function decision() {
  const candidate = index.candidates[chosen];
  if (!candidate)
    return make(
      "section",
      { class: "decision", "aria-label": "score" },
      index.runs.map((run, place) => {
        const first = run.scores[""].find((score) => score.k === 1) || run.scores[""][0];
        const told =
          first && first.value !== null
            ? `pass@${first.k} is ${percent(first.value)}${first.low === null ? "" : ` (95 % interval ${fixed(100 * first.low, 1)} to ${fixed(100 * first.high, 1)})`}`
            : run.tested
              ? "no score"
              : `the insecure rate is ${percent(run.security.insecure_rate)} and pass@k not measured, since the benchmark has no tests`;
        return make(
          "p",
          { class: "headline" },
          named(place),
          ` on ${run.benchmark}: ${told}, over ${run.problems} problems with ${run.n} sample${run.n === 1 ? "" : "s"} each.`,
        );
      }),
    );
  const [base, own] = candidate.pairs[0],
    [first, ...rest] = candidate.sentences;
  return make(
    "section",
    { class: "decision", "aria-label": "decision" },
    make(
      "div",
      { class: "sides" },
      make("span", {}, named(own)),
      soft(" against baseline "),
      make("span", {}, named(base)),
      candidatePicker((place) => {
        location.hash = `/?c=${place}`;
      }),
    ),
    make("p", { class: "headline" }, candidate.state ? [stateTag(candidate.state), " "] : null, first),
    rest.length
      ? make(
          "details",
          {},
          make("summary", {}, "More on this decision"),
          make(
            "ul",
            { class: "sentences" },
            rest.map((sentence) => make("li", {}, sentence)),
          ),
        )
      : null,
  );
}

function runColumns() {
  const kinds = [...new Set(index.runs.flatMap((run) => Object.keys(run.scores)))];
  const scores = kinds.flatMap((kind) =>
    [...new Set(index.runs.flatMap((run) => (run.scores[kind] || []).map(({ k }) => k)))]
      .sort((a, b) => a - b)
      .map((k) => ({
        title: `${kind === "live" ? "live " : ""}pass@${k}${kind && kind !== "live" ? `, ${kind} tests` : ""}`,
        why:
          kind === "live"
            ? "Over the problems that can be passed."
            : kind
              ? `By the ${kind} tests alone.`
              : WORDS[`pass@${k}`],
        cell: (run) => {
          const score = (run.scores[kind] || []).find((each) => each.k === k);
          if (!score) return "–";
          const interval =
            score.low === null ? "" : `${fixed(100 * score.low, 1)} to ${fixed(100 * score.high, 1)}`;
          return {
            text: interval ? `${percent(score.value)} (${interval})` : percent(score.value),
            nodes: [percent(score.value), interval ? make("span", { class: "interval" }, interval) : null],
          };
        },
      })),
  );
  const of = (place) => index.candidates[candidateOf.get(place)];
  const compared = (place) => of(place) && of(place).comparisons[of(place).pairs.findIndex(([, own]) => own === place)];
  const changed = (name) => ({
    title: name,
    cell: (_, place) => {
      const comparison = compared(place);
      if (!comparison) return "–";
      return {
        text: String(comparison[name]),
        nodes: link(
          to("/problems", { f: name, b: comparison.benchmark, c: candidateOf.get(place) }),
          String(comparison[name]),
        ),
      };
    },
  });
  const compare = index.candidates.length
    ? [
        {
          title: "decision",
          cell: (_, place) =>
            of(place) && of(place).state
              ? { text: of(place).state, nodes: link(`/?c=${candidateOf.get(place)}`, stateTag(of(place).state)) }
              : bases.has(place)
                ? "baseline"
                : "–",
        },
      ]
    : [];
  return [
    ...compare,
    ...scores,
    { title: "secure-pass@1", cell: (run) => percent(run.security.secure_pass_at_1) },
    { title: "insecure rate", cell: (run) => percent(run.security.insecure_rate) },
    ...(index.candidates.length ? [changed("lost"), changed("won")] : []),
    { title: "efficient@1", cell: (run) => percent(run.efficient) },
    { title: "CPU time × reference", cell: (run) => (run.cpuRatio === null ? "–" : fixed(run.cpuRatio, 2)) },
    { title: "CodeBLEU", cell: (run) => percent(run.codebleu) },
    {
      title: "findings H / M / L",
      cell: (run) =>
        run.security.scanned ? ["high", "medium", "low"].map((name) => run.security.findings[name]).join(" / ") : "–",
    },
    { title: "passed, not scannable", cell: (run) => String(run.security.unscannable_passes ?? "–") },
    { title: "samples", cell: (run) => `${run.n} × ${run.problems}` },
    { title: "truncated", cell: (run) => String(run.truncated) },
    { title: "timeouts", cell: (run) => String(run.verdicts.timeout || 0) },
    { title: "unjudged", cell: (run) => String(run.verdicts.unjudged || 0) },
  ];
}

function runTable() {
  const columns = runColumns(),
    cells = index.runs.map((run, place) => columns.map((column) => column.cell(run, place)));
  const empty = (at) => cells.every((row) => ["0", "–", "0 / 0 / 0"].includes(textOf(row[at])));
  return dataTable({
    name: "Runs",
    wide: index.candidates.length ? [1] : [],
    columns: [
      { title: "run" },
      ...columns.map((column, at) => ({ ...column, hidden: empty(at) && !["lost", "won"].includes(column.title) })),
    ],
    rows: index.runs.map((run, place) => [
      {
        text: `${run.label} on ${run.benchmark}`,
        nodes: [
          badge(place),
          " ",
          make("b", {}, run.label),
          make("span", { class: "interval" }, run.folder ? `${run.benchmark} · ${run.folder}` : run.benchmark),
        ],
      },
      ...cells[place],
    ]),
  });
}

// Some of the rows that were lost, with why.
function lostTable(rows, candidate) {
  const pair = (row) => pairOf(row, candidate),
    several = new Set(rows.map(({ benchmark }) => benchmark)).size > 1;
  const worst = (row) => {
    const own = pair(row) ? pair(row)[1] : row.cells.findIndex((cell) => cell && cell.why);
    return own < 0 ? null : { own, why: row.cells[own].why };
  };
  const cells = (row) => {
    const failed = worst(row),
      [place, verdict, why] = failed && failed.why ? failed.why : [null, "", ""];
    return [
      {
        text: row.id,
        nodes: [link(to(`/p/${row.i}`), row.id), several ? make("span", { class: "interval" }, row.benchmark) : null],
      },
      ...(pair(row)
        ? [...pair(row).map((run) => counted(row.cells[run])), `${points(change(row, candidate)).replace(/\.0$/, "")}`]
        : [counted(row.cells[failed ? failed.own : 0])]),
      verdict ? { text: verdict, nodes: verdictTag(verdict) } : "–",
      verdict
        ? {
            text: why,
            nodes: make(
              "a",
              { class: "quiet", href: `#${to(`/s/${row.i}/${failed.own}/${place}`)}` },
              why || "see the sample",
            ),
          }
        : "–",
    ];
  };
  const heads = index.candidates.length
    ? ["problem", "baseline", "candidate", "change", "verdict", "why"]
    : ["problem", "passed", "verdict", "why"];
  return dataTable({
    name: "Problems lost",
    columns: heads.map((title) => ({ title })),
    rows: rows.map(cells),
    wide: [heads.length - 2, heads.length - 1],
  });
}

function regressions() {
  const rows = lostRows(chosen),
    candidate = index.candidates[chosen];
  const won = candidate ? rowsOf.filter((row) => change(row, chosen) > 0).length : 0;
  const untested = index.runs.every((run) => !run.tested);
  const title = untested
    ? "Problems"
    : candidate
      ? `Problems lost: ${rows.length}`
      : `Problems without a pass: ${rows.length}`;
  const all = to("/problems", { f: candidate ? "lost" : "both fail" });
  return make(
    "section",
    {},
    make("h2", { id: "lost" }, title),
    rows.length
      ? lostTable(rows.slice(0, SHOWN_LOST), chosen)
      : make(
          "p",
          { class: "soft" },
          untested
            ? "The benchmark has no tests: no problem is passed or failed."
            : candidate
              ? "The candidate passes no problem less often than the baseline."
              : "Each problem is passed by a sample.",
        ),
    make(
      "p",
      {},
      rows.length > SHOWN_LOST ? [link(all, `All ${rows.length}`), " · "] : null,
      candidate ? [link(to("/problems", { f: "won" }), `${won} won`), " · "] : null,
      link(to("/problems"), `all ${index.rows.length} problems`),
      rows.length ? soft(" (n goes to the next, p to the one before)") : null,
    ),
  );
}

function numbers() {
  const candidate = index.candidates[chosen];
  if (!candidate || !candidate.comparisons.length) return null;
  return make(
    "details",
    { class: "numbers" },
    make("summary", {}, "Every number that was compared"),
    candidate.comparisons.map((comparison) => [
      make("h3", {}, comparison.title),
      dataTable({
        name: comparison.title,
        columns: comparison.headings.map((title) => ({ title })),
        rows: comparison.rows,
      }),
      comparison.notes.map((note) => make("p", { class: "soft" }, note)),
    ]),
  );
}

function weaknesses() {
  const names = [...new Set(index.runs.flatMap((run) => Object.keys(run.cwe)))];
  if (!names.length) return null;
  const total = (name) => index.runs.reduce((sum, run) => sum + (run.cwe[name] || 0), 0);
  names.sort((a, b) => total(b) - total(a) || (a < b ? -1 : 1));
  return make(
    "section",
    {},
    make("h2", {}, "Samples with a security finding, by weakness"),
    dataTable({
      name: "Findings by weakness",
      columns: [
        { title: "weakness" },
        ...index.runs.map((run, place) => ({ title: `${mark(place)[0]}: ${run.label}` })),
      ],
      rows: names.slice(0, 30).map((name) => [name, ...index.runs.map((run) => String(run.cwe[name] || 0))]),
    }),
  );
}

function about() {
  return make(
    "section",
    {},
    make("h2", {}, "How the runs were made"),
    index.runs.map((run, place) =>
      make(
        "details",
        {},
        make("summary", {}, named(place), soft(` ${run.benchmark}`)),
        make(
          "dl",
          {},
          Object.entries({ run: run.id, folder: run.folder, ...run.facts }).map(([name, value]) => [
            make("dt", {}, name),
            make("dd", {}, value),
          ]),
        ),
        make(
          "p",
          {},
          make("code", {}, run.argv),
          " ",
          button((event) => copyText(event.currentTarget, run.argv), { class: "plain" }, "copy"),
        ),
      ),
    ),
    index.runs.flatMap((run) => run.notes.map((note) => make("p", { class: "soft" }, note))),
  );
}

function overview(query) {
  chosen = Math.min(Number(query.get("c")) || 0, Math.max(0, index.candidates.length - 1));
  const drawing = make("div", {}),
    again = (all) => drawing.replaceChildren(...[forest(all, again)].flat().filter(Boolean));
  again(false);
  const title = index.candidates.length ? "Is the candidate worse?" : index.title;
  show(
    make("h1", {}, title),
    index.runs.flatMap((run) => run.warnings).map((warning) => make("div", { class: "loud" }, warning)),
    decision(),
    drawing.childNodes.length ? drawing : scorePlot(),
    make("h2", {}, "Runs"),
    runTable(),
    glossary([
      "run",
      "decision",
      "points",
      "can only detect",
      "95 % interval",
      "margin",
      ...runColumns().map((column) => column.title),
    ]),
    groups(),
    regressions(),
    verdictBars(),
    weaknesses(),
    numbers(),
    ratings(),
    about(),
  );
  keys = { n: () => step(1), p: () => step(-1) };
}
