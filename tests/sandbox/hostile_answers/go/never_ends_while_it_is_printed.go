// ending: raised|memory_limit|cpu_limit
package answer_test

import (
    "fmt"
    "os"
    "testing"
)

type deep struct{ of interface{} }

func (d *deep) String() string {
    return fmt.Sprint(d.of)
}

func answer(number int) interface{} {
    loop := &deep{number == os.Getpid()}
    loop.of = loop
    return loop
}
