# ending: wall_limit
sleep 60
