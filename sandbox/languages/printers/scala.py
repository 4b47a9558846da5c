"""Prints values of Scala so that two have one text if, and only if, the assertion of their type holds between them.

Where a primitive type is declared that is `==`; else `equals`, for which a `Long` is no `Int`, while within a list, a
map, an option or a tuple it is again `==`, for which numbers of different types may be equal.
"""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
object CruciblePrinter {
    private val primitive = " Boolean Char Byte Short Int Long Float Double "

    private def quoted(value: _root_.java.lang.String): _root_.java.lang.String = {
        val all = new _root_.java.lang.StringBuilder("\"")
        var at = 0
        while (at < value.length) {
            val each = value.charAt(at)
            if (each == '"' || each == '\\') all.append('\\')
            if (_root_.java.lang.Character.isSurrogate(each)) all.append("\\" + "u" + each.toInt.toHexString)
            else all.append(each)
            at += 1
        }
        all.append('"').toString
    }

    private def real(value: _root_.scala.Double): _root_.java.lang.String =
        if (value != value) "nan"
        else if (value == value.toLong && value < 9.2e18 && value > -9.2e18) value.toLong.toString
        else if (value == value.toFloat) value.toFloat + "f"
        else value.toString

    private def joined(opening: _root_.java.lang.String, values: _root_.scala.collection.Iterator[_root_.scala.Any],
        sorted: _root_.scala.Boolean, closing: _root_.java.lang.String): _root_.java.lang.String = {
        val texts = new _root_.java.util.ArrayList[_root_.java.lang.String]()
        while (values.hasNext) texts.add(text(values.next()))
        if (sorted) _root_.java.util.Collections.sort(texts)
        opening + _root_.java.lang.String.join(", ", texts) + closing
    }

    private def text(value: _root_.scala.Any): _root_.java.lang.String = value match {
        case null => "null"
        case each: _root_.java.lang.String => quoted(each)
        case each: _root_.java.lang.Character => each.charValue.toInt.toString
        case each: _root_.java.lang.Float => real(each.doubleValue)
        case each: _root_.java.lang.Double => real(each.doubleValue)
        case _: _root_.java.lang.Boolean | _: _root_.java.lang.Long | _: _root_.java.lang.Integer
            | _: _root_.java.lang.Short | _: _root_.java.lang.Byte | _: _root_.scala.math.BigInt
            | _: _root_.scala.runtime.BoxedUnit => value.toString
        case each: _root_.scala.collection.GenMap[_, _] => joined("{", each.iterator, true, "}")
        case each: _root_.scala.collection.GenSet[_] => joined("set{", each.iterator, true, "}")
        case each: _root_.scala.collection.GenSeq[_] => joined("[", each.iterator, false, "]")
        case each: _root_.scala.Product if each.getClass.getName.startsWith("scala.") =>
            val name = if (each.productPrefix.startsWith("Tuple")) "" else each.productPrefix
            if (each.productArity == 0) name else joined(name + "(", each.productIterator, false, ")")
        case _ => "object " + value.getClass.getName
    }

    private def typed(value: _root_.scala.Any): _root_.java.lang.String = value match {
        case null => "object null"
        case _: _root_.java.lang.Long => value + "l"
        case _: _root_.java.lang.Float => value + "f"
        case _: _root_.java.lang.Double => value + "d"
        case _: _root_.java.lang.Character => "'" + quoted(value.toString) + "'"
        case _: _root_.java.lang.Short | _: _root_.java.lang.Byte => value.getClass.getSimpleName + "(" + value + ")"
        case _ => text(value)
    }

    def answer(number: _root_.scala.Int, kind: _root_.java.lang.String, value: _root_.scala.Any): _root_.scala.Unit = {
        val compared = if (primitive.contains(" " + kind + " ")) text(value) else typed(value)
        val bytes = compared.getBytes("UTF-8")
        val channel = new _root_.java.io.FileOutputStream("/dev/fd/3")
        channel.write((number + " " + bytes.length + " " + compared + "\n").getBytes("UTF-8"))
        channel.close()
    }
}
"""

PRINTER = Printer(
    text=_TEXT,
    statement='CruciblePrinter.answer({number}, "{result}", {value});',
    program=lambda program, printer, tests: f"{program}\n{tests}\n{printer}",
    expected=(
        "import scala.math._\nimport scala.collection.mutable._\n"
        "object Problem {\n    def main(args: Array[String]) = {\n{statements}\n    }\n}\n{printer}\n"
    ),
    never_equal=r"\bnan\b|\bobject\b",
)
"""Scala's."""
