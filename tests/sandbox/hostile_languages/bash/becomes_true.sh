# ending: exited
exec true
