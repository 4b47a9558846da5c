"""Prints values of Clojure so that two have one text if, and only if, `=` holds between them.

So `1` is not `1.0`, and a vector equals a list of the same elements.
"""

from collections.abc import Callable

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
(ns crucible.printer (:require [clojure.string :as string]))
(defn text [depth v]
  (let [inner (partial text (inc depth))]
    (cond
      (> depth 200) "object endless"
      (nil? v) "nil"
      (or (instance? Double v) (instance? Float v)) (if (zero? v) "0.0" (str (double v)))
      (decimal? v) (str v "M")
      (or (boolean? v) (number? v)) (str v)
      (string? v) (str \" (string/replace (string/replace v "\\" "\\\\") "\"" "\\\"") \")
      (or (char? v) (keyword? v) (symbol? v)) (pr-str v)
      (record? v) (str "object " (class v))
      (instance? java.util.Map v)
        (str "{" (string/join ", " (sort (map (fn [[k item]] (str (inner k) " " (inner item))) v))) "}")
      (instance? java.util.Set v) (str "#{" (string/join " " (sort (map inner v))) "}")
      (or (sequential? v) (instance? java.util.List v)) (str "[" (string/join " " (map inner v)) "]")
      :else (str "object " (class v)))))
(defn answer [number v]
  (let [of (.getBytes (text 0 v) "UTF-8")]
    (with-open [channel (java.io.FileOutputStream. "/dev/fd/3")
                whole (java.io.ByteArrayOutputStream.)]
      (.write whole (.getBytes (str number " " (count of) " ") "UTF-8"))
      (.write whole of)
      (.write whole 10)
      (.write channel (.toByteArray whole)))))
(in-ns 'user)
"""


def printer_with(wire: Callable[[str], str]) -> Printer:
    """Clojure's, for tests that `wire` runs. It is a namespace of its own before the program."""
    return Printer(
        text=_TEXT,
        statement="(crucible.printer/answer {number} {value})",
        program=lambda program, printer, tests: f"{printer}{program}\n{wire(tests)}",
        never_equal=r"\bobject\b|##NaN|\bNaN\b",
    )
