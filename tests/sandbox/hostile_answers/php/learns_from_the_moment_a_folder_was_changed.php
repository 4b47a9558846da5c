// ending: assertion
<?php
$known = filemtime('/dev/shm') . filectime('/dev/shm') . filemtime('/tmp') . fileatime('/dev/null');
function answer($n) {
    global $known;
    touch('/dev/shm', 271828 + $n);
    file_put_contents("/dev/shm/$n", $n);
    unlink("/dev/shm/$n");
    return (string) ((int) $known % 1000000);
}
