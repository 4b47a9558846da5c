#lang racket
(displayln (apply + (map string->number (string-split (port->string (current-input-port))))))
