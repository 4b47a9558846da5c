; ending: exited
(System/exit 0)
