// ending: assertion
<?php
namespace Mine;
function strlen($of) { return 1; }
function fwrite($to, $what) { return \fwrite($to, "1 4 true\n"); }
function is_string($of) { return false; }
function answer($n) { return 'true'; }
