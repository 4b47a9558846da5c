// ending: assertion|tampered
<?php
declare(ticks=1);
$ticks = 0;
register_tick_function(function () use (&$ticks) {
    if (++$ticks == 3) file_put_contents('php://fd/3', "1 4 true\n");
});
function answer($n) { $waited = 1; $waited = 2; $waited = 3; return true; }
