# ending: raised
open(my $channel, '>&=', 3); close $channel;
sub answer { return 0; }
