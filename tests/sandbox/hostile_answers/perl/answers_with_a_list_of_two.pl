# ending: assertion
sub answer { return (1, 1); }
