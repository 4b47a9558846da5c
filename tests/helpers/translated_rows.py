"""Problems made of MultiPL-E's rows in every language of the data, loaded by a benchmark or not."""

import gzip
import json
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from codecrucible.benchmarks import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the rows of one language have in common.

    Attributes:
        suffix: Of the data files.
        stub: A completion of any prompt; where it leaves a brace open, the tests close it.
        end: What a whole program has behind the stub.
        entry_point: Finds the name of the function under test in prompt and tests.
    """

    suffix: str
    stub: str
    end: str = ""
    entry_point: str = r"candidate(?: = (?:\\&|method\(:)?| <- | | := |\([^\n]*\{\n\s+(?:return )?)(\w+)"


METHOD = r"(?:static [^\n]* |def )(\w+)\s*\([^\n]*\{\n\n?\s+\}\n"
ROWS = {
    "ada": Rows(
        suffix="adb", stub="\n   is\n   begin\n      raise Program_Error;\n", entry_point=r"\n   end (\w+);\n\nend P"
    ),
    "bash": Rows(suffix="sh", stub="    :\n", end="}\n"),
    "clojure": Rows(suffix="clj", stub="nil)\n"),
    "cpp": Rows(suffix="cpp", stub="    throw 0;\n", end="}\n"),
    "csharp": Rows(suffix="cs", stub="        throw new Exception();\n", end="    }\n}\n", entry_point=METHOD),
    "d": Rows(suffix="d", stub="{\n    assert(0);\n}\n"),
    "dart": Rows(suffix="dart", stub="  throw 0;\n", end="}\n"),
    "elixir": Rows(suffix="elixir", stub="nil\n  end\nend\n", entry_point=r"test '(\w+)'"),
    "go": Rows(suffix="go", stub="    panic(0)\n}\n"),
    "haskell": Rows(suffix="hs", stub=" undefined\n"),
    "java": Rows(suffix="java", stub="        throw new RuntimeException();\n", end="    }\n}\n", entry_point=METHOD),
    "javascript": Rows(suffix="js", stub="  return 0;\n}\n"),
    "julia": Rows(suffix="jl", stub='    error("stub")\nend\n'),
    "lua": Rows(suffix="lua", stub="    return nil\nend\n"),
    "ocaml": Rows(suffix="ml", stub=' failwith "stub"\n'),
    "perl": Rows(suffix="pl", stub="    return;\n}\n"),
    "php": Rows(suffix="php", stub="    return null;\n}\n"),
    "r": Rows(suffix="r", stub='\n    stop("stub")\n}\n'),
    "racket": Rows(suffix="rkt", stub="  (void))\n", entry_point=r"\(\( candidate (\w+)\)"),
    "ruby": Rows(suffix="rb", stub="  nil\nend\n"),
    "rust": Rows(suffix="rs", stub="    panic!()\n", end="}\n"),
    "scala": Rows(suffix="scala", stub="        throw new Exception()\n", end="    }\n}\n", entry_point=METHOD),
    "swift": Rows(suffix="swift", stub="    fatalError()\n", end="}\n", entry_point=r"func (\w+)\([^\n]*\{\n\n?\}"),
    "typescript": Rows(suffix="ts", stub="  return 0 as any;\n}\n"),
}


@lru_cache
def problems(language: str, origin: str = "humaneval") -> dict[str, Problem]:
    """Each row of the language, by problem id."""
    rows = ROWS[language]
    path = Path(os.environ["CRUCIBLE_DATA"]) / "multipl-e" / f"{origin}-{rows.suffix}-reworded.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {row["name"]: problem(row, language, rows) for row in map(json.loads, lines)}


def problem(row, language, rows):
    found = re.findall(rows.entry_point, row["prompt"] + row["tests"])
    return Problem(
        problem_id=row["name"],
        prompt=row["prompt"],
        entry_point=found[-1] if language in {"csharp", "java", "scala", "swift"} else found[0],
        setup="",
        tests=row["tests"],
        reference="",
        stub=rows.stub,
        language=language,
        stop=tuple(row["stop_tokens"]),
    )


def whole(problem):
    """Prompt and stub with all that they leave open closed."""
    end = f"\n   end {problem.entry_point};\n\nend Placeholder;\n" if problem.language == "ada" else ""
    return problem.prompt + problem.stub + ROWS[problem.language].end + end
