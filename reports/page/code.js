// Programs in colour, with findings at their lines, and the differences of two programs.

const KEYWORDS = new Set(
  (
    "and as assert async await begin break case catch class const constructor continue data def default defp del deriving do double elif else elsif end enum except export " +
    "extends false False final finally float fn for foreach from fun func function global if impl implements import in instance int interface is lambda let local loop long match mod module mut my " +
    "namespace new newtype nil none None nonlocal not null object of or package pass private proc protected pub public raise rec require return self static string struct sub super switch template " +
    "then this throw trait true True try type typedef typename undefined union unless until unsafe use using val var virtual void when where while with yield bool boolean char"
  ).split(" "),
);
const SLASHES = ["/\\*[^]*?(?:\\*/|$)", "//[^\\n]*"],
  HASH = "(?<![\\w$&{])#[^\\n]*";
const COMMENTS = {
  python: [HASH],
  bash: [HASH],
  perl: [HASH, "(?<=^|\\n)=\\w[^]*?(?:\\n=cut|$)"],
  ruby: ["(?<=^|\\n)=begin[^]*?(?:\\n=end|$)", HASH],
  r: [HASH],
  elixir: [HASH],
  julia: ["#=[^]*?(?:=#|$)", HASH],
  lua: ["--\\[\\[[^]*?(?:\\]\\]|$)", "--[^\\n]*"],
  haskell: ["\\{-[^]*?(?:-\\}|$)", "--[^\\n]*"],
  ada: ["--[^\\n]*"],
  ocaml: ["\\(\\*[^]*?(?:\\*\\)|$)"],
  racket: ["#\\|[^]*?(?:\\|#|$)", ";[^\\n]*"],
  clojure: [";[^\\n]*"],
  php: [...SLASHES, HASH],
};
// Where a single quote begins no string but a letter, a lifetime or a symbol.
const LETTERS = new Set([
  "rust",
  "haskell",
  "ada",
  "racket",
  "clojure",
  "ocaml",
  "c",
  "cpp",
  "java",
  "go",
  "csharp",
  "scala",
  "d",
  "swift",
  "julia",
]);
const LONG_STRINGS = new Set(["python", "julia", "elixir", "swift", "scala", "java", "csharp", "dart"]);
const MOST_CHARACTERS = 200000,
  MOST_LINES = 5000;

const grammars = new Map();
function grammar(language) {
  if (!grammars.has(language)) {
    const prefix = language === "python" ? "[rRbBfFuU]{0,2}" : "";
    const text = (quote) => `${prefix}${quote}(?:\\\\[^]|[^${quote}\\\\\\n])*(?:${quote}|(?=\\n)|$)`;
    const strings = [
      ...(LONG_STRINGS.has(language) ? [`${prefix}"""[^]*?(?:"""|$)`, `${prefix}'''[^]*?(?:'''|$)`] : []),
      text('"'),
      LETTERS.has(language) ? "'(?:\\\\[^\\n']{1,8}|[^'\\\\\\n])'" : text("'"),
      ["javascript", "typescript", "go", "bash"].includes(language) ? "`(?:\\\\[^]|[^`\\\\])*(?:`|$)" : "`",
    ];
    grammars.set(
      language,
      new RegExp(
        `(?<comment>${(COMMENTS[language] || SLASHES).join("|")})|(?<string>${strings.join("|")})|(?<word>[A-Za-z_]\\w*)|(?<number>\\d[\\w.]*)|[^]`,
        "g",
      ),
    );
  }
  return grammars.get(language);
}

// The nodes of each line.
function painted(source, language) {
  const lines = [[]];
  let plain = "";
  const put = (text, kind) =>
    text.split("\n").forEach((piece, at) => {
      if (at) lines.push([]);
      if (piece) lines[lines.length - 1].push(kind ? make("span", { class: kind }, piece) : piece);
    });
  const alone = (at) => /(^|\n)[ \t]*$/.test(source.slice(Math.max(0, at - 200), at));
  for (const match of source.matchAll(grammar(language))) {
    const { comment, string, word, number } = match.groups;
    let kind = "";
    if (comment) kind = /^\/(\*\*|\/\/)/.test(comment) ? "doc" : "c";
    else if (string && string !== "`") kind = /^\w{0,2}("""|''')/.test(string) && alone(match.index) ? "doc" : "s";
    else if (word && KEYWORDS.has(word)) kind = "k";
    else if (number) kind = "d";
    if (!kind) {
      plain += match[0];
      continue;
    }
    put(plain, "");
    plain = "";
    put(match[0], kind);
  }
  put(plain, "");
  return lines;
}

function codeLines(source, language) {
  const lines = source.split("\n");
  return lines.some((line) => line.length > 5000) ? lines.map((line) => [line]) : painted(source, language);
}
const findingNote = (each) =>
  make(
    "span",
    { class: "note" },
    `⚑ ${each.severity} ${each.rule}${each.cwe ? ` CWE-${each.cwe}` : ""}: ${each.message}\n`,
  );
const pre = (name, ...children) => make("pre", { tabindex: "0", role: "region", "aria-label": name }, ...children);

// about: a sample, whose findings stand at their lines, and whose prompt's lines are pale.
function code(source, language, about = null, name = "code") {
  const whole = source.slice(0, MOST_CHARACTERS).replace(/\n$/, ""),
    found = new Map();
  for (const finding of about ? about.findings : [])
    found.set(finding.line, [...(found.get(finding.line) || []), finding]);
  const lines = codeLines(whole, language)
    .slice(0, MOST_LINES)
    .map((nodes, i) => [
      make(
        "span",
        {
          class: `ln${about && i < about.prompt_lines ? " given" : ""}${found.has(i + 1) ? " found" : ""}`,
          "data-n": i + 1,
        },
        nodes,
        "\n",
      ),
      (found.get(i + 1) || []).map(findingNote),
    ]);
  const cut =
    source.length > MOST_CHARACTERS || whole.split("\n").length > MOST_LINES
      ? make("span", { class: "note" }, "… cut here; the run folder has the rest\n")
      : null;
  return pre(name, lines, cut);
}
const plain = (text, name) => pre(name, text || " ");

// [kind, line of one, line of two], where kind is "same", "del" or "add"; null where there is too much to compare.
function changes(a, b) {
  let start = 0,
    end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const m = a.length - start - end,
    n = b.length - start - end;
  if (m * n > 4e6) return null;
  const best = Array.from({ length: m + 1 }, () => new Uint32Array(n + 1));
  for (let i = m - 1; i >= 0; i--)
    for (let j = n - 1; j >= 0; j--)
      best[i][j] = a[start + i] === b[start + j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  const lines = Array.from({ length: start }, (_, i) => ["same", i, i]);
  for (let i = 0, j = 0; i < m || j < n;) {
    if (i < m && j < n && a[start + i] === b[start + j]) lines.push(["same", start + i++, start + j++]);
    else if (i < m && (j >= n || best[i + 1][j] >= best[i][j + 1])) lines.push(["del", start + i++, null]);
    else lines.push(["add", null, start + j++]);
  }
  for (let i = 0; i < end; i++) lines.push(["same", start + m + i, start + n + i]);
  return lines;
}

// What `two` has beyond `one` begins with "+"; beside one another or below one another.
function difference(one, two, language, { beside, names, about = [null, null] }) {
  const lines = changes(one.split("\n"), two.split("\n"));
  if (!lines) return make("p", { class: "soft" }, "These programs are too long to be compared line by line.");
  const [left, right] = [codeLines(one, language), codeLines(two, language)];
  const notes = about.map(
    (sample) => (line) =>
      sample && line !== null ? sample.findings.filter((each) => each.line === line + 1).map(findingNote) : [],
  );
  const row = (kind, sign, nodes, number) =>
    make(
      "span",
      { class: `ln ${kind}`, "data-n": number === null ? "" : number + 1 },
      make("span", { class: "sign" }, sign),
      nodes,
      "\n",
    );
  if (lines.every(([kind]) => kind === "same"))
    return [make("p", {}, "These programs are the same."), code(two, language, about[1], names[1])];
  if (!beside)
    return pre(
      `difference from ${names[0]} to ${names[1]}`,
      lines.map(([kind, i, j]) =>
        kind === "del"
          ? [row("del", "- ", left[i], i), notes[0](i)]
          : [row(kind, kind === "add" ? "+ " : "  ", right[j], j), notes[1](j)],
      ),
    );
  const pairs = [];
  for (let at = 0; at < lines.length;) {
    if (lines[at][0] === "same") {
      pairs.push([lines[at], lines[at++]]);
      continue;
    }
    const gone = [],
      come = [];
    for (; at < lines.length && lines[at][0] !== "same"; at++) (lines[at][0] === "del" ? gone : come).push(lines[at]);
    for (let i = 0; i < Math.max(gone.length, come.length); i++) pairs.push([gone[i] || null, come[i] || null]);
  }
  const side = (which) =>
    pre(
      names[which],
      pairs.map((pair) => {
        const line = pair[which],
          at = line ? line[1 + which] : null,
          beyond = Math.max(...pair.map((each, i) => (each ? notes[i](each[1 + i]).length : 0)));
        const told = line ? notes[which](at) : [];
        const own = line
          ? row(line[0], line[0] === "same" ? "  " : line[0] === "del" ? "- " : "+ ", (which ? right : left)[at], at)
          : row("void", "", " ", null);
        return [own, told, Array.from({ length: beyond - told.length }, () => "\n")];
      }),
    );
  return make("div", { class: "two beside" }, side(0), side(1));
}
