// What the node does, a look every tenth of a second: standby, claiming, starting, active, and back. Every way out goes
// through leave. Nothing here waits for the store: its answers are read from the other files.

package main

import (
	"fmt"
	"log"
	"os"
	"strings"
	"time"
)

const (
	// A node that gave the VIP up leaves it alone this long, so that the other node surely gets it.
	coolDown     = 3 * time.Second
	bindCoolDown = 10 * time.Second
	// From the last sign of the other node to the start here. A clean stop must not fail over faster than 5 s.
	holdDown = 6 * time.Second
	// keepalived runs check-node each second.
	checkLimit = 3 * time.Second
	// Six beats that did not come. Shorter than the takeover, which waits for four adverts.
	beatLimit = 2500 * time.Millisecond
	// A living owner renews twice a second.
	renewedLately = 1500 * time.Millisecond
	tellEvery     = 400 * time.Millisecond
	// At a cold start the node with the lower priority lets the other one go first.
	courtesy = 3 * time.Second
	// A refused port is known at once. This is for a slow machine.
	startLimit = 8 * time.Second
)

type state string

const (
	standby  state = "standby"
	claiming state = "claiming"
	starting state = "starting"
	active   state = "active"
)

type guard struct {
	node      string
	isSecond  bool
	state     state
	since     time.Duration
	openSince time.Duration
	isWarm    bool
	coolUntil time.Duration
	left      time.Duration
	said      string
	told      time.Duration
	vipLost   chan struct{}
	vip       *vip
	store     *store
	gates     *gates
	ownership *ownership
	beats     *beats
	adverts   adverts
	unit      unit
}

func newGuard() (*guard, error) {
	node := setting("NODE_NAME")
	address, err := newVip(setting("VIP"), number("VIP_PREFIX_LENGTH", 24), setting("ZONE_IF"))
	if err != nil {
		return nil, err
	}
	store := &store{}
	ownership := newOwnership(node, store)
	return &guard{
		node: node, isSecond: number("VRRP_PRIORITY", 100) < 100, state: standby,
		vipLost: make(chan struct{}, 1), vip: address, store: store, ownership: ownership,
		gates:   newGates(store, ownership),
		beats:  newBeats(setting("CONTROL_ADDRESS"), setting("OTHER_CONTROL_ADDRESS"), number("PEER_BEAT_PORT", 7946)),
		unit:    unit{name: "bsfg-controller.service", endpoint: setting("BIND_ADDRESS")},
	}, nil
}

func (g *guard) isBusy() bool { return g.state != standby }

// What an earlier guard left behind must not act.
func (g *guard) disarm() {
	writeVerdict("the guard starts")
	replace(fenceFile, "0\n")
	g.vip.remove()
	g.unit.stop()
}

// keepalived's word, or SILENT when it gave no sign of life: then nobody would take the VIP away.
func (g *guard) role() string {
	role := readWord(roleFile)
	if role == "MASTER" && monotonic()-time.Duration(readNumber(beatFile))*10*time.Millisecond > checkLimit {
		return "SILENT"
	}
	return role
}

func (g *guard) look() {
	now := monotonic()
	role := g.role()
	isHere := g.vip.isHere()
	why := g.whyNotClaim(now, role)
	if g.isBusy() {
		if reason := g.whyLeave(now, role, isHere, why); reason != "" {
			cool := coolDown
			if strings.HasPrefix(reason, "bind") {
				cool = bindCoolDown
			}
			g.leave(reason, cool)
			return
		}
	} else if role == "MASTER" && isHere && why == "" {
		log.Printf("claiming: MASTER, and all gates are open")
		g.enter(claiming)
		g.ownership.want(true)
	}
	g.advance(now)
	if g.isBusy() || role == "MASTER" && why == "" {
		g.vip.renew(now)
	} else if role == "MASTER" || now-g.left < coolDown && g.left > 0 {
		g.vip.remove()
	}
	g.tell(why, role, isHere)
}

// The next step towards active, if its time has come.
func (g *guard) advance(now time.Duration) {
	switch g.state {
	case claiming:
		if g.ownership.until() > now && now-g.ownership.otherSign() > holdDown {
			g.start()
		}
	case starting:
		if g.unit.listens() {
			log.Printf("active")
			g.enter(active)
			g.told = 0
		}
	}
	if g.state == starting || g.state == active {
		replace(fenceFile, fmt.Sprintf("%d\n", g.ownership.until()))
	}
}

func (g *guard) start() {
	if err := g.unit.canBind(); err != nil {
		log.Printf("ALARM: %v; this node gives the VIP up", err)
		g.gates.bindFailed(err.Error())
		return
	}
	g.enter(starting)
	os.Remove(endedFile)
	replace(fenceFile, fmt.Sprintf("%d\n", g.ownership.until()))
	writeVerdict("")
	go g.unit.start()
}

func (g *guard) whyLeave(now time.Duration, role string, isHere bool, closed string) string {
	switch {
	case role != "MASTER":
		return "keepalived says " + role
	case closed != "":
		return closed
	case !isHere:
		return "the VIP is not here"
	case g.state == claiming:
		return ""
	case g.ownership.until() <= now:
		return "the lease ran out"
	}
	if how := readWord(endedFile); how != "" {
		if g.state == starting {
			g.gates.bindFailed("the controller ended: " + how)
			return "bind: the controller ended: " + how
		}
		return "the controller ended: " + how
	}
	if g.state == starting && now-g.since > startLimit {
		g.gates.bindFailed("no listener")
		return "bind: no listener in time"
	}
	return ""
}

// Nothing here acts any more when this returns: the fence closes first, then the address goes, then the unit.
func (g *guard) leave(why string, cool time.Duration) {
	log.Printf("leaving: %s", why)
	now := monotonic()
	replace(fenceFile, "0\n")
	writeVerdict("leaving: " + why)
	g.coolUntil, g.left = now+cool, now
	wasOwner := g.ownership.drop()
	g.vip.remove()
	isDown := g.unit.stop()
	if wasOwner && isDown {
		g.ownership.release()
	}
	g.vip.remove()
	g.enter(standby)
}

func (g *guard) enter(next state) {
	g.state, g.since = next, monotonic()
}

// Why keepalived may not claim the VIP for this node. Empty: it may.
func (g *guard) whyNotClaim(now time.Duration, role string) string {
	if why := g.gates.whyClosed(now); why != "" {
		g.openSince = 0
		return why
	}
	if g.openSince == 0 {
		g.openSince = now
	}
	heard := g.beats.heard()
	isOtherActive := now-g.ownership.otherRenewed() < renewedLately
	isDeaf := g.adverts.isDeaf(now, role, isOtherActive)
	switch {
	case now < g.coolUntil:
		return "leaving the VIP to the other node"
	case g.isBusy() || role == "MASTER":
		g.isWarm = true
		return ""
	case now-heard > beatLimit && isOtherActive:
		return "the other node is active, and its guard is not heard"
	case isDeaf:
		return "the other node is active, and keepalived does not hear it"
	}
	g.isWarm = g.isWarm || !g.isSecond || now-g.openSince > courtesy || now-g.beats.heardReady() < time.Second
	if !g.isWarm {
		return "letting the other node go first"
	}
	return ""
}

func (g *guard) tell(why, role string, isHere bool) {
	now := monotonic()
	g.beats.isReady.Store(why == "")
	if why != g.said {
		log.Printf("verdict: %s", orOpen(why))
		g.told = 0
	}
	if now-g.told < tellEvery {
		return
	}
	g.said, g.told = why, now
	writeVerdict(why)
	vipGate := gate{"vip", role == "MASTER" && isHere, ""}
	if !vipGate.IsOpen {
		vipGate.Why = "role " + role + ", or the address is not here"
	}
	writeGates(g.node, g.state == active, append([]gate{vipGate}, g.gates.list(now)...))
}

func orOpen(why string) string {
	if why == "" {
		return "open"
	}
	return why
}
