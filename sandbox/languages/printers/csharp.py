"""Prints values of C# so that two have one text if, and only if, the assertion of their type holds between them.

Where a primitive type is declared that is `==`, for which numbers of different types may be equal; else `Equals`, for
which a `long` is no `int`, tuples are what is in them and of which types, and a list, a dictionary or an array equals
nothing but itself.
"""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
static class CruciblePrinter {
    private static string Quoted(string value) {
        var quoted = new System.Text.StringBuilder("\"");
        foreach (char each in value) {
            if (each == '"' || each == '\\') quoted.Append('\\');
            if (char.IsSurrogate(each)) quoted.Append("\\u").Append(((int)each).ToString("x4"));
            else quoted.Append(each);
        }
        return quoted.Append('"').ToString();
    }

    private static string Real(double value, bool single) {
        if (value == 0) return "0";
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        string text = "";
        for (int digits = 6; digits <= 17; ++digits) {
            double read;
            text = value.ToString("G" + digits, invariant);
            if (!double.TryParse(text, System.Globalization.NumberStyles.Float, invariant, out read)) continue;
            if (single ? (float)read == (float)value : read == value) break;
        }
        return text;
    }

    private static string Exact(object value) {
        return value is decimal ? ((decimal)value / 1.0000000000000000000000000000m).ToString() : value.ToString();
    }

    private static string Number(object value) {
        if (value is char) return ((int)(char)value).ToString();
        if (!(value is float || value is double)) return value is bool ? Text(value) : Exact(value);
        double real = value is float ? (double)(float)value : (double)value;
        if (real != real) return "nan";
        bool whole = real == System.Math.Floor(real) && System.Math.Abs(real) < 9.2e18;
        if (whole) return ((long)real).ToString();
        bool single = (float)real == real;
        return Real(real, single) + (single ? "f" : "");
    }

    private static string Name(System.Type type) {
        if (!type.IsGenericType) return type.Name;
        var names = new System.Collections.Generic.List<string>();
        foreach (System.Type each in type.GetGenericArguments()) names.Add(Name(each));
        return type.Name.Split('`')[0] + "<" + string.Join(", ", names) + ">";
    }

    private static string Text(object value) {
        if (value == null) return "null";
        if (value is bool) return (bool)value ? "true" : "false";
        if (value is string) return Quoted((string)value);
        if (value is char) return "'" + Quoted(value.ToString()).Trim('"') + "'";
        if (value is int) return value.ToString();
        if (value is long) return value + "L";
        if (value is float) return ((float)value != (float)value ? "NaN" : Real((float)value, true)) + "f";
        if (value is double) return ((double)value != (double)value ? "NaN" : Real((double)value, false)) + "d";
        System.Type type = value.GetType();
        if (type.IsPrimitive || value is decimal || value is System.Numerics.BigInteger) {
            return type.Name + "(" + Exact(value) + ")";
        }
        if (type.Assembly != typeof(object).Assembly || !type.FullName.StartsWith("System.Tuple`")) {
            return "object " + Name(type);
        }
        var items = new System.Collections.Generic.List<string>();
        foreach (string item in new[] {"Item1", "Item2", "Item3", "Item4", "Item5", "Item6", "Item7", "Rest"}) {
            var property = type.GetProperty(item);
            if (property != null) items.Add(Text(property.GetValue(value, null)));
        }
        return Name(type) + "(" + string.Join(", ", items) + ")";
    }

    private static string Compared(string kind, object value) {
        if (value == null) return kind.StartsWith("Nullable<") || kind.EndsWith("?") ? "null" : "object null";
        const string primitive = " bool char sbyte byte short ushort int uint long ulong float double decimal ";
        return primitive.Contains(" " + kind + " ") ? Number(value) : Text(value);
    }

    public static void Answer(int number, string kind, object value) {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(Compared(kind, value));
        var whole = new System.Collections.Generic.List<byte>();
        whole.AddRange(System.Text.Encoding.UTF8.GetBytes(number + " " + text.Length + " "));
        whole.AddRange(text);
        whole.Add((byte)'\n');
        using (var channel = System.IO.File.OpenWrite("/dev/fd/3")) {
            channel.Write(whole.ToArray(), 0, whole.Count);
        }
    }
}
"""

PRINTER = Printer(
    text=_TEXT,
    statement='CruciblePrinter.Answer({number}, "{result}", {value});',
    program=lambda program, printer, tests: f"{program}\n{tests}\n{printer}",
    expected=(
        "using System;\nusing System.Numerics;\nusing System.Diagnostics;\nusing System.Collections.Generic;\n"
        "using System.Linq;\nusing System.Text;\nusing System.Security.Cryptography;\n"
        "class Problem {\n    public static void Main(string[] args) {\n{statements}\n    }\n}\n{printer}\n"
    ),
    never_equal=r"\bnan\b|\bobject\b",
)
"""C#'s."""
