# ending: exited
trap 'exit 0' EXIT
twice() { echo 1; }
