# ending: assertion|raised
rm -f "$0"; mv /tmp/main.sh /tmp/other.sh; echo 'exit 0' > "$0"
twice() { echo 1; }
