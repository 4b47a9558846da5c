// ending: assertion
<?php
function answer() { return true; }
