package main

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	pb "example/bsfg/gen"
)

// The gates are the node's. It says here which are open, and until when it may act.
const (
	gatesFile = "/run/bsfg/gates.json"
	leaseFile = "/run/bsfg/lease"
)

// Whether the node's lease lets it act now, on CLOCK_MONOTONIC. What cannot be read means no.
func mayAct() bool {
	text, err := os.ReadFile(leaseFile)
	if err != nil {
		return false
	}
	until, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	var now unix.Timespec
	if err != nil || unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) != nil {
		return false
	}
	return now.Nano() < until
}

func readGates() *pb.HealthResponse {
	var file struct {
		Node     string
		IsActive bool
		Gates    []struct {
			Name   string
			IsOpen bool
			Why    string
		}
	}
	answer := &pb.HealthResponse{Node: os.Getenv("NODE_NAME")}
	text, err := os.ReadFile(gatesFile)
	if err != nil || json.Unmarshal(text, &file) != nil {
		return answer
	}
	answer.IsActive = file.IsActive
	for _, gate := range file.Gates {
		answer.Gates = append(answer.Gates, &pb.Gate{Name: gate.Name, IsOpen: gate.IsOpen, Why: gate.Why})
	}
	return answer
}
