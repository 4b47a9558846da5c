-- ending: exited
os.exit(0)
