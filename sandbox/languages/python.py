"""Python, where the tests share its process: problems whose tests the referee cannot put to a program."""

from sandbox.languages.declaration import Family, Language, Trial

FAMILY = Family(name="python", packages=("python3",))

LANGUAGE = Language(
    name="python",
    family=FAMILY.name,
    file_name="main.py",
    run=("python3", "-s", "-B", "main.py"),
    environment={"PYTHONHASHSEED": "0"},
    token='print("{token}", flush=True)',  # noqa: S106 - a template
    trial=Trial(
        right="def double(x):\n    return x * 2\n",
        wrong="def double(x):\n    return x\n",
        tests="assert double(21) == 42\n",
    ),
)
