// ending: memory_limit|cpu_limit|raised|assertion
import java.util.*;
class Problem {
    static class Endless extends AbstractList<Object> {
        public Object get(int at) { return this; }
        public int size() { return Integer.MAX_VALUE; }
        public int hashCode() { return 1; }
    }
    public static Object answer(long number) {
        return new Endless();
