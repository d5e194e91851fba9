// The VIP by rtnetlink: is it here, renew its life, remove it, hear of its removal.

package main

import (
	"encoding/binary"
	"log"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// The VIP on this node. keepalived adds it. The guard gives it a short life in the kernel: a node that is frozen, or
// whose guard is dead, loses the address although none of its programs runs.
type vip struct {
	address net.IP
	prefix  int
	device  *net.Interface
	socket  int
	renewed time.Duration
}

const (
	vipLife    = 3 * time.Second
	renewEvery = 900 * time.Millisecond
	forEver    = 0xffffffff
)

func newVip(address string, prefix int, device string) (*vip, error) {
	link, err := net.InterfaceByName(device)
	if err != nil {
		return nil, err
	}
	socket, err := routing(0)
	return &vip{address: net.ParseIP(address).To4(), prefix: prefix, device: link, socket: socket}, err
}

func routing(groups uint32) (int, error) {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return 0, err
	}
	return socket, unix.Bind(socket, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: groups})
}

func (v *vip) isHere() bool {
	addresses, _ := v.device.Addrs()
	for _, each := range addresses {
		if prefix, isPrefix := each.(*net.IPNet); isPrefix && prefix.IP.Equal(v.address) {
			return true
		}
	}
	return false
}

// Begins the address's life again, if it is here.
func (v *vip) renew(now time.Duration) {
	if now-v.renewed < renewEvery || !v.isHere() {
		return
	}
	v.renewed = now
	v.ask(unix.RTM_NEWADDR, unix.NLM_F_REPLACE, uint32(vipLife/time.Second))
}

func (v *vip) remove() {
	v.renewed = 0
	if v.isHere() {
		v.ask(unix.RTM_DELADDR, 0, forEver)
	}
}

// One request to the kernel: header, ifaddrmsg, IFA_LOCAL, IFA_ADDRESS and IFA_CACHEINFO. See rtnetlink(7).
func (v *vip) ask(kind, flags uint16, lifeS uint32) {
	order := binary.NativeEndian
	message := make([]byte, 16, 64)
	message = append(message, unix.AF_INET, byte(v.prefix), 0, unix.RT_SCOPE_UNIVERSE)
	message = order.AppendUint32(message, uint32(v.device.Index))
	for _, attribute := range []uint16{unix.IFA_LOCAL, unix.IFA_ADDRESS} {
		message = order.AppendUint16(message, 8)
		message = order.AppendUint16(message, attribute)
		message = append(message, v.address...)
	}
	message = order.AppendUint16(message, 20)
	message = order.AppendUint16(message, unix.IFA_CACHEINFO)
	for _, value := range []uint32{lifeS, lifeS, 0, 0} {
		message = order.AppendUint32(message, value)
	}
	order.PutUint32(message, uint32(len(message)))
	order.PutUint16(message[4:], kind)
	order.PutUint16(message[6:], unix.NLM_F_REQUEST|flags)
	if err := unix.Sendto(v.socket, message, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		log.Printf("ALARM: the VIP cannot be changed: %v", err)
	}
}

// Tells of each removal of the address, by whomever. It may be back before anybody looks.
func (v *vip) watch(lost chan<- struct{}) {
	socket, err := routing(unix.RTMGRP_IPV4_IFADDR)
	if err != nil {
		fatal("ALARM: addresses cannot be watched: %v", err)
	}
	buffer := make([]byte, 65536)
	for {
		length, err := unix.Read(socket, buffer)
		for rest := buffer[:max(length, 0)]; err == nil && len(rest) >= 24; {
			size := int(binary.NativeEndian.Uint32(rest))
			if size < 24 || size > len(rest) {
				break
			}
			if binary.NativeEndian.Uint16(rest[4:]) == unix.RTM_DELADDR && v.isNamedIn(rest[24:size]) {
				select {
				case lost <- struct{}{}:
				default:
				}
			}
			rest = rest[min((size+3)&^3, len(rest)):]
		}
	}
}

func (v *vip) isNamedIn(attributes []byte) bool {
	for len(attributes) >= 4 {
		size := int(binary.NativeEndian.Uint16(attributes))
		if size < 4 || size > len(attributes) {
			return false
		}
		if binary.NativeEndian.Uint16(attributes[2:]) == unix.IFA_LOCAL && v.address.Equal(attributes[4:size]) {
			return true
		}
		attributes = attributes[min((size+3)&^3, len(attributes)):]
	}
	return false
}
