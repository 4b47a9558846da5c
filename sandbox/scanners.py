"""Which languages have a security scanner, and the image that it is in."""

from collections.abc import Mapping

from codecrucible.sandbox.languages import PYTHON, Family, chosen

#: npm's packages are not Debian's, so its image is made by a recipe of its own. See docs/scanners.md.
ESLINT = Family(name="eslint", packages=("nodejs",), recipe="eslint")

SCANNERS: Mapping[str, Family] = {
    "python": PYTHON,
    "c": PYTHON,
    "cpp": PYTHON,
    "javascript": ESLINT,
    "typescript": ESLINT,
}
"""Family of the image that has the scanner of a language: Bandit, Flawfinder, and ESLint with its security rules."""


def scanner_families_of(names: str) -> tuple[Family, ...]:
    """Families whose images scan the languages of `names`, each once; `names` as for `chosen`."""
    scanned = (SCANNERS[language.name] for language in chosen(names) if language.name in SCANNERS)
    return tuple({family.name: family for family in scanned}.values())


def scanned_in(family: Family) -> tuple[str, ...]:
    """Names of the languages whose scanner is in the image of `family`."""
    return tuple(language for language, scanner in SCANNERS.items() if scanner.name == family.name)


RISKY: Mapping[str, str] = {
    "python": "eval(input())\n",
    "c": "int main() { char line[8]; gets(line); }\n",
    "cpp": "int main() { char line[8]; gets(line); }\n",
    "javascript": "eval(line);\n",
    "typescript": "eval(line as string);\n",
}
"""A source of each language in which its scanner finds something, by which it proves itself."""
