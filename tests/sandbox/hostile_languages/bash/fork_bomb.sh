# ending: cpu_limit|wall_limit|memory_limit|assertion|raised
bomb() { bomb | bomb & }
bomb
while true; do :; done
