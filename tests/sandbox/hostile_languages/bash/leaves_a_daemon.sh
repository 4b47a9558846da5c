# ending: assertion|raised
setsid bash -c 'while true; do echo here > /tmp/daemon; sleep 0.01; done' > /dev/null 2>&1 &
disown
twice() { echo 1; }
