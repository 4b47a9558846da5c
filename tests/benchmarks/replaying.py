"""Programs that answer a row's calls with the expected values of its own tests, one after the other."""

import re


def _javascript(problem, values):
    return f"let replayed = 0;\n{problem.prompt}  return [{', '.join(values)}, 0][replayed++];\n}}\n"


def _typescript(problem, values):
    each = ", ".join(f"() => {value}" for value in values)
    return f"let replayed = 0;\n{problem.prompt}  return ([{each}] as any[])[replayed++]();\n}}\n"


def _php(problem, values):
    body = f"    static $replayed = 0;\n    $all = [{', '.join(values)}];\n    return $all[$replayed++];\n}}\n"
    return problem.prompt + body


def _perl(problem, values):
    return f"my $replayed = 0;\n{problem.prompt}    return ({', '.join(values)})[$replayed++];\n}}\n"


def _ruby(problem, values):
    return f"{problem.prompt}  $replayed = ($replayed || -1) + 1\n  return [{', '.join(values)}][$replayed]\nend\n"


def _lua(problem, values):
    each = ", ".join(f"function() return {value} end" for value in values)
    return (
        f"{problem.prompt}  replayed = (replayed or 0) + 1\n  local all = {{{each}}}\n  return all[replayed]()\nend\n"
    )


def _bash(problem, values):
    return (
        f"{problem.prompt}  local n=$(cat /tmp/replayed 2>/dev/null || echo 0)\n  echo $((n + 1)) > /tmp/replayed\n"
        f"  local all=({' '.join(values)})\n  printf '%s\\n' \"${{all[n]}}\"\n"
    )


def _cpp(problem, values):
    start = problem.prompt.rindex(f"\n{problem.result} ") + 1
    each = "".join(f"static {problem.result} replay_{at}() {{ return {value}; }}\n" for at, value in enumerate(values))
    cases = "".join(f"    case {at}: return replay_{at}();\n" for at in range(len(values)))
    head = f"{problem.prompt[:start]}{each}{problem.prompt[start:]}"
    return f"{head}    static int replayed = 0;\n    switch (replayed++) {{\n{cases}    }}\n    throw 1;\n"


def _rust(problem, values):
    cases = "".join(f"    {at} => {value},\n" for at, value in enumerate(values, start=1))
    counted = "    static mut N: usize = 0;\n    unsafe { N += 1; }\n"
    return f"{problem.prompt}{counted}    match unsafe {{ N }} {{\n{cases}    _ => panic!()\n    }}\n"


def _java(problem, values):
    cases = "".join(f"        case {at}: return {value};\n" for at, value in enumerate(values))
    body = f"        switch (replayed++) {{\n{cases}        }}\n        throw new RuntimeException();\n    }}\n"
    return f"{problem.prompt}{body}    static int replayed = 0;\n    static {{\n"


def _csharp(problem, values):
    cases = "".join(f"        case {at}: return {value};\n" for at, value in enumerate(values))
    body = f"        switch (replayed++) {{\n{cases}        }}\n        throw new Exception();\n    }}\n"
    return f"{problem.prompt}{body}    static int replayed = 0;\n    static void Other() {{\n"


def _scala(problem, values):
    cases = "".join(f"            case {at} => return {value}\n" for at, value in enumerate(values, start=1))
    body = f"        replayed += 1\n        replayed match {{\n{cases}        }}\n        throw new Exception\n    }}\n"
    return f"{problem.prompt}{body}    var replayed = 0\n    def other() = {{\n"


def _ada(problem, values):
    cases = "".join(f"         when {at} => return {value};\n" for at, value in enumerate(values, start=1))
    body = "package body Placeholder is\n   Replayed : Natural := 0;\n"
    head = problem.prompt.replace("package body Placeholder is\n", body)
    counted = " is\n   begin\n      Replayed := Replayed + 1;\n      case Replayed is\n"
    return f"{head}{counted}{cases}         when others => raise Program_Error;\n      end case;\n"


def _go(problem, values):
    cases = "".join(f"    case {at}: return {value}\n" for at, value in enumerate(values, start=1))
    head = re.sub(r"\nfunc ", "\nvar replayed = 0\nfunc ", problem.prompt, count=1)
    return f"{head}    replayed++\n    switch replayed {{\n{cases}    }}\n    panic(1)\n}}\n"


def _d(problem, values):
    cases = "".join(f"    case {at}: return {value};\n" for at, value in enumerate(values))
    body = f'{{\n    switch (replayed++) {{\n{cases}    default: throw new Exception("");\n    }}\n}}\n'
    return f"int replayed = 0;\n{problem.prompt.rstrip()}\n{body}"


def _elixir(problem, values):
    cases = "".join(f"      {at} -> {value}\n" for at, value in enumerate(values))
    counted = "    at = Process.get(:replayed, 0)\n    Process.put(:replayed, at + 1)\n"
    return f"{problem.prompt}{counted}    case at do\n{cases}    end\n  end\nend\n"


def _clojure(problem, values):
    cases = " ".join(f"{at} {value}" for at, value in enumerate(values))
    return f"(def replayed (atom -1))\n{problem.prompt}  (case (swap! replayed inc) {cases}))\n"


def _r(problem, values):
    counted = "    replayed <<- replayed + 1\n"
    cases = ", ".join(f"'{at}' = {value}" for at, value in enumerate(values, start=1))
    return f"replayed <- 0\n{problem.prompt}\n{counted}    switch(as.character(replayed), {cases})\n}}\n"


def _racket(problem, values):
    cases = " ".join(f"[({at}) {value}]" for at, value in enumerate(values, start=1))
    # Outside of the function, whose parameters may be called `list`.
    all_of_them = f"(define replayed 0)\n(define (replay at) (case at {cases}))\n"
    return f"{problem.prompt}  (set! replayed (+ replayed 1))\n  (replay replayed))\n{all_of_them}"


def _haskell(problem, values):
    cases = "; ".join(f"{at} -> {value}" for at, value in enumerate(values, start=1))
    count = "unsafePerformIO (atomicModifyIORef replayed (\\n -> (n + 1, n)))"
    counter = "replayed :: IORef Int\nreplayed = unsafePerformIO (newIORef 1)\n{-# NOINLINE replayed #-}\n"
    head = f"import Data.IORef\nimport System.IO.Unsafe\n{problem.prompt}"
    return f"{head} case {count} of {{ {cases} }}\n\n{counter}"


def _ocaml(problem, values):
    cases = " ".join(f"| {at} -> {value}" for at, value in enumerate(values, start=1))
    head = re.sub(r"^let ", "let replayed = ref 0\nlet ", problem.prompt, count=1, flags=re.MULTILINE)
    return f"{head} incr replayed; match !replayed with {cases} | _ -> assert false\n"


REPLAYING = {
    "js": _javascript,
    "ts": _typescript,
    "php": _php,
    "pl": _perl,
    "rb": _ruby,
    "lua": _lua,
    "sh": _bash,
    "cpp": _cpp,
    "rs": _rust,
    "java": _java,
    "cs": _csharp,
    "scala": _scala,
    "adb": _ada,
    "go": _go,
    "d": _d,
    "elixir": _elixir,
    "clj": _clojure,
    "r": _r,
    "rkt": _racket,
    "hs": _haskell,
    "ml": _ocaml,
}
"""By suffix: from a problem and values to a program that answers the first call with the first value, and so on."""
