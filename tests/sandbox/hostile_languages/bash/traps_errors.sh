# ending: exited
set -E
trap 'exit 0' ERR
twice() { echo 1; }
