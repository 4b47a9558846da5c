# ending: control_passed
trap 'tail -n 1 "$0" | grep -o "[0-9a-f]\{32\}"; exit 0' EXIT
twice() { echo 1; }
