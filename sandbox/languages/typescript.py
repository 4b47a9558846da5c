"""TypeScript, compiled by tsc and run by Node.js."""

from dataclasses import replace

from sandbox.languages.declaration import COMPILE_LIMITS, Family, Language, Trial

FAMILY = Family(name="typescript", packages=("node-typescript", "nodejs"))

LANGUAGE = Language(
    name="typescript",
    family=FAMILY.name,
    file_name="main.ts",
    # An error of types is an error, as the dataset's authors have it.
    compile=("tsc", "--target", "esnext", "--module", "commonjs", "--skipLibCheck", "main.ts"),
    run=("node", "main.js"),
    token='console.log("{token}");',  # noqa: S106 - a template
    processes=128,
    compile_limits=replace(COMPILE_LIMITS, processes=128),
    trial=Trial(
        right="function twice(x: number): number {\n  return 2 * x;\n}\n",
        wrong="function twice(x: number): number {\n  return x;\n}\n",
        tests='if (twice(21) !== 42) {\n  throw new Error("wrong");\n}\n',
    ),
)
