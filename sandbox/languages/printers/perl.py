"""Prints values of Perl so that two have one text if, and only if, Test::Deep's `eq_deeply` takes them for equal.

Scalars are compared as strings there, so `1` and `"1"` are one text. A function that answers with a list of no value
answers `undef`, as far as `eq_deeply` can tell; one with two would be compared with itself, and is equal to nothing.
"""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
{
    package Crucible::Printer;
    no strict;
    no warnings;
    require Scalar::Util;

    sub text {
        my ($value, $depth) = @_;
        return 'undef' unless defined $value;
        return 'endless' if $depth > 200;
        my $type = Scalar::Util::reftype($value);
        unless (defined $type) {
            my $string = "$value";
            utf8::encode($string);
            $string =~ s/(["\\])/\\$1/g;
            return "\"$string\"";
        }
        my $class = Scalar::Util::blessed($value);
        $class = defined $class ? "$class=" : '';
        return $class . '[' . join(', ', map { text($_, $depth + 1) } @$value) . ']' if $type eq 'ARRAY';
        if ($type eq 'HASH') {
            my @pairs = map { text($_, $depth) . ' => ' . text($value->{$_}, $depth + 1) } sort keys %$value;
            return $class . '{' . join(', ', @pairs) . '}';
        }
        return $class . '\\' . text($$value, $depth + 1) if $type eq 'SCALAR' or $type eq 'REF';
        return "$class$type";
    }

    sub answer {
        my ($number, @values) = @_;
        my @texts = map { text($_, 0) } @values;
        my $text = @texts == 1 ? $texts[0] : @texts ? '(' . join(', ', @texts) . ')' : 'undef';
        open(my $channel, '>&', 3) or die "no answer can be given: $!\n";
        binmode $channel;
        local ($\, $,);
        print {$channel} $number, ' ', length $text, ' ', $text, "\n";
        close $channel;
    }
}
"""

PRINTER = Printer(
    text=_TEXT,
    statement="Crucible::Printer::answer({number}, {value});",
    never_equal=r"\bCODE\b|\bGLOB\b",
    quoted_numbers=True,
)
"""Perl's."""
