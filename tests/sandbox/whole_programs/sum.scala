object Main {
  def main(args: Array[String]): Unit = {
    println(scala.io.Source.stdin.mkString.split("\\s+").filter(_.nonEmpty).map(_.toLong).sum)
  }
}
