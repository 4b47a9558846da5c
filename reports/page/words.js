// What the page's words mean, for titles and for the lists of words.
const WORDS = {
  run: "One model, with or without an adapter, on one benchmark with one set of settings.",
  "pass@1": "How often one sample passes all tests of its problem, as a mean over problems.",
  "secure-pass@1": "Share of samples that pass, were scanned, and have no finding of medium or high severity.",
  "insecure rate":
    "Share of scannable samples with a finding of medium or high severity, as a mean over problems. Less is better.",
  "efficient@1":
    "Share of samples that pass, answer right on stress inputs, and take no more CPU time there than the reference, as a mean over problems.",
  "CPU time × reference": "CPU time of passing samples on stress inputs over the reference's, a median over problems.",
  CodeBLEU:
    "How much programs look like the reference: words, syntax tree and data flow. It says nothing about whether they work.",
  "findings H / M / L": "Security findings of high, medium and low severity.",
  "passed, not scannable": "Samples that passed and that no scanner could read.",
  samples: "Samples of each problem × problems.",
  truncated: "Samples at which the model hit its token limit.",
  timeouts: "Samples that ran out of time.",
  unjudged: "Samples without a verdict, through no fault of the model. They are in no score.",
  decision:
    "What crucible gate says at its default rule: REGRESSION, PASS, or INCONCLUSIVE where a drop might not have been seen.",
  points: "Percent less percent: from 40 % to 36 % are 4 points.",
  "can only detect":
    "The smallest change for the worse that a comparison of this size finds four times out of five. A smaller one may be there unseen.",
  margin: "The largest change for the worse that is tolerated. PASS means that a larger one is ruled out.",
  difference: "Candidate less baseline, in points (percent less percent), paired by problem.",
  "95 % interval": "Range that holds the true value in 95 of 100 evaluations like this one.",
  p: "Probability of a difference at least this large if the two were equal.",
  lost: "Problems on which the candidate passes less often than the baseline.",
  won: "Problems on which the candidate passes more often than the baseline.",
  baseline: "The run that the candidate is compared with.",
  candidate: "The run that may take the baseline's place.",
  problem: "The benchmark's own id of the task.",
  verdict: "What became of most of the samples that failed.",
  why: "What most of the failed samples came to, such as the failing call with both values.",
  change: "Candidate's share of passes less the baseline's, in points.",
  rank: "1 and the number of models with a higher score.",
  "95 % ranks": "Every model's true rank lies in its range, with a chance of 95 % for all of them together.",
  scannable: "Share of samples that a scanner could read.",
  quantity: "What is compared.",
  n: "Samples asked for each problem.",
};
for (const run of index.runs)
  for (const { k } of run.scores[""])
    if (k > 1) WORDS[`pass@${k}`] = `How often at least one of ${k} samples passes, as a mean over problems.`;

const VERDICTS = {
  passed: ["#1a7f4b", "✓", "All tests passed."],
  wrong_answer: ["#b34a05", "≠", "It ran, and an answer was not the expected one."],
  runtime_error: ["#a5307a", "!", "It raised an error."],
  syntax_error: ["#6b4fbb", "§", "It is no valid program."],
  compile_error: ["#4d5bd1", "¢", "The compiler refused it."],
  timeout: ["#7d6200", "◷", "It ran out of CPU or wall time."],
  out_of_memory: ["#705a00", "▣", "It asked for more memory than it may have."],
  output_limit: ["#586300", "»", "It printed or wrote more than it may."],
  crashed: ["#7a3030", "†", "A signal ended it."],
  early_exit: ["#96400f", "⇥", "It ended before its tests did."],
  forged: ["#b00020", "⚠", "It tampered with how it is judged."],
  empty: ["#5c656f", "∅", "The completion leaves nothing to run."],
  untested: ["#4a6272", "○", "The benchmark has no tests: it was not run, and is in no score of what passes."],
  unjudged: ["#c00060", "?", "No verdict, through no fault of the model; in no score."],
};
const verdictTag = (name, count = 0) =>
  make(
    "span",
    { class: "tag", style: { background: VERDICTS[name][0] }, title: VERDICTS[name][2] },
    `${VERDICTS[name][1]} ${name}${count ? ` × ${count}` : ""}`,
  );

// A list of the words in `titles` that have an explanation.
function glossary(titles) {
  const known = [...new Set(titles)].filter((title) => WORDS[title]);
  return make(
    "details",
    { class: "words" },
    make("summary", {}, "What these words mean"),
    make(
      "dl",
      {},
      known.map((title) => [make("dt", {}, title), make("dd", {}, WORDS[title])]),
    ),
  );
}
