; ending: assertion|tampered|raised
#lang racket
(require ffi/unsafe)
((get-ffi-obj "fork" #f (_fun -> _int)))
(define (answer n) (number->string ((get-ffi-obj "getpid" #f (_fun -> _int)))))
