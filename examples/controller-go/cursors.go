package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strconv"

	"connectrpc.com/connect"
)

// How far a consumer has confirmed, and the revision of that; zero for an unknown one.
func (s *service) cursor(ctx context.Context, consumer string) (offset, revision uint64, err error) {
	if !consumerShape.MatchString(consumer) {
		return 0, 0, failure(connect.CodeInvalidArgument, "consumer_name must match [A-Za-z0-9_-]{1,64}")
	}
	if at, isKnown := s.confirmed.Load(consumer); isKnown {
		return at.(uint64), 0, nil
	}
	there, err := s.store.get(ctx, "cursors", map[string]any{"last_by_subj": "cursors." + consumer})
	if err != nil || there == nil {
		return 0, 0, err
	}
	offset, err = strconv.ParseUint(string(there.Data), 10, 64)
	return offset, there.Sequence, err
}

// Moves a cursor forward by compare-and-set, so it never goes back. Its position.
func (s *service) advance(ctx context.Context, consumer string, offset uint64) (uint64, error) {
	if wrong == "confirms-in-memory" {
		before, _ := s.confirmed.Load(consumer)
		at, _ := before.(uint64)
		s.confirmed.Store(consumer, max(at, offset))
		return max(at, offset), nil
	}
	for range 5 {
		at, revision, err := s.cursor(ctx, consumer)
		if err != nil || at >= offset {
			return at, err
		}
		isWritten, err := s.compareAndSet(ctx, "cursors."+consumer, strconv.FormatUint(offset, 10), revision)
		if err != nil || isWritten {
			return offset, err
		}
	}
	return 0, failure(connect.CodeAborted, "other callers move this cursor all the time")
}

func (s *service) compareAndSet(ctx context.Context, subject, text string, revision uint64) (bool, error) {
	expected := map[string]string{"Nats-Expected-Last-Subject-Sequence": strconv.FormatUint(revision, 10)}
	_, err := s.store.publish(ctx, subject, []byte(text), expected)
	var api *apiError
	if errors.As(err, &api) && api.Code == wrongLastSequence {
		return false, nil
	}
	return err == nil, err
}

// The id of the zone's log. The first one that asks draws it.
func (s *service) logID(ctx context.Context) (string, error) {
	const subject = "lease.log"
	for range 5 {
		there, err := s.store.get(ctx, "lease", map[string]any{"last_by_subj": subject})
		if err != nil {
			return "", err
		}
		if there != nil {
			return string(there.Data), nil
		}
		drawn := make([]byte, 16)
		rand.Read(drawn)
		if _, err := s.compareAndSet(ctx, subject, hex.EncodeToString(drawn), 0); err != nil {
			return "", err
		}
	}
	return "", failure(connect.CodeAborted, "the id of the log cannot be drawn")
}
