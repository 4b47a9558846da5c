# ending: exited|assertion
def double(_) = exit!(0)
