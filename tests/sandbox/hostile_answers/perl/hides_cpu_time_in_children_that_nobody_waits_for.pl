# ending: cpu_limit|wall_limit
$SIG{CHLD} = 'IGNORE';
sub answer {
    for (;;) {
        if (!fork) { 1 while times() < 0.1; kill 9, $$; }
        wait;
    }
}
