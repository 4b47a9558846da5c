// One problem, one sample, two samples beside one another.

function problem(data, i) {
  const row = rowsOf[i],
    pair = pairOf(row, chosen),
    withSamples = [...index.runs.keys()].filter((run) => data.runs[run].length);
  const beside = pair || withSamples.slice(0, 2),
    others = withSamples.filter((run) => !beside.includes(run));
  const told = (run) =>
    make(
      "p",
      { class: "why" },
      badge(run),
      " ",
      link(to(`/s/${i}/${run}/${standing(row, data, run)}`), make("b", {}, index.runs[run].label)),
      soft(`: ${row.cells[run] ? `${row.cells[run].c} of ${row.cells[run].n} passed` : "no judged sample"}`),
    );
  const shown = beside
    .filter((run) => data.runs[run].length)
    .map((run) => {
      const s = standing(row, data, run),
        each = data.runs[run][s];
      return make(
        "div",
        {},
        told(run),
        chips(i, run, data.runs[run], s),
        make(
          "p",
          { class: "why" },
          link(to(`/s/${i}/${run}/${s}`), `sample ${each.index}`),
          ": ",
          verdictTag(each.verdict),
          " ",
          each.detail || each.reason,
        ),
        code(
          textAt(data, each.program === null ? each.completion : each.program),
          row.language,
          each,
          `sample ${each.index} of ${index.runs[run].label}`,
        ),
      );
    });
  show(
    trail(row),
    make("h1", {}, row.id),
    stepper(),
    pair && data.runs[pair[0]].length && data.runs[pair[1]].length
      ? make("p", {}, link(compareAddress(row, data, ...pair), "Compare these two programs"), soft(" (d)"))
      : null,
    make("div", { class: "two" }, shown),
    others.length
      ? [make("h2", {}, "Other runs"), others.map((run) => [told(run), chips(i, run, data.runs[run])])]
      : null,
    make("h2", {}, "Prompt"),
    code(data.prompt, row.language, null, "prompt"),
    data.reference ? [make("h2", {}, "Reference"), code(data.reference, row.language, null, "reference")] : null,
    make("h2", {}, "Tests"),
    code(data.tests, row.language, null, "tests"),
  );
  const go = (next) => {
    if (index.rows[next]) location.hash = to(`/p/${next}`);
  };
  keys = {
    j: () => go(i + 1),
    k: () => go(i - 1),
    n: () => step(1),
    p: () => step(-1),
    d: () => {
      if (pair) location.hash = compareAddress(row, data, ...pair);
    },
    Enter: () => {
      const run = beside.find((each) => data.runs[each].length);
      if (run !== undefined) location.hash = to(`/s/${i}/${run}/${standing(row, data, run)}`);
    },
  };
  up = lastList;
}

// What a sample can be compared with: [address, name]. The baseline's program is the older one of the two.
function comparisons(row, data, run, s) {
  const found = [];
  for (const other of index.runs.keys()) {
    if (other === run || !data.runs[other].length) continue;
    const older = bases.has(run) || (!bases.has(other) && run < other);
    found.push([
      older
        ? compareAddress(row, data, run, other, standing(row, data, other), s)
        : compareAddress(row, data, other, run, s),
      index.runs[other].label,
      bases.has(other),
    ]);
  }
  found.sort((one, other) => other[2] - one[2]);
  const more =
    data.runs[run].length > 1
      ? [Math.min(s, (s + 1) % data.runs[run].length), Math.max(s, (s + 1) % data.runs[run].length)]
      : null;
  return more ? [...found, [to(`/d/${row.i}/${run}/${more[0]}/${run}/${more[1]}`), "the next sample"]] : found;
}

function sample(data, i, run, s, query) {
  const row = rowsOf[i],
    samples = data.runs[run],
    each = samples[s],
    number = (value, digits, unit, by = 1) => (value === null ? "–" : `${fixed(value / by, digits)} ${unit}`);
  const others = comparisons(row, data, run, s);
  const facts = [
    ["verdict", verdictTag(each.verdict)],
    ["reason", each.reason || "–"],
    ["tests passed", each.tests ? `${each.tests_passed} of ${each.tests}` : "–"],
    ["finish", each.finish_reason || "unknown"],
    ["tokens", String(each.completion_tokens ?? "–")],
    ["CPU", number(each.cpu_s, 3, "s")],
    ["wall", number(each.wall_s, 3, "s")],
    ["memory", number(each.memory_bytes, 1, "MiB", 1048576)],
  ];
  const program = textAt(data, each.program);
  const tabs = {
    program: () => [
      each.program === null
        ? make("p", { class: "soft" }, "The completion leaves nothing to run.")
        : code(program, row.language, each, "program"),
    ],
    completion: () => [
      make("p", { class: "soft" }, "What the model returned, untouched."),
      code(textAt(data, each.completion), row.language, null, "completion"),
    ],
    prompt: () => [code(textAt(data, each.prompt) || data.prompt, row.language, null, "prompt")],
    output: () => [
      make("h2", {}, "stdout"),
      plain(textAt(data, each.stdout), "stdout"),
      make("h2", {}, "stderr"),
      plain(textAt(data, each.stderr), "stderr"),
    ],
    tests: () => [code(data.tests, row.language, null, "tests")],
    ...(data.reference
      ? {
          reference: () => [
            make("p", { class: "soft" }, "From the reference (−) to this program (+)."),
            difference(data.reference, program, row.language, {
              beside: besideNow(query),
              names: ["reference", "program"],
              about: [null, each],
            }),
          ],
        }
      : {}),
  };
  const tab = tabs[query.get("t")] ? query.get("t") : "program";
  show(
    trail(row, link(to(`/p/${i}`), row.id)),
    make("h1", {}, named(run), `: ${row.id}, sample ${each.index}`),
    stepper(),
    chips(i, run, samples, s),
    each.detail ? make("p", { class: "detail" }, each.detail) : null,
    make(
      "dl",
      { class: "facts" },
      facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))),
    ),
    each.truncated ? make("p", { class: "warn" }, "The model was cut off at its token limit.") : null,
    make(
      "p",
      {},
      "Findings: ",
      each.findings.map((found) => `${found.severity} ${found.rule} on line ${found.line}, `),
      each.scan,
    ),
    others.length
      ? make(
          "p",
          {},
          "Compare with ",
          others.map(([address, name], at) => [at ? ", " : "", link(address, name)]),
          soft(" (d)"),
        )
      : null,
    make(
      "nav",
      { class: "controls", "aria-label": "What is shown of the sample" },
      Object.keys(tabs).map((name) =>
        make(
          "a",
          {
            class: `tab${name === tab ? " on" : ""}`,
            "aria-current": name === tab ? "true" : undefined,
            href: `#${to(`/s/${i}/${run}/${s}`, { t: name === "program" ? "" : name })}`,
          },
          name === "reference" ? "against the reference" : name,
        ),
      ),
      button((event) => copyText(event.currentTarget, program), { class: "plain" }, "copy program"),
      button(
        (event) => copyText(event.currentTarget, index.runs[run].argv),
        { class: "plain" },
        "copy the run's command",
      ),
    ),
    ...tabs[tab](),
  );
  const go = (next) => {
    if (samples[next]) location.hash = to(`/s/${i}/${run}/${next}`, { t: tab === "program" ? "" : tab });
  };
  keys = {
    j: () => go(s + 1),
    k: () => go(s - 1),
    n: () => step(1),
    p: () => step(-1),
    d: () => {
      if (others.length) location.hash = others[0][0];
    },
  };
  up = to(`/p/${i}`);
}

const besideNow = (query) => (query.get("v") ? query.get("v") === "beside" : !narrow.matches);

function twoSamples(data, i, run, s, other, t, query) {
  const row = rowsOf[i],
    one = data.runs[run][s],
    two = data.runs[other][t],
    beside = besideNow(query),
    view = query.get("v") || "";
  const at = (place, name) => to(`/d/${i}/${place.join("/")}`, { v: name });
  const text = (each) => textAt(data, each.program === null ? each.completion : each.program);
  const side = (sign, which, each, place, moved) => {
    const samples = data.runs[which],
      way = (next, name, arrow) =>
        samples[next]
          ? make(
              "a",
              {
                class: "tab",
                href: `#${at(moved(next), view)}`,
                title: `${name} sample of ${index.runs[which].label}`,
              },
              make("span", { "aria-hidden": "true" }, arrow),
              make("span", { class: "unseen" }, `${name} sample`),
            )
          : null;
    return make(
      "div",
      {},
      make("h2", {}, `${sign} `, named(which)),
      make(
        "p",
        { class: "why" },
        way(place - 1, "previous", "‹"),
        " ",
        link(to(`/s/${i}/${which}/${place}`), `sample ${each.index}`),
        soft(` of ${samples.length} `),
        way(place + 1, "next", "›"),
        " ",
        verdictTag(each.verdict),
        " ",
        each.verdict === "passed" ? "" : each.detail || each.reason,
      ),
    );
  };
  show(
    trail(row, link(to(`/p/${i}`), row.id)),
    make("h1", {}, `${row.id}: two programs`),
    stepper(),
    make(
      "div",
      { class: "two" },
      side("−", run, one, s, (next) => [run, next, other, t]),
      side("+", other, two, t, (next) => [run, s, other, next]),
    ),
    make(
      "div",
      { class: "controls" },
      make(
        "a",
        { class: "tab", href: `#${at([run, s, other, t], beside ? "lines" : "beside")}` },
        beside ? "show below one another" : "show beside one another",
      ),
    ),
    difference(text(one), text(two), row.language, {
      beside,
      names: [index.runs[run].label, index.runs[other].label],
      about: [one, two],
    }),
    data.reference
      ? [
          make("h2", {}, "From the reference (−) to the second program (+)"),
          difference(data.reference, text(two), row.language, {
            beside: false,
            names: ["the reference", index.runs[other].label],
            about: [null, two],
          }),
        ]
      : null,
  );
  keys = {
    d: () => {
      location.hash = to(`/s/${i}/${other}/${t}`);
    },
    n: () => step(1),
    p: () => step(-1),
    j: () => {
      if (data.runs[other][t + 1]) location.hash = at([run, s, other, t + 1], view);
    },
    k: () => {
      if (t) location.hash = at([run, s, other, t - 1], view);
    },
  };
  up = to(`/p/${i}`);
}
