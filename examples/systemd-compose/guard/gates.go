// The gates besides the VIP: local JetStream, quorum, artifact storage, certificate, bind.

package main

import (
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

const artifacts = "/artifacts"

// What must hold on this node besides the VIP. Each gate has a goroutine of its own: one that hangs closes its gate
// and no other.
type gates struct {
	store     *store
	ownership *ownership
	mutex     sync.Mutex
	found     map[string]finding
	failed    finding
}

// `limit`: a finding that is older proves nothing.
type finding struct {
	why   string
	at    time.Duration
	limit time.Duration
}

var gateNames = []string{"jetstream", "quorum", "storage", "certificate", "bind"}

func newGates(store *store, ownership *ownership) *gates {
	g := &gates{store: store, ownership: ownership, found: map[string]finding{}}
	for _, name := range gateNames {
		g.found[name] = finding{why: "not checked yet", limit: time.Hour}
	}
	g.note("bind", "", time.Duration(1<<62))
	return g
}

func (g *gates) note(name, why string, limit time.Duration) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.found[name] = finding{why, monotonic(), limit}
}

func (g *gates) bindFailed(why string) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.failed = finding{why: why, at: monotonic()}
}

func (g *gates) list(now time.Duration) []gate {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	all := []gate{}
	for _, name := range gateNames {
		one := g.found[name]
		switch {
		case name == "bind" && g.failed.why != "" && now-g.failed.at < bindCoolDown:
			one.why = g.failed.why
		case one.why == "" && now-one.at > one.limit:
			one.why = "the check does not end"
		}
		all = append(all, gate{name, one.why == "" || strings.HasPrefix(one.why, "warn"), one.why})
	}
	return all
}

func (g *gates) whyClosed(now time.Duration) string {
	closed := []string{}
	for _, one := range g.list(now) {
		if !one.IsOpen {
			closed = append(closed, one.Name+": "+one.Why)
		}
	}
	return strings.Join(closed, "; ")
}

func (g *gates) watch() {
	go g.watchServer()
	go g.watchQuorum()
	go each(time.Second, func() { g.note("certificate", certificateTrouble(time.Now()), 5*time.Second) })
	each(time.Second, func() { g.note("storage", storageTrouble(), 3*time.Second) })
}

func each(pause time.Duration, check func()) {
	for {
		check()
		time.Sleep(pause)
	}
}

// One lost answer is a busy machine. Two in a row are a frozen server.
func (g *gates) watchServer() {
	missed := 2
	each(400*time.Millisecond, func() {
		isDown, err := g.store.probe(missed >= 2)
		switch {
		case err == nil:
			missed = 0
			g.note("jetstream", "", 3*time.Second)
		case isDown || missed >= 1:
			missed = 2
			g.note("jetstream", err.Error(), time.Hour)
		default:
			missed++
		}
	})
}

// An acknowledged write proves a quorum. Without one, a server of the cluster must greet this node.
func (g *gates) watchQuorum() {
	routes := []string{}
	for _, name := range []string{"ROUTE_1", "ROUTE_2"} {
		routes = append(routes, net.JoinHostPort(setting(name), os.Getenv("NATS_CLUSTER_PORT")))
	}
	missed := 2
	each(400*time.Millisecond, func() {
		now := monotonic()
		if now-g.ownership.lastWrite() < 700*time.Millisecond || greets(routes) {
			missed = 0
		} else if missed < 2 {
			missed++
		}
		switch silence := monotonic() - g.ownership.lastAnswer(); {
		case missed >= 2:
			g.note("quorum", "no other server greets this node", time.Hour)
		case silence > leaseLife:
			g.note("quorum", fmt.Sprintf("the store gave no answer for %d s", leaseLife/time.Second), time.Hour)
		default:
			g.note("quorum", "", 3*time.Second)
		}
	})
}

func greets(routes []string) bool {
	answers := make(chan bool, len(routes))
	for _, address := range routes {
		go func() {
			connection, err := net.DialTimeout("tcp4", address, 500*time.Millisecond)
			if err != nil {
				answers <- false
				return
			}
			defer connection.Close()
			connection.SetDeadline(time.Now().Add(500 * time.Millisecond))
			greeting := make([]byte, 5)
			length, _ := connection.Read(greeting)
			answers <- strings.HasPrefix(string(greeting[:length]), "INFO")
		}()
	}
	limit := time.After(500 * time.Millisecond)
	for range routes {
		select {
		case isGreeting := <-answers:
			if isGreeting {
				return true
			}
		case <-limit:
			return false
		}
	}
	return false
}

// Writes, reads back and removes a file, as the controller would.
func storageTrouble() string {
	file, err := os.CreateTemp(artifacts, ".guard-")
	if err != nil {
		return err.Error()
	}
	defer os.Remove(file.Name())
	defer file.Close()
	text := strings.Repeat("bsfg", 1024)
	if _, err := file.WriteString(text); err != nil {
		return err.Error()
	}
	if err := file.Sync(); err != nil {
		return err.Error()
	}
	read, err := os.ReadFile(file.Name())
	if err != nil {
		return err.Error()
	}
	if string(read) != text {
		return "a file came back changed"
	}
	return ""
}
