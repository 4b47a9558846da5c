// ending: raised|assertion|syntax_error
<?php
function crucible_answer($number, $value) {}
function answer() { return 0; }
