# ending: assertion|tampered|raised
fork;
sub answer { return $$; }
