;; ending: exited
(defn twice [x] (System/exit 0))
