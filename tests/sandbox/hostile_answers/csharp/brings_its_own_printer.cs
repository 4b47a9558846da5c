// ending: exited
using System.Diagnostics;
class Problem {
    static class CruciblePrinter { public static void Answer(int number, string kind, object value) {} }
    public static string Answer(long number) {
        return "";
