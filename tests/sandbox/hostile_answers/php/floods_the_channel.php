// ending: output_limit|tampered
<?php
function answer($n) { for ($to = fopen('php://fd/3', 'wb'); ; ) fwrite($to, str_repeat('1', 1 << 20)); }
