// The guards of the two nodes tell each other twice a second that they live, on the control segment. Silence there, while
// the lease of the other node goes on, means that the segment is cut and not that the node is gone.

package main

import (
	"net"
	"strconv"
	"sync/atomic"
	"time"
)

type beats struct {
	own, other net.UDPAddr
	// When the last one came, and the last one of a node that may claim the VIP or holds it.
	last, lastReady atomic.Int64
	isReady         atomic.Bool
}

const beatEvery = 400 * time.Millisecond

func newBeats(own, other string, port int) *beats {
	return &beats{own: net.UDPAddr{IP: net.ParseIP(own), Port: port}, other: net.UDPAddr{IP: net.ParseIP(other), Port: port}}
}

func (b *beats) heard() time.Duration      { return time.Duration(b.last.Load()) }
func (b *beats) heardReady() time.Duration { return time.Duration(b.lastReady.Load()) }

func (b *beats) run() {
	socket, err := net.ListenUDP("udp4", &b.own)
	if err != nil {
		fatal("ALARM: no heartbeat: %v", err)
	}
	go each(beatEvery, func() {
		socket.WriteTo(strconv.AppendBool(nil, b.isReady.Load()), &b.other)
	})
	text := make([]byte, 16)
	for {
		length, from, err := socket.ReadFromUDP(text)
		switch {
		case err != nil:
			time.Sleep(lookEvery)
		case from.IP.Equal(b.other.IP):
			now := int64(monotonic())
			b.last.Store(now)
			if string(text[:length]) == "true" {
				b.lastReady.Store(now)
			}
		}
	}
}
