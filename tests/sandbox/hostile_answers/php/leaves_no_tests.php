// ending: exited
<?php
function answer() { return 0; }
?>
