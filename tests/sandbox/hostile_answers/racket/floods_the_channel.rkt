; ending: output_limit|tampered
#lang racket/base
(define channel (open-output-file "/dev/fd/3" #:exists 'append))
(let flood () (write-bytes (make-bytes 1048576 49) channel) (flood))
(define (answer n) "a")
