// The problems: the counts of each, which are in the index, and its texts, which are unpacked when they are looked at.

const unpacked = new Map(),
  MOST_UNPACKED = 40;
async function unpack(i) {
  if (document.readyState === "loading")
    await new Promise((done) => document.addEventListener("DOMContentLoaded", done));
  const packed = Uint8Array.from(atob(document.getElementById(`p${i}`).textContent), (character) =>
    character.charCodeAt(0),
  );
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}
async function load(i) {
  if (!unpacked.has(i)) {
    if (unpacked.size >= MOST_UNPACKED) unpacked.delete(unpacked.keys().next().value);
    unpacked.set(i, await unpack(i));
  }
  return unpacked.get(i);
}

const share = (cell) => (cell && cell.n ? cell.c / cell.n : null);
const counted = (cell) => (cell ? `${cell.c}/${cell.n}` : "–");

// Places of the two runs that a row is compared by: of a candidate's pairs the one of the row's benchmark.
const pairOf = (row, candidate) =>
  index.candidates[candidate]
    ? index.candidates[candidate].pairs.find((pair) => pair.every((run) => row.cells[run]))
    : undefined;
function change(row, candidate) {
  const pair = pairOf(row, candidate);
  if (!pair) return null;
  const [before, after] = pair.map((run) => share(row.cells[run]));
  return before === null || after === null ? null : after - before;
}

const rowsOf = index.rows.map((row, i) => ({ ...row, i }));
const lostLists = new Map();
// The problems that a candidate lost, the largest loss first; without a candidate those that no sample of a run passed.
function lostRows(candidate) {
  if (!lostLists.has(candidate)) {
    lostLists.set(
      candidate,
      index.candidates.length
        ? rowsOf
            .filter((row) => change(row, candidate) < 0)
            .sort((one, other) => change(one, candidate) - change(other, candidate) || one.i - other.i)
        : rowsOf.filter((row) => row.cells.some((cell) => cell && cell.n && !cell.c)),
    );
  }
  return lostLists.get(candidate);
}

const FILTERS = {
  all: ["all", () => true, ""],
  lost: [
    "lost",
    (row, candidate) => change(row, candidate) < 0,
    "The candidate passes it less often than the baseline.",
  ],
  won: ["won", (row, candidate) => change(row, candidate) > 0, "The candidate passes it more often than the baseline."],
  "both fail": [
    "no pass",
    (row, candidate) => {
      const runs = pairOf(row, candidate) || row.cells.keys();
      return row.cells.some(Boolean) && [...runs].every((run) => !row.cells[run] || row.cells[run].c === 0);
    },
    "No sample passes, in none of the runs compared.",
  ],
  flaky: [
    "flaky",
    (row, candidate) => {
      const pair = pairOf(row, candidate),
        cells = pair ? [row.cells[pair[1]]] : row.cells;
      return cells.some((cell) => cell && cell.c > 0 && cell.c < cell.n);
    },
    "Some samples pass and some do not.",
  ],
  errors: [
    "doubtful",
    (row) => row.cells.some((cell) => cell && (cell.v.unjudged || cell.v.forged || cell.v.empty)),
    "Unjudged, forged or empty samples.",
  ],
};

// What a row is known by before its texts are unpacked.
const known = (row) =>
  [
    row.id,
    row.language,
    ...row.cells.flatMap((cell) => (cell ? [...Object.keys(cell.v), ...(cell.why ? [cell.why[2]] : [])] : [])),
  ]
    .join("\n")
    .toLowerCase();

// Where a problem's texts hold `wanted`: {run, place, kind, text}, run null for the problem's own texts; null for nowhere.
function findIn(data, wanted) {
  const places = data.texts.map((text) => text.toLowerCase().indexOf(wanted));
  const around = (text, at) => text.slice(Math.max(0, at - 30), at + wanted.length + 50).replace(/\s+/g, " ");
  for (const [run, samples] of data.runs.entries())
    for (const [place, each] of samples.entries()) {
      const findings = each.findings
        .map((found) => `${found.rule} ${found.severity} ${found.cwe ? `CWE-${found.cwe}` : ""} ${found.message}`)
        .join("\n");
      for (const [kind, text] of [
        ["error", `${each.detail}\n${each.reason}`],
        ["verdict", each.verdict],
        ["finding", findings],
      ]) {
        const at = text.toLowerCase().indexOf(wanted);
        if (at >= 0) return { run, place, kind, text: around(text, at) };
      }
      for (const [kind, at] of [
        ["program", each.program],
        ["completion", each.completion],
        ["output", each.stdout],
        ["output", each.stderr],
      ])
        if (at !== null && places[at] >= 0) return { run, place, kind, text: around(data.texts[at], places[at]) };
    }
  for (const kind of ["prompt", "reference", "tests"]) {
    const at = data[kind].toLowerCase().indexOf(wanted);
    if (at >= 0) return { run: null, place: 0, kind, text: around(data[kind], at) };
  }
  return null;
}
