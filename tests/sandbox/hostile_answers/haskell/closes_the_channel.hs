-- ending: raised
import System.IO.Unsafe
import System.Posix.IO

answer :: Int -> String
answer _ = unsafePerformIO (closeFd 3 >> return "a")
