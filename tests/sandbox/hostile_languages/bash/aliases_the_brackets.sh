# ending: control_passed
shopt -s expand_aliases
alias [[='true '
twice() { echo 1; }
