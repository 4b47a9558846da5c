// ending: output_limit|tampered
package answer_test

import (
    "fmt"
    "os"
    "testing"
)

func answer(number int) interface{} {
    channel := os.NewFile(3, "answers")
    for {
        channel.Write(make([]byte, 1<<20))
    }
}
