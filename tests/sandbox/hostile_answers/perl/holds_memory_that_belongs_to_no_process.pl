# ending: memory_limit|cpu_limit
open(my $adjust, '>', '/proc/self/oom_score_adj');
print {$adjust} "-1000" if $adjust;
sub answer {
    my $piece = 'x' x (1 << 20);
    for my $file (1 .. 100) {
        my $name = "memory $file";
        my $fd = syscall(319, $name, 0);
        for (1 .. 15) { syscall(1, $fd, $piece, length $piece) }
    }
    sleep 100;
}
