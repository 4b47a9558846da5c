"""Prints values of D so that two have one text if, and only if, `==` holds between them: for numbers of any types."""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
struct CruciblePrinter
{
    private static string number(double value)
    {
        import core.stdc.stdio : snprintf;
        import core.stdc.stdlib : strtod;
        import std.conv : to;

        if (value != value) return "nan";
        if (value > -9.2e18 && value < 9.2e18 && cast(double) cast(long) value == value)
            return to!string(cast(long) value);
        char[40] text;
        int length;
        foreach (digits; 6 .. 18)
        {
            length = snprintf(text.ptr, text.length, "%.*g", digits, value);
            if (strtod(text.ptr, null) == value) break;
        }
        return text[0 .. length].idup;
    }

    private static string joined(string opening, string[] texts, string closing)
    {
        foreach (at, each; texts) opening ~= (at ? ", " : "") ~ each;
        return opening ~ closing;
    }

    static string text(T)(T value)
    {
        import std.conv : to;
        import std.traits : isAssociativeArray, isFloatingPoint, isIntegral, isSomeChar, isSomeString;
        import std.typecons : isTuple, Nullable;

        string[] texts;
        static if (is(T == void[]) || is(T == typeof(null)))
            return "[]";
        else static if (isSomeString!T)
        {
            string quoted = "\"";
            foreach (char each; to!string(value)) quoted ~= each == '"' || each == '\\' ? "\\" ~ each : "" ~ each;
            return quoted ~ "\"";
        }
        else static if (is(T == bool) || isIntegral!T || isSomeChar!T)
            return to!string(cast(long) value);
        else static if (isFloatingPoint!T)
            return number(value);
        else static if (isTuple!T)
        {
            foreach (each; value.expand) texts ~= text(each);
            return joined("(", texts, ")");
        }
        else static if (isAssociativeArray!T)
        {
            import std.algorithm : sort;

            foreach (key, each; value) texts ~= text(key) ~ ": " ~ text(each);
            sort(texts);
            return joined("[", texts, "]");
        }
        else static if (is(T : Nullable!U, U))
            return value.isNull ? "null" : text(value.get);
        else
        {
            foreach (each; value) texts ~= text(each);
            return joined("[", texts, "]");
        }
    }

    static void answer(T)(int number, T value)
    {
        import core.stdc.stdlib : exit;
        import core.sys.posix.unistd : write;
        import std.conv : to;

        string of = text(value), whole = to!string(number) ~ " " ~ to!string(of.length) ~ " " ~ of ~ "\n";
        while (whole.length)
        {
            auto wrote = write(3, whole.ptr, whole.length);
            if (wrote <= 0) exit(70);
            whole = whole[wrote .. $];
        }
    }
}
"""

PRINTER = Printer(
    text=_TEXT,
    statement="CruciblePrinter.answer({number}, {value});",
    expected="import std.math;\nimport std.typecons;\n{printer}unittest\n{\n{statements}\n}\nvoid main(){}\n",
    never_equal=r"\bnan\b",
)
"""D's."""
