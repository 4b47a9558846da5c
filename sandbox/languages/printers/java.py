"""Prints values of Java so that two have one text if, and only if, the assertion of their type holds between them.

Where a primitive type is declared that is `==`, for which numbers of different types may be equal; else `equals`, for
which a `Long` is no `Integer`, and lists, maps and sets are what is in them. As data, null equals null.
"""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
class CruciblePrinter {
    private static final java.util.Set<java.lang.Object> path =
        java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    private static final java.lang.Object nothing = new java.lang.Object();

    private static java.lang.String joined(
        java.lang.String opening, java.util.List<java.lang.String> texts, java.lang.String closing
    ) {
        return opening + java.lang.String.join(", ", texts) + closing;
    }

    private static java.util.List<java.lang.String> all(java.lang.Iterable<?> values) {
        java.util.List<java.lang.String> texts = new java.util.ArrayList<>();
        for (java.lang.Object each : values) texts.add(text(each));
        return texts;
    }

    private static java.lang.String deep(java.lang.Object value) {
        if (value instanceof java.util.Map) {
            java.util.List<java.lang.String> texts = new java.util.ArrayList<>();
            for (java.util.Map.Entry<?, ?> each : ((java.util.Map<?, ?>) value).entrySet()) {
                texts.add(text(each.getKey()) + "=" + text(each.getValue()));
            }
            java.util.Collections.sort(texts);
            return joined("{", texts, "}");
        }
        if (value instanceof java.util.Set) {
            java.util.List<java.lang.String> texts = all((java.util.Set<?>) value);
            java.util.Collections.sort(texts);
            return joined("set{", texts, "}");
        }
        if (value instanceof java.util.Map.Entry) {
            java.util.Map.Entry<?, ?> entry = (java.util.Map.Entry<?, ?>) value;
            return "entry(" + text(entry.getKey()) + "=" + text(entry.getValue()) + ")";
        }
        if (value instanceof java.util.List) return joined("[", all((java.util.List<?>) value), "]");
        java.lang.String name = value.getClass().getName();
        if (name.startsWith("org.javatuples.")) {
            return joined(value.getClass().getSimpleName() + "(", all((java.lang.Iterable<?>) value), ")");
        }
        if (name.startsWith("java.") && value instanceof java.lang.Enum) return name + "." + value;
        return "object " + name;
    }

    private static java.lang.String quoted(java.lang.String value) {
        java.lang.StringBuilder all = new java.lang.StringBuilder("\"");
        for (int at = 0; at < value.length(); ) {
            int each = value.codePointAt(at);
            at += java.lang.Character.charCount(each);
            if (each == '"' || each == '\\') all.append('\\');
            // A surrogate without its other half, for which UTF-8 has no bytes.
            if (each >= 0xd800 && each < 0xe000) all.append("\\u").append(java.lang.Integer.toHexString(each));
            else all.appendCodePoint(each);
        }
        return all.append('"').toString();
    }

    static java.lang.String text(java.lang.Object value) {
        if (value == null || value == nothing) return "null";
        if (value instanceof java.lang.Boolean) return value.toString();
        if (value instanceof java.lang.Long) return value + "L";
        if (value instanceof java.lang.Integer) return value.toString();
        if (value instanceof java.lang.Float) return value + "f";
        if (value instanceof java.lang.Double) return value.toString();
        if (value instanceof java.lang.Character) {
            java.lang.String text = quoted(value.toString());
            return "'" + text.substring(1, text.length() - 1) + "'";
        }
        if (value instanceof java.lang.Number && value.getClass().getName().startsWith("java.")) {
            return value.getClass().getSimpleName() + "(" + value + ")";
        }
        if (value instanceof java.lang.String) return quoted((java.lang.String) value);
        if (value instanceof java.util.Optional) {
            java.util.Optional<?> optional = (java.util.Optional<?>) value;
            return optional.isPresent() ? "Optional[" + text(optional.get()) + "]" : "Optional.empty";
        }
        if (!path.add(value) || path.size() > 200) return "object endless";
        try {
            return deep(value);
        } finally {
            path.remove(value);
        }
    }

    private static java.lang.String number(java.lang.Object value) {
        if (value instanceof java.lang.Boolean) return value.toString();
        if (value instanceof java.lang.Character) return java.lang.String.valueOf((int) (java.lang.Character) value);
        java.lang.Number number = (java.lang.Number) value;
        double real = number.doubleValue();
        if (!(value instanceof java.lang.Float || value instanceof java.lang.Double)) return "" + number.longValue();
        if (real != real) return "nan";
        return real == java.lang.Math.rint(real) && java.lang.Math.abs(real) < 0x1p63 ? "" + (long) real : "" + real;
    }

    static java.lang.Object data(java.lang.Object value) {
        return value == null ? nothing : value;
    }

    // Null has no `equals`, so that it is equal to nothing, but as data.
    private static java.lang.String compared(java.lang.Class<?> kind, java.lang.Object value) {
        if (value == null) return "object null";
        return kind.isPrimitive() ? number(value) : text(value);
    }

    static void answer(int number, java.lang.Class<?> kind, java.lang.Object value) {
        try (java.io.FileOutputStream channel = new java.io.FileOutputStream("/dev/fd/3")) {
            byte[] text = compared(kind, value).getBytes("UTF-8");
            java.io.ByteArrayOutputStream whole = new java.io.ByteArrayOutputStream();
            whole.write((number + " " + text.length + " ").getBytes("UTF-8"));
            whole.write(text);
            whole.write('\n');
            channel.write(whole.toByteArray());
        } catch (java.io.IOException error) {
            throw new java.lang.RuntimeException(error);
        }
    }
}
"""

PRINTER = Printer(
    text=_TEXT,
    statement="CruciblePrinter.answer({number}, {result}.class, {value});",
    data="CruciblePrinter.data({value})",
    program=lambda program, printer, tests: f"{program}\n{tests}\n{printer}",
    expected=(
        "import java.util.*;\nimport java.lang.reflect.*;\nimport org.javatuples.*;\nimport java.security.*;\n"
        "import java.math.*;\nimport java.io.*;\nimport java.util.stream.*;\n"
        "class Problem {\n    public static void main(String[] args) {\n{statements}\n    }\n}\n{printer}\n"
    ),
    never_equal=r"\bnan\b|\bobject\b",
)
"""Java's."""
