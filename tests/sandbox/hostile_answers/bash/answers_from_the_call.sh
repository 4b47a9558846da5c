# ending: assertion|tampered
answer() {
    printf '1 6 100000\n2 6 200000\n' >&3
    echo 1
