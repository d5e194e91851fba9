// The fence of this node. It decides when the node may claim the VIP, starts the controller's unit on the node that
// holds the VIP, and stops it when the node loses the right to act. keepalived asks it through check-node.
package main

import (
	"errors"
	"log"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	runFolder   = "/run/bsfg/"
	roleFile    = runFolder + "role"
	beatFile    = runFolder + "keepalived-beat"
	verdictFile = runFolder + "verdict"
	fencedFile  = runFolder + "fenced"
	fenceFile   = runFolder + "lease"
	gatesFile   = runFolder + "gates.json"
	endedFile   = runFolder + "controller-ended"
)

// One look at everything. An isolated node must be quiet before the other one claims the VIP, 4.4 s after the cut.
const lookEvery = 100 * time.Millisecond

// A look asks the kernel and the files in /run. It takes a millisecond.
const slowLook = 500 * time.Millisecond

func main() {
	log.SetFlags(0)
	log.SetOutput(newLines())
	if len(os.Args) == 2 && os.Args[1] == "may-start" {
		if why := whyNoStart(); why != "" {
			fatal("the controller may not start: %s", why)
		}
		return
	}
	guard, err := newGuard()
	if err != nil {
		fatal("ALARM: %v", err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	guard.disarm()
	go guard.store.join()
	go guard.ownership.keep()
	go guard.gates.watch()
	go guard.beats.run()
	go guard.adverts.watch()
	go guard.vip.watch(guard.vipLost)
	for {
		select {
		case <-stop:
			guard.leave("the guard ends", 0)
			return
		case <-guard.vipLost:
			if guard.isBusy() {
				guard.leave("somebody removed the VIP", coolDown)
			}
		case <-time.After(lookEvery):
		}
		began := monotonic()
		guard.look()
		if took := monotonic() - began; took > slowLook {
			log.Printf("ALARM: a look took %d ms", took.Milliseconds())
		}
	}
}

// Asked by systemd before each start of the controller, by whomever it was ordered.
func whyNoStart() string {
	at, verdict := readVerdict()
	switch {
	case monotonic()-at > 2*time.Second:
		return "the guard gave no sign for two seconds"
	case verdict != "open":
		return verdict
	case readWord(roleFile) != "MASTER":
		return "keepalived says " + readWord(roleFile)
	case monotonic() >= time.Duration(readNumber(fenceFile)):
		return "the zone's lease is not held here"
	}
	return ""
}

// CLOCK_MONOTONIC: goes on while the node is frozen, and never back.
func monotonic() time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		fatal("ALARM: no monotonic clock: %v", err)
	}
	return time.Duration(now.Nano())
}

func setting(name string) string {
	value := os.Getenv(name)
	if value == "" {
		fatal("ALARM: %s is not set, see /etc/bsfg/zone.env", name)
	}
	return value
}

func number(name string, otherwise int) int {
	value, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		return otherwise
	}
	return value
}

var errNoAnswer = errors.New("no answer")
