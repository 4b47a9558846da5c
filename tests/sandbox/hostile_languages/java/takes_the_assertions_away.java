// ending: control_passed
class Problem {
    public static void main(String[] args) {
        ClassLoader.getSystemClassLoader().setDefaultAssertionStatus(false);
        Tests.main(args);
    }
}
class Tests {
    static long twice(long x) {
        return x;
    }
