"""Clojure, whose testing framework ends with exit status 0 whatever it found."""

import re

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end
from codecrucible.sandbox.languages.printers.clojure import printer_with

_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_JARS = ":".join(f"/usr/share/java/{name}.jar" for name in ("clojure", "core.specs.alpha", "spec.alpha"))
_ARCHIVE = "/opt/codecrucible/clojure/clojure.jsa"
#: What runs the tests of the framework.
_RUN = re.compile(r"^\((?:[\w.-]+/)?(?:run-tests?|run-all-tests)\b[^()\n]*\)", re.MULTILINE)


def _wire(tests: str, statement: str) -> str:
    """The tests with a look at what the framework found, which it only prints.

    Tests without the framework are executed as they stand.
    """
    runs = list(_RUN.finditer(tests))
    if not runs:
        return at_the_end(tests, f"{statement} (flush)")
    run = runs[-1]
    looked_at = f"""(let [found {run[0]}]
  (flush)
  (cond
    (pos? (:error found)) (System/exit 1)
    (or (pos? (:fail found)) (zero? (:pass found))) (System/exit 41)
    :else (do {statement} (flush) (System/exit 0))))
"""
    return f"{tests[: run.start()]}{looked_at}{tests[run.end() :]}"


def _wire_answers(tests: str) -> str:
    """The tests, and a process that ends with another exit status than 0 if an error ended one of them."""
    return _RUN.sub(lambda run: f"(let [found {run[0]}] (flush) (System/exit (if (pos? (:error found)) 1 0)))", tests)


# The virtual machine starts from an archive of Clojure's own classes: a fifth of the time of a small program.
_PREPARE = f"""
mkdir -p /opt/codecrucible/clojure && cd /tmp
cat > main.clj <<'END'
(require '[clojure.test :refer [deftest is run-test]] '[clojure.string :as string] '[clojure.set :as set])
(defn f [x] (->> x (map inc) (filter even?) (reduce +)))
(def candidate f)
(deftest test-humaneval
  (is (= (candidate [1 2 3]) 6))
  (is (= (string/join "," (sort (set/union #{{1}} #{{2}}))) "1,3")))
(run-test test-humaneval)
END
java -XX:ArchiveClassesAtExit={_ARCHIVE} {" ".join(_JVM)} -cp {_JARS} clojure.main main.clj
rm -f main.clj
"""

FAMILY = Family(name="clojure", packages=("clojure",), prepare=_PREPARE)

LANGUAGE = Language(
    name="clojure",
    family=FAMILY.name,
    file_name="main.clj",
    run=(
        "java",
        f"-XX:SharedArchiveFile={_ARCHIVE}",
        *_JVM,
        "-cp",
        _JARS,
        "clojure.main",
        "main.clj",
    ),
    token='(println "{token}")',  # noqa: S106 - a template
    wire=_wire,
    assertion_exits=(41,),
    processes=128,
    printer=printer_with(_wire_answers),
    trial=Trial(
        right="(defn twice [x] (* 2 x))\n",
        wrong="(defn twice [x] x)\n",
        tests=(
            "(require '[clojure.test :refer [deftest is run-test]])\n\n(deftest test-humaneval\n"
            "  (is (= (twice 21) 42))\n)\n\n(run-test test-humaneval)\n"
        ),
        statement="(is (= (twice 21) 42))",
        call="(twice 21)",
    ),
)
