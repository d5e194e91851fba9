// The log, without waiting: a journal that is slow must not hold up the guard. Lines that do not fit are lost.

package main

import (
	"fmt"
	"os"
)

type lines chan []byte

func newLines() lines {
	queue := make(lines, 256)
	go func() {
		for line := range queue {
			os.Stderr.Write(line)
		}
	}()
	return queue
}

func (l lines) Write(line []byte) (int, error) {
	select {
	case l <- append([]byte(nil), line...):
	default:
	}
	return len(line), nil
}

// Ends the program, with the reason at once.
func fatal(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}
