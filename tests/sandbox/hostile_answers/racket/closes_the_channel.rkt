; ending: raised
#lang racket
(require ffi/unsafe)
((get-ffi-obj "close" #f (_fun _int -> _int)) 3)
(define (answer n) "a")
