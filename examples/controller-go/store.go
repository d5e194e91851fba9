package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"connectrpc.com/connect"
	"github.com/nats-io/nats.go"
)

// JetStream over its own API. Every answer comes from the stream's leader, and nothing is answered from memory.
type store struct{ nc *nats.Conn }

// Codes of JetStream's errors.
const (
	noMessage         = 10037
	wrongLastSequence = 10071
)

type apiError struct {
	Code        int    `json:"err_code"`
	Description string `json:"description"`
}

func (e *apiError) Error() string { return e.Description }

type stored struct {
	Sequence uint64 `json:"seq"`
	Subject  string `json:"subject"`
	Headers  []byte `json:"hdrs"`
	Data     []byte `json:"data"`
}

func connectStore(url string) *store {
	nc, err := nats.Connect(url,
		nats.Name("controller"), nats.NoEcho(), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1),
		nats.ReconnectWait(200*time.Millisecond), nats.PingInterval(2*time.Second), nats.MaxPingsOutstanding(2),
		// What cannot be sent now is refused, and not sent later.
		nats.ReconnectBufSize(-1),
	)
	if err != nil {
		log.Fatalf("ALARM: %v", err)
	}
	return &store{nc}
}

func (s *store) ask(ctx context.Context, api string, body, answer any) error {
	text, _ := json.Marshal(body)
	reply, err := s.nc.RequestWithContext(ctx, "$JS.API."+api, text)
	if err != nil {
		return err
	}
	return read(reply.Data, answer)
}

func read(text []byte, answer any) error {
	var failed struct{ Error *apiError }
	if err := json.Unmarshal(text, &failed); err != nil {
		return err
	}
	if failed.Error != nil {
		return failed.Error
	}
	return json.Unmarshal(text, answer)
}

type acknowledgement struct {
	Sequence    uint64 `json:"seq"`
	IsDuplicate bool   `json:"duplicate"`
}

// Tried again while no leader listens: then the message is certainly not stored.
func (s *store) publish(ctx context.Context, subject string, data []byte, headers map[string]string) (acknowledgement, error) {
	message := nats.NewMsg(subject)
	message.Data = data
	for name, value := range headers {
		message.Header.Set(name, value)
	}
	for {
		reply, err := s.nc.RequestMsgWithContext(ctx, message)
		if err == nil {
			var ack acknowledgement
			err = read(reply.Data, &ack)
			return ack, err
		}
		if !errors.Is(err, nats.ErrNoResponders) {
			return acknowledgement{}, err
		}
		select {
		case <-ctx.Done():
			return acknowledgement{}, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (s *store) get(ctx context.Context, stream string, where map[string]any) (*stored, error) {
	var answer struct{ Message stored }
	err := s.ask(ctx, "STREAM.MSG.GET."+stream, where, &answer)
	var api *apiError
	if errors.As(err, &api) && api.Code == noMessage {
		return nil, nil
	}
	return &answer.Message, err
}

func (s *store) lastSequence(ctx context.Context, stream string) (uint64, error) {
	var answer struct {
		State struct {
			Last uint64 `json:"last_seq"`
		}
	}
	err := s.ask(ctx, "STREAM.INFO."+stream, nil, &answer)
	return answer.State.Last, err
}

// After a refusal or a silence of the store it is unknown what happened. These codes say so.
func storeFailure(err error) error {
	var answered *connect.Error
	if err == nil || errors.As(err, &answered) {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) {
		return failure(connect.CodeDeadlineExceeded, "the store did not acknowledge in time")
	}
	return failure(connect.CodeUnavailable, fmt.Sprintf("store: %v", err))
}

func failure(code connect.Code, why string) error { return connect.NewError(code, errors.New(why)) }
