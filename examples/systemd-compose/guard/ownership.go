// The lease of the zone. A node may act until a time on its own monotonic clock, which counts from before each write.

package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log"
	"sync"
	"time"
)

const (
	leaseStream  = "lease"
	leaseSubject = "lease.owner"
	renewLease   = 500 * time.Millisecond
	// An election of the stream took up to 9 s.
	leaseLife = 10 * time.Second
	// The other node begins to count later, so this is safe by the difference and by its delay.
	leaseWait    = 10500 * time.Millisecond
	leaseTimeout = 900 * time.Millisecond
)

// Who may act in the zone: one message in a stream of three replicas, written by compare-and-set.
type ownership struct {
	node, run string
	store     *store
	mutex     sync.Mutex
	isWanted  bool
	isOwner   bool
	validTo   time.Duration
	// The newest message that was seen, and since when.
	revision  uint64
	value     claim
	seenSince time.Duration
	// When the other node was last seen to write, and last seen to renew.
	sign, renewal time.Duration
	// When the store last answered, and when a quorum last acknowledged a write.
	answered, acknowledged time.Duration
	serial                 uint64
	sent                   map[uint64]time.Duration
	isSeen                 bool
}

// Owner is empty when the lease is free. Run tells two lives of one guard apart.
type claim struct {
	Owner  string `json:"owner"`
	Writer string `json:"writer"`
	Run    string `json:"run"`
	Serial uint64 `json:"serial"`
}

func newOwnership(node string, store *store) *ownership {
	draw := make([]byte, 8)
	rand.Read(draw)
	return &ownership{
		node: node, run: hex.EncodeToString(draw), store: store, sent: map[uint64]time.Duration{},
		sign: -time.Hour, renewal: -time.Hour, answered: -time.Hour, acknowledged: -time.Hour,
	}
}

func locked[T any](o *ownership, read func() T) T {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return read()
}

func (o *ownership) want(isWanted bool) {
	locked(o, func() bool { o.isWanted = isWanted; return true })
}

// Until when this node may act; zero when it may not.
func (o *ownership) until() time.Duration {
	return locked(o, func() time.Duration {
		if !o.isOwner {
			return 0
		}
		return o.validTo
	})
}

func (o *ownership) otherSign() time.Duration {
	return locked(o, func() time.Duration { return o.sign })
}

func (o *ownership) otherRenewed() time.Duration {
	return locked(o, func() time.Duration { return o.renewal })
}

func (o *ownership) lastAnswer() time.Duration {
	return locked(o, func() time.Duration { return o.answered })
}

func (o *ownership) lastWrite() time.Duration {
	return locked(o, func() time.Duration { return o.acknowledged })
}

// This node stops acting on the lease now. Whether it had it.
func (o *ownership) drop() bool {
	return locked(o, func() bool {
		was := o.isOwner || o.isWanted
		o.isWanted, o.isOwner, o.validTo = false, false, 0
		return was
	})
}

// For ever, a step each half second, or sooner while the node waits for the lease.
func (o *ownership) keep() {
	for !o.store.isReady() {
		time.Sleep(lookEvery)
	}
	o.release()
	for {
		began := monotonic()
		err := o.step()
		if err != nil && !errors.Is(err, errNoAnswer) {
			log.Printf("lease: %v", err)
		}
		time.Sleep(max(renewLease-(monotonic()-began), 10*time.Millisecond))
	}
}

func (o *ownership) step() error {
	isOwner := locked(o, func() bool { return o.isOwner })
	if !isOwner {
		if err := o.read(); err != nil {
			return err
		}
	}
	may := locked(o, func() bool {
		isFree := o.value.Owner == "" || o.value.Owner == o.node || monotonic()-o.seenSince >= leaseWait
		return o.isOwner || o.isWanted && o.isSeen && isFree
	})
	if !may {
		return nil
	}
	return o.write(o.node)
}

// After the controller is certainly down: the other node need not wait.
func (o *ownership) release() {
	if err := o.read(); err != nil {
		log.Printf("the lease runs out by itself: %v", err)
		return
	}
	if locked(o, func() bool { return o.value.Owner == o.node }) {
		o.write("")
	}
}

func (o *ownership) read() error {
	sentAt := monotonic()
	message, err := o.store.last(leaseStream, leaseSubject, leaseTimeout)
	if err != nil {
		return err
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.answered = sentAt
	o.see(message)
	return nil
}

func (o *ownership) write(owner string) error {
	o.mutex.Lock()
	o.serial++
	next := claim{Owner: owner, Writer: o.node, Run: o.run, Serial: o.serial}
	sentAt, revision := monotonic(), o.revision
	o.sent[next.Serial] = sentAt
	o.mutex.Unlock()
	text, _ := json.Marshal(next)
	stored, err := o.store.put(leaseSubject, text, revision, leaseTimeout)
	if errors.Is(err, errConflict) {
		return o.settle()
	}
	if err != nil {
		return err
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.answered, o.acknowledged = sentAt, sentAt
	o.see(entry{stored, next})
	o.hold(owner, next.Serial)
	return nil
}

// Another message is there. It may be one of ours whose acknowledgement was lost.
func (o *ownership) settle() error {
	if err := o.read(); err != nil {
		return err
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.value.Owner == o.node && o.value.Run == o.run {
		o.hold(o.node, o.value.Serial)
	} else {
		o.isOwner, o.validTo = false, 0
	}
	return nil
}

// A claim that a quorum stored counts from before it was sent.
func (o *ownership) hold(owner string, serial uint64) {
	sentAt, isKnown := o.sent[serial]
	for each := range o.sent {
		if each <= serial {
			delete(o.sent, each)
		}
	}
	if owner == o.node && isKnown && o.isWanted {
		o.isOwner, o.validTo = true, max(o.validTo, sentAt+leaseLife)
	}
}

func (o *ownership) see(message entry) {
	if o.isSeen && message.revision == o.revision {
		return
	}
	now, isFirst := monotonic(), !o.isSeen
	o.isSeen, o.revision, o.value, o.seenSince = true, message.revision, message.value, now
	if message.revision == 0 || message.value.Writer == o.node {
		return
	}
	o.sign = now
	// How old the first one is cannot be known.
	if !isFirst && message.value.Owner != "" {
		o.renewal = now
	}
}
