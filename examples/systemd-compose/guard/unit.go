// The controller as systemd's unit, and its endpoint as the kernel shows it.

package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The controller's systemd unit, and the endpoint that it listens on.
type unit struct{ name, endpoint string }

func systemctl(limit time.Duration, words ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	said, err := exec.CommandContext(ctx, "systemctl", words...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("systemctl %s: %w: %s", strings.Join(words, " "), err, strings.TrimSpace(string(said)))
	}
	return nil
}

func (u unit) start() {
	systemctl(time.Second, "reset-failed", u.name)
	if err := systemctl(startLimit, "start", u.name); err != nil {
		log.Printf("%v", err)
	}
}

// True when it is certainly down. systemd kills every process of the unit 0.5 s after it asked.
func (u unit) stop() bool {
	err := systemctl(2500*time.Millisecond, "stop", u.name)
	if err == nil {
		return true
	}
	log.Printf("ALARM: %v", err)
	return systemctl(time.Second, "kill", "--signal=SIGKILL", u.name) == nil && !u.listens()
}

// A bind without a listen shows whether the endpoint is free, and nobody can connect to it.
func (u unit) canBind() error {
	address, err := net.ResolveTCPAddr("tcp4", u.endpoint)
	if err != nil {
		return err
	}
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	place := &unix.SockaddrInet4{Port: address.Port}
	copy(place.Addr[:], address.IP.To4())
	if err := unix.Bind(socket, place); err != nil {
		return fmt.Errorf("bind to %s: %w", u.endpoint, err)
	}
	return nil
}

// Whether a socket of this node listens on the endpoint.
func (u unit) listens() bool {
	address, err := net.ResolveTCPAddr("tcp4", u.endpoint)
	table, readErr := os.ReadFile("/proc/net/tcp")
	if err != nil || readErr != nil {
		return false
	}
	ip := address.IP.To4()
	place := strings.ToUpper(hex.EncodeToString([]byte{ip[3], ip[2], ip[1], ip[0]})) + fmt.Sprintf(":%04X", address.Port)
	for _, line := range strings.Split(string(table), "\n") {
		words := strings.Fields(line)
		if len(words) > 3 && words[1] == place && words[3] == "0A" {
			return true
		}
	}
	return false
}
