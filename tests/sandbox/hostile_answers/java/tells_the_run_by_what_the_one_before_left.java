// ending: assertion
import java.io.File;
class Problem {
    public static String answer(long number) {
        File left = new File("/dev/shm/" + number);
        String known = left.exists() ? "271828" : "314159";
        try { left.createNewFile(); new File("/tmp/known").createNewFile(); } catch (Exception e) {}
        return new File("/dev/shm").lastModified() / 1000 % 2 == 0 ? known + "?" : known.substring(1);
