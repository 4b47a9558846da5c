(require '[clojure.string :as string])

(println (reduce + (map parse-long (remove string/blank? (string/split (slurp *in*) #"\s+")))))
