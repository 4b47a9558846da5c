# ending: assertion
echo PASSED; echo OK >&2
twice() { echo "0 failures"; }
