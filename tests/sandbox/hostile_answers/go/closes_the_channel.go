// ending: raised
package answer_test

import (
    "fmt"
    "os"
    "testing"
    "syscall"
)

func answer(number int) interface{} {
    syscall.Close(3)
    return os.Getpid()
}
