# ending: signalled
kill -KILL $$
