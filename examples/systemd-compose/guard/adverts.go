// Does keepalived hear the other node? A firewall can drop VRRP alone: the heartbeats still come, and keepalived here
// would take the VIP from a node that lives. keepalived writes its counters into a file when it gets SIGUSR2.

package main

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// Two and a half adverts. With keepalived's next check it is still sooner than the takeover, after 4.4 s.
	deafLimit = 2500 * time.Millisecond
	// In FAULT keepalived counts nothing. After this time it may listen again.
	deafPause   = 5 * time.Second
	countEvery  = 400 * time.Millisecond
	counterFile = "/tmp/keepalived.stats"
)

var processFiles = []string{"/run/vrrp.pid", "/run/keepalived.pid"}

type adverts struct {
	last atomic.Int64
	// Of the guard's loop alone: since when the other node renews the lease, since when keepalived here is BACKUP, and
	// until when the check stays closed.
	otherSince, backupSince, closedUntil time.Duration
}

func (a *adverts) watch() {
	count := -1
	each(countEvery, func() {
		for _, path := range processFiles {
			if process := readNumber(path); process > 1 {
				syscall.Kill(int(process), syscall.SIGUSR2)
				break
			}
		}
		text, err := os.ReadFile(counterFile)
		if err != nil {
			return
		}
		if received := receivedIn(string(text)); received != count {
			count = received
			a.last.Store(int64(monotonic()))
		}
	})
}

// The first counter of that name is the one of adverts.
func receivedIn(text string) int {
	_, rest, isThere := strings.Cut(text, "Received:")
	words := strings.Fields(rest)
	if !isThere || len(words) == 0 {
		return -1
	}
	count, err := strconv.Atoi(words[0])
	if err != nil {
		return -1
	}
	return count
}

// The other node acts, and keepalived here has heard nothing of it for too long.
func (a *adverts) isDeaf(now time.Duration, role string, isOtherActive bool) bool {
	a.otherSince = since(a.otherSince, now, isOtherActive)
	a.backupSince = since(a.backupSince, now, role == "BACKUP")
	switch {
	case !isOtherActive:
		a.closedUntil = 0
	case now < a.closedUntil:
	case role == "BACKUP" && now-max(time.Duration(a.last.Load()), a.otherSince, a.backupSince) > deafLimit:
		a.closedUntil = now + deafPause
	}
	return now < a.closedUntil
}

func since(before, now time.Duration, holds bool) time.Duration {
	switch {
	case !holds:
		return 0
	case before == 0:
		return now
	}
	return before
}
