// The small files in /run/bsfg: what the guard tells keepalived, the controller and operators.

package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"
)

// What this program wrote last, by path.
var written = map[string]string{}

// Readers see the old content or the new one, and never half of it. For the main loop only.
func replace(path, text string) {
	if written[path] == text {
		return
	}
	written[path] = text
	fresh := path + ".guard"
	err := os.WriteFile(fresh, []byte(text), 0o644)
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		log.Printf("ALARM: %s cannot be written: %v", path, err)
	}
}

func readWord(path string) string {
	text, _ := os.ReadFile(path)
	word, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return word
}

func readNumber(path string) int64 {
	number, _ := strconv.ParseInt(readWord(path), 10, 64)
	return number
}

// Hundredths of a second first: a shell reads the same from /proc/uptime.
func writeVerdict(why string) {
	word := "open"
	if why != "" {
		word = why
	}
	fenced := "0"
	if why != "" {
		fenced = "1"
	}
	// In place: keepalived watches the file itself, and not its name.
	if written[fencedFile] != fenced {
		written[fencedFile] = fenced
		if err := os.WriteFile(fencedFile, []byte(fenced), 0o644); err != nil {
			log.Printf("ALARM: keepalived cannot be told: %v", err)
		}
	}
	replace(verdictFile, fmt.Sprintf("%d %s\n", monotonic()/(10*time.Millisecond), word))
}

func readVerdict() (at time.Duration, word string) {
	stamp, word, _ := strings.Cut(readWord(verdictFile), " ")
	hundredths, _ := strconv.ParseInt(stamp, 10, 64)
	return time.Duration(hundredths) * 10 * time.Millisecond, word
}

type gate struct {
	Name   string `json:"name"`
	IsOpen bool   `json:"isOpen"`
	Why    string `json:"why"`
}

func writeGates(node string, isActive bool, gates []gate) {
	text, _ := json.Marshal(map[string]any{"node": node, "isActive": isActive, "gates": gates})
	replace(gatesFile, string(text)+"\n")
}
