"""Prints values of Clojure so that two have one text if, and only if, `=` holds between them.

So `1` is not `1.0`, and a vector equals a list of the same elements.
"""

from collections.abc import Callable

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
(ns crucible.printer (:require [clojure.string :as string]))
(defn quoted [v] (str \" (string/replace (string/replace v "\\" "\\\\") "\"" "\\\"") \"))
(defn named [v] (if (re-matches #"[\w.*+!?<>=/-]+" v) v (quoted v)))
(defn text [depth v]
  (let [inner (partial text (inc depth))]
    (cond
      (> depth 200) "object endless"
      (nil? v) "nil"
      (or (instance? Double v) (instance? Float v)) (if (zero? v) "0.0" (str (double v)))
      (decimal? v) (str (.stripTrailingZeros ^java.math.BigDecimal v) "M")
      (or (boolean? v) (number? v)) (str v)
      (string? v) (quoted v)
      (char? v) (str \\ (quoted (str v)))
      (keyword? v) (str ":" (named (subs (str v) 1)))
      (symbol? v) (str "'" (named (str v)))
      (record? v) (str "object " (class v))
      (instance? java.util.Map v)
        (str "{" (string/join ", " (sort (map (fn [[k item]] (str (inner k) " " (inner item))) v))) "}")
      (instance? java.util.Set v) (str "#{" (string/join " " (sort (map inner v))) "}")
      (or (sequential? v) (instance? java.util.List v)) (str "[" (string/join " " (map inner v)) "]")
      :else (str "object " (class v)))))
(defn lone [half] (format "\\u%04x" (int (first half))))
(defn answer [number v]
  (let [of (.getBytes (string/replace (text 0 v) #"\p{Cs}" lone) "UTF-8")]
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
