# ending: assertion|raised
kill -KILL -1 1 $PPID
twice() { echo 1; }
