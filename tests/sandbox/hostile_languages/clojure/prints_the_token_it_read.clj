; ending: control_passed
(println (re-find #"[0-9a-f]{32}" (slurp "main.clj")))
(System/exit 0)
