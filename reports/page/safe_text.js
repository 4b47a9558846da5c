// Text for another place than this page, made harmless as reports/views/safe_text.py does; a test holds both together.
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}]/gu;
const ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const LATEX = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "{\\char34}",
};
for (const each of "{}$&#_%") LATEX[each] = `\\${each}`;
for (const each of "[]*-`'?!") LATEX[each] = `{${each}}`;

function escaped(character) {
  const code = character.codePointAt(0),
    hex = code.toString(16);
  if (ESCAPES[character]) return ESCAPES[character];
  return code < 0x100
    ? `\\x${hex.padStart(2, "0")}`
    : code < 0x10000
      ? `\\u${hex.padStart(4, "0")}`
      : `\\U${hex.padStart(8, "0")}`;
}

function forTerminal(text, longest = 200) {
  let shown = [...text.slice(0, 2 * longest + 2)]
    .slice(0, longest + 1)
    .join("")
    .replace(UNSHOWN, escaped)
    .replaceAll("##[", "#\\#[");
  if (shown.trimStart().startsWith("::")) shown = `\\${shown.trimStart()}`;
  const characters = [...shown];
  return characters.length <= longest ? shown : `${characters.slice(0, longest - 1).join("")}…`;
}
const forMarkdown = (text) =>
  forTerminal(text)
    .replace(/[\\`*_[\]<>&|~@$#]|:(?=[:/])|(?<=:):|(?<=www)\./gi, (each) => `&#${each.codePointAt(0)};`)
    .replaceAll("&#64;", "&#64;&#8203;");
function forCsv(text) {
  const shown = forTerminal(text, 1000),
    kept = /^\s*[=+\-@＝＋－＠]/.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(kept) ? `"${kept.replaceAll('"', '""')}"` : kept;
}
function forLatex(text) {
  const shown = forTerminal(text)
    .replaceAll("…", "...")
    .replace(/[^\x00-\x7f]/gu, escaped);
  return [...shown].map((each) => LATEX[each] ?? each).join("");
}

// A number in text: the page's minus is the sign that spreadsheets and LaTeX know.
const plainNumber = (text) => text.replace(/−(?=\d)/g, "-");

// rows: texts; labels: number of leading columns of text.
function asMarkdown(heads, rows, labels) {
  const rule = heads.map((_, at) => (at < labels ? ":--" : "--:"));
  return `${[heads.map(forMarkdown), rule, ...rows.map((row) => row.map(forMarkdown))].map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
}
const csvCell = (text) => (/^[+-]?\d[\d.]*( %)?$/.test(text) ? text : forCsv(text));
const asCsv = (heads, rows) =>
  `${[heads, ...rows].map((row) => row.map((cell) => csvCell(plainNumber(cell))).join(",")).join("\n")}\n`;
function asLatex(heads, rows, labels) {
  const number = (text) => (text === "–" ? "--" : forLatex(plainNumber(text)).replace(/\{-\}(?=\d)/g, "$-$"));
  const line = (row, texts) =>
    `  ${row.map((cell, at) => (at < texts ? forLatex(cell) : number(cell))).join(" & ")} \\\\`;
  const form = heads.map((_, at) => (at < labels ? "l" : "r")).join("");
  return [
    `\\begin{tabular}{@{}${form}@{}}`,
    "  \\toprule",
    line(heads, heads.length),
    "  \\midrule",
    ...rows.map((row) => line(row, labels)),
    "  \\bottomrule",
    "\\end{tabular}",
    "",
  ].join("\n");
}
