// ending: exited
object Problem {
    object CruciblePrinter { def answer(number: Int, kind: String, value: Any) = { } }
    def answer(number : Long) : String = {
        return ""
