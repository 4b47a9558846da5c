"""TypeScript, compiled by its compiler from a snapshot of it, and run by Node.js."""

from dataclasses import replace
from functools import partial

from codecrucible.sandbox.languages import javascript
from codecrucible.sandbox.languages.declaration import COMPILE_LIMITS, Family, Language, Trial
from codecrucible.sandbox.languages.printers.javascript import TYPED_PRINTER

_FOLDER = "/opt/codecrucible/typescript"
_SNAPSHOT = f"{_FOLDER}/compiler.blob"

# What `tsc --target esnext --module commonjs --skipLibCheck` does with one file, by a compiler that has loaded itself
# and read its libraries when the image was made: a fifth of its time for a small program. The diagnostics are the same
# (test_typescript_compiler.py).
_COMPILER = """
const fs = require("fs");
const v8 = require("v8");

const LIBRARIES = "/usr/share/nodejs/typescript/lib";
const FILE = `${LIBRARIES}/typescript.js`;
const module_ = { exports: {} };
// In a snapshot `require` knows only what is built in.
new Function("module", "exports", "require", "__filename", "__dirname", fs.readFileSync(FILE, "utf8"))(
  module_, module_.exports, require, FILE, LIBRARIES,
);
const ts = module_.exports;
const OPTIONS = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.CommonJS, skipLibCheck: true };
const read = new Map();

function hostWith(getSourceFile) {
  const host = ts.createCompilerHost(OPTIONS);
  const plain = host.getSourceFile;
  host.getSourceFile = (name, ...rest) => getSourceFile(name, () => plain(name, ...rest));
  return host;
}

function compile(file, host) {
  const program = ts.createProgram([file], OPTIONS, host);
  return ts.emitFilesAndReportErrorsAndGetExitStatus(program, ts.createDiagnosticReporter(ts.sys));
}

function readLibrary(name, parse) {
  const parsed = parse();
  if (parsed && name.startsWith(LIBRARIES)) read.set(name, parsed);
  return parsed;
}

fs.writeFileSync("warm.ts", "console.log([1].map((each) => each + 1));");
compile("warm.ts", hostWith(readLibrary));

v8.startupSnapshot.setDeserializeMainFunction(() => {
  // Node.js remembers the folder that the snapshot was made in until it changes to one.
  process.chdir(".");
  process.exitCode = compile(process.argv[1], hostWith((name, parse) => read.get(name) || parse()));
});
"""

_PREPARE = f"""
mkdir -p {_FOLDER} && cd /tmp
cat > compiler.js <<'END'{_COMPILER}END
node --snapshot-blob {_SNAPSHOT} --build-snapshot compiler.js
rm -f compiler.js warm.ts warm.js
"""

FAMILY = Family(name="typescript", packages=("node-typescript", "nodejs"), prepare=_PREPARE)

LANGUAGE = Language(
    name="typescript",
    family=FAMILY.name,
    file_name="main.ts",
    # An error of types is an error, as the dataset's authors have it.
    compile=("node", "--snapshot-blob", _SNAPSHOT, "main.ts"),
    run=("node", "main.js"),
    wire=partial(javascript.wire, of="(globalThis as any)"),
    assertion_exits=(41,),
    token='console.log("{token}");',  # noqa: S106 - a template
    processes=128,
    printer=TYPED_PRINTER,
    compile_limits=replace(COMPILE_LIMITS, processes=128),
    trial=Trial(
        right="function twice(x: number): number {\n  return 2 * x;\n}\n",
        wrong="function twice(x: number): number {\n  return x;\n}\n",
        tests='declare var require: any;\nif (twice(21) !== 42) {\n  throw new Error("wrong");\n}\n',
        statement='if (twice(21) !== 42) {\n  throw new Error("wrong");\n}',
        call="twice(21)",
    ),
)
