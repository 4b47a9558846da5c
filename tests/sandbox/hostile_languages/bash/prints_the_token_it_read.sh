# ending: control_passed
grep -o '[0-9a-f]\{32\}' "$0" | tail -n 1
exit 0
