; ending: memory_limit|cpu_limit|wall_limit|raised
(defn answer [number] (iterate inc 271828))
