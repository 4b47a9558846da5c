// ending: output_limit|tampered
import core.sys.posix.unistd : write;
string answer(long number)
{
    static char[1 << 20] much = '1';
    while (write(3, much.ptr, much.length) > 0) {}
    return "";
}
