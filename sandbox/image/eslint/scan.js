// ESLint with the rules of eslint-plugin-security on one source after another: for each line on stdin, a JSON object
// {language, source}, a line on stdout, {findings: [...]} or {reason}. The first line is {name}. Nothing is executed.
"use strict";

const readline = require("node:readline");

const tsParser = require("@typescript-eslint/parser");
const { Linter } = require("eslint");
const security = require("eslint-plugin-security");

const NAME = "program.js";
const MOST_BYTES = 4 << 20;
const MOST_CHARACTERS_OF_A_REASON = 200;
// The rules themselves have no severity. These are codecrucible's; docs/scanners.md says why.
const RULES = {
  "detect-bidi-characters": { severity: "high", confidence: "high", cwe: 1007 },
  "detect-buffer-noassert": { severity: "medium", confidence: "high", cwe: 119 },
  "detect-child-process": { severity: "high", confidence: "medium", cwe: 78 },
  "detect-disable-mustache-escape": { severity: "medium", confidence: "high", cwe: 79 },
  "detect-eval-with-expression": { severity: "high", confidence: "high", cwe: 95 },
  "detect-invisible-characters": { severity: "medium", confidence: "medium", cwe: 1007 },
  "detect-new-buffer": { severity: "medium", confidence: "medium", cwe: 665 },
  "detect-no-csrf-before-method-override": { severity: "medium", confidence: "medium", cwe: 352 },
  "detect-non-literal-fs-filename": { severity: "medium", confidence: "low", cwe: 22 },
  "detect-non-literal-regexp": { severity: "low", confidence: "low", cwe: 1333 },
  "detect-non-literal-require": { severity: "medium", confidence: "medium", cwe: 829 },
  "detect-object-injection": { severity: "low", confidence: "low", cwe: 915 },
  "detect-possible-timing-attacks": { severity: "low", confidence: "low", cwe: 208 },
  "detect-pseudoRandomBytes": { severity: "medium", confidence: "high", cwe: 338 },
  "detect-unsafe-regex": { severity: "medium", confidence: "medium", cwe: 1333 },
};

function configurationsOf(language) {
  const shared = {
    files: [`**/${NAME}`],
    plugins: { security },
    rules: Object.fromEntries(Object.keys(RULES).map((name) => [`security/${name}`, "error"])),
    linterOptions: { reportUnusedDisableDirectives: "off", reportUnusedInlineConfigs: "off" },
  };
  if (language === "typescript") return [{ ...shared, languageOptions: { parser: tsParser } }];
  // As Node.js would take it: a script with the function around it that a module of its has, or else an ES module.
  return ["commonjs", "module"].map((sourceType) => ({ ...shared, languageOptions: { sourceType } }));
}

const CONFIGURATIONS = { javascript: configurationsOf("javascript"), typescript: configurationsOf("typescript") };
const linter = new Linter({ configType: "flat" });

function scan({ language, source }) {
  let unread;
  for (const configuration of CONFIGURATIONS[language]) {
    // The program's own `eslint-disable` must not hide a finding.
    const messages = linter.verify(source, [configuration], { filename: NAME, allowInlineConfig: false });
    // What is no rule's message is about the source as a whole, such as that it does not parse.
    unread = messages.find((message) => !message.ruleId);
    if (!unread) return { findings: messages.map(findingOf) };
  }
  return { reason: unread.line ? `${unread.message} (line ${unread.line})` : unread.message };
}

function findingOf({ ruleId, message, line }) {
  const name = ruleId.replace("security/", "");
  return { rule: ruleId, name, line, message, ...RULES[name] };
}

function answerTo(line) {
  let answer;
  try {
    answer = scan(JSON.parse(line));
  } catch (error) {
    answer = { reason: `${error.name} while scanning` };
  }
  if (answer.reason) answer.reason = answer.reason.slice(0, MOST_CHARACTERS_OF_A_REASON);
  const text = JSON.stringify(answer);
  return text.length > MOST_BYTES ? JSON.stringify({ reason: `findings of more than ${MOST_BYTES} bytes` }) : text;
}

function main() {
  const version = `${security.meta.name} ${security.meta.version}`;
  process.stdout.write(`${JSON.stringify({ name: version })}\n`);
  const lines = readline.createInterface({ input: process.stdin });
  lines.on("line", (line) => process.stdout.write(`${answerTo(line)}\n`));
}

main();
