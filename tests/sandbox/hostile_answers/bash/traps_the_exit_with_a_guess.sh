# ending: assertion|tampered
trap 'printf "2 1 *\n" >&3; exit 0' EXIT
answer() {
    echo 1
