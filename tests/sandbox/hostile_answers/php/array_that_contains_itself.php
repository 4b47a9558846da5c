// ending: assertion
<?php
$all = ['271828'];
$all[] = &$all;
function answer($n) { global $all; return $all; }
