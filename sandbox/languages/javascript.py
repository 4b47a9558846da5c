"""JavaScript, run by Node.js."""

from sandbox.languages.declaration import Family, Language, Trial

FAMILY = Family(name="node", packages=("nodejs",))

LANGUAGE = Language(
    name="javascript",
    family=FAMILY.name,
    file_name="main.js",
    run=("node", "main.js"),
    token='console.log("{token}");',  # noqa: S106 - a template
    processes=128,
    trial=Trial(
        right="function double(x) {\n  return x * 2;\n}\n",
        wrong="function double(x) {\n  return x;\n}\n",
        tests='require("node:assert").strictEqual(double(21), 42);\n',
    ),
)
