// Requests to the local nats-server, and the streams of the zone.

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// The node's own server. Every request has a deadline, and is answered by the leader of its stream.
type store struct {
	connection atomic.Pointer[nats.Conn]
	hasStreams atomic.Bool
}

type entry struct {
	revision uint64
	value    claim
}

var errConflict = errors.New("another message is stored")

// Numbers of JetStream's errors.
const (
	streamExists  = 10058
	messageAbsent = 10037
	wrongRevision = 10071
)

func (s *store) isReady() bool { return s.hasStreams.Load() }

func (s *store) join() {
	connection, err := nats.Connect(setting("JETSTREAM_URL"), nats.Name("guard"), nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond), nats.PingInterval(2*time.Second),
		nats.MaxPingsOutstanding(2), nats.ReconnectBufSize(-1))
	if err != nil {
		fatal("ALARM: %v", err)
	}
	s.connection.Store(connection)
	for _, stream := range streams() {
		for {
			err := s.request("STREAM.CREATE."+stream["name"].(string), stream, nil, 3*time.Second)
			if err == nil || codeOf(err) == streamExists {
				break
			}
			time.Sleep(200 * time.Millisecond)
		}
	}
	log.Printf("the streams are there")
	s.hasStreams.Store(true)
}

func streams() []map[string]any {
	window := number("DUPLICATE_WINDOW_MS", 3_600_000)
	facts := func(kind string) map[string]any {
		return map[string]any{"name": "facts_" + kind, "subjects": []string{"facts." + kind + ".>"},
			"duplicate_window": int64(window) * 1e6}
	}
	values := func(name string) map[string]any {
		return map[string]any{"name": name, "subjects": []string{name + ".>"}, "max_msgs_per_subject": 1}
	}
	all := []map[string]any{values(leaseStream), facts("operational"), facts("audit"), values("cursors")}
	for _, each := range all {
		each["storage"], each["retention"], each["discard"] = "file", "limits", "old"
		each["num_replicas"] = 3
	}
	return all
}

type refusal struct {
	Code int    `json:"err_code"`
	Text string `json:"description"`
}

func (r *refusal) Error() string { return fmt.Sprintf("%s (%d)", r.Text, r.Code) }

func codeOf(err error) int {
	var refused *refusal
	if errors.As(err, &refused) {
		return refused.Code
	}
	return 0
}

func (s *store) request(call string, body, answer any, limit time.Duration) error {
	text, _ := json.Marshal(body)
	return s.send(nats.NewMsg("$JS.API."+call), text, answer, limit)
}

func (s *store) send(message *nats.Msg, text []byte, answer any, limit time.Duration) error {
	connection := s.connection.Load()
	if connection == nil || !connection.IsConnected() {
		return errNoAnswer
	}
	message.Data = text
	reply, err := connection.RequestMsg(message, limit)
	if err != nil {
		return fmt.Errorf("%w: %v", errNoAnswer, err)
	}
	var failed struct{ Error *refusal }
	if err := json.Unmarshal(reply.Data, &failed); err != nil {
		return err
	}
	if failed.Error != nil {
		return failed.Error
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(reply.Data, answer)
}

// The last message of a subject; revision 0 when there is none.
func (s *store) last(stream, subject string, limit time.Duration) (entry, error) {
	var answer struct {
		Message struct {
			Seq  uint64
			Data []byte
		}
	}
	err := s.request("STREAM.MSG.GET."+stream, map[string]string{"last_by_subj": subject}, &answer, limit)
	if codeOf(err) == messageAbsent {
		return entry{}, nil
	}
	if err != nil {
		return entry{}, err
	}
	found := entry{revision: answer.Message.Seq}
	return found, json.Unmarshal(answer.Message.Data, &found.value)
}

// Stores a message if `revision` is still the last one of its subject.
func (s *store) put(subject string, text []byte, revision uint64, limit time.Duration) (uint64, error) {
	message := nats.NewMsg(subject)
	message.Header.Set("Nats-Expected-Last-Subject-Sequence", strconv.FormatUint(revision, 10))
	var answer struct{ Seq uint64 }
	err := s.send(message, text, &answer, limit)
	if codeOf(err) == wrongRevision {
		return 0, errConflict
	}
	return answer.Seq, err
}

// Whether the server answers its client, and calls its JetStream healthy. `isDown`: it is certainly not there.
func (s *store) probe(isFirst bool) (isDown bool, err error) {
	connection := s.connection.Load()
	if connection == nil || !connection.IsConnected() {
		return true, errors.New("no connection to the local server")
	}
	if err := connection.FlushTimeout(700 * time.Millisecond); err != nil {
		return false, err
	}
	// Before the gate opens, the server must have caught up with the cluster.
	question := "js-enabled-only"
	if isFirst {
		question = "js-server-only"
	}
	client := http.Client{Timeout: 700 * time.Millisecond}
	answer, err := client.Get("http://127.0.0.1:" + os.Getenv("NATS_MONITOR_PORT") + "/healthz?" + question + "=true")
	if err != nil {
		return false, err
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusOK {
		return true, fmt.Errorf("healthz answers %d", answer.StatusCode)
	}
	return false, nil
}
