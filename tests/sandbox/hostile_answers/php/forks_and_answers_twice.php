// ending: assertion|tampered|raised
<?php
function answer($n) { pcntl_fork(); return (string) getmypid(); }
