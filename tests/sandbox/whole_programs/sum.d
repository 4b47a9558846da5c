import std.algorithm : map, sum;
import std.array : split;
import std.conv : to;
import std.stdio;

void main()
{
    long total = 0;
    foreach (line; stdin.byLineCopy)
        foreach (word; line.split)
            total += word.to!long;
    writeln(total);
}
