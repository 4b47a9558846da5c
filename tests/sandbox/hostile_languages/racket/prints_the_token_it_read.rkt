; ending: control_passed
#lang racket
(define (twice x) x)
(displayln (car (regexp-match #px"[0-9a-f]{32}" (file->string "main.rkt"))))
(exit 0)
