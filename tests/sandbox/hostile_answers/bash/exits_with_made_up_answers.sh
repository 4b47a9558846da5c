# ending: assertion
printf '1 1 *\n2 1 *\n' >&3
exit 0
answer() {
