# ending: assertion|raised
for number in $(seq 40); do head -c 8000000 /dev/zero > "/tmp/$number"; done
mkdir -p /tmp/a/b/c/d && chmod 0 /tmp/a
twice() { echo 1; }
