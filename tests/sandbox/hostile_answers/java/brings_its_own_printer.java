// ending: compile_error
class CruciblePrinter { static void answer(int number, Class<?> kind, Object value) {} }
class Problem {
    public static String answer(long number) {
        return "";
