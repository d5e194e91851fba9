package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	pb "example/bsfg/gen"
)

const (
	factStream = "facts_operational"
	pageMax    = 500
	windowSize = 64
)

type service struct {
	zone      string
	store     *store
	artifacts *artifactFolder
	peer      *peer
	// Cursors in memory, for the variant that never stores them. Empty in a right controller.
	confirmed sync.Map
}

var identity = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*-bsfg$`)
var notToken = regexp.MustCompile(`[^A-Za-z0-9_-]`)
var consumerShape = regexp.MustCompile(`^([A-Za-z0-9_-]{1,64}|[a-z0-9][a-z0-9-]*-bsfg\.[0-9a-f]{12}(\.all)?)$`)

// Runs a call on the active node only, and checks again before it answers: the node may have been frozen meanwhile.
func active[T any](ctx context.Context, act func(context.Context) (*T, error)) (*connect.Response[T], error) {
	if !mayAct() && wrong != "reads-after-loss" {
		return nil, failure(connect.CodeFailedPrecondition, "this node is not active")
	}
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	answer, err := act(ctx)
	if err != nil {
		return nil, storeFailure(err)
	}
	if !mayAct() && wrong != "reads-after-loss" {
		return nil, failure(connect.CodeUnavailable, "this node stopped being active during the call")
	}
	return connect.NewResponse(answer), nil
}

func (s *service) AppendFact(ctx context.Context, r *connect.Request[pb.AppendFactRequest]) (*connect.Response[pb.AppendFactResponse], error) {
	return active(ctx, func(ctx context.Context) (*pb.AppendFactResponse, error) {
		one, err := s.ownCaller(ctx)
		if err != nil {
			return nil, err
		}
		if err := validate(r.Msg, one.names); err != nil {
			return nil, err
		}
		subject := "facts.operational." + token(r.Msg.Fact.Subject)
		offset, err := s.put(ctx, subject, r.Msg)
		return &pb.AppendFactResponse{Offset: offset}, err
	})
}

// Puts a fact if it is absent. The offset, once a quorum has it; the earlier one of a repeat.
func (s *service) put(ctx context.Context, subject string, request *pb.AppendFactRequest) (uint64, error) {
	payload, err := proto.Marshal(request)
	if err != nil {
		return 0, err
	}
	digest := digestOf(request.Fact)
	headers := map[string]string{"Nats-Msg-Id": request.Envelope.MessageId, "Bsfg-Digest": digest}
	if wrong == "acknowledges-early" {
		last, err := s.store.lastSequence(ctx, factStream)
		go s.store.publish(context.Background(), subject, payload, headers)
		return last + 1, err
	}
	ack, err := s.store.publish(ctx, subject, payload, headers)
	if err != nil || !ack.IsDuplicate {
		return ack.Sequence, err
	}
	there, err := s.store.get(ctx, factStream, map[string]any{"seq": ack.Sequence})
	if err == nil && there != nil && header(there.Headers, "Bsfg-Digest") != digest {
		err = failure(connect.CodeAlreadyExists, "another fact has that message id")
	}
	return ack.Sequence, err
}

func (s *service) FetchFacts(ctx context.Context, r *connect.Request[pb.FetchFactsRequest]) (*connect.Response[pb.FetchFactsResponse], error) {
	return active(ctx, func(ctx context.Context) (*pb.FetchFactsResponse, error) {
		name := r.Msg.ConsumerName
		one, err := s.reader(ctx, name)
		if err != nil {
			return nil, err
		}
		after, _, err := s.cursor(ctx, name)
		if err != nil {
			return nil, err
		}
		isEach := !one.isPeer || strings.HasSuffix(name, ".all")
		facts, err := s.page(ctx, after, min(int(r.Msg.Limit), pageMax), isEach)
		if err != nil {
			return nil, err
		}
		id, err := s.logID(ctx)
		return &pb.FetchFactsResponse{Facts: facts, LogId: id}, err
	})
}

// Up to `limit` facts after an offset, in order; only those that were appended here unless `isEach`.
func (s *service) page(ctx context.Context, after uint64, limit int, isEach bool) ([]*pb.StoredFact, error) {
	last, err := s.store.lastSequence(ctx, factStream)
	if err != nil {
		return nil, err
	}
	facts := []*pb.StoredFact{}
	for next := after + 1; next <= last && len(facts) < limit; {
		count := min(windowSize, int(last-next)+1)
		window, err := s.window(ctx, next, count)
		if err != nil {
			return nil, err
		}
		for _, one := range window {
			if one != nil && (isEach || strings.Count(one.Subject, ".") == 2) && len(facts) < limit {
				fact, err := factOf(one)
				if err != nil {
					return nil, err
				}
				facts = append(facts, fact)
			}
		}
		next += uint64(count)
	}
	return facts, nil
}

func (s *service) window(ctx context.Context, first uint64, count int) ([]*stored, error) {
	found := make([]*stored, count)
	failures := make([]error, count)
	var group sync.WaitGroup
	for place := range count {
		group.Add(1)
		go func() {
			defer group.Done()
			where := map[string]any{"seq": first + uint64(place)}
			found[place], failures[place] = s.store.get(ctx, factStream, where)
		}()
	}
	group.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func factOf(one *stored) (*pb.StoredFact, error) {
	var request pb.AppendFactRequest
	err := proto.Unmarshal(one.Data, &request)
	return &pb.StoredFact{Offset: one.Sequence, Envelope: request.Envelope, Fact: request.Fact}, err
}

func (s *service) ConfirmReceipt(ctx context.Context, r *connect.Request[pb.ConfirmReceiptRequest]) (*connect.Response[pb.ConfirmReceiptResponse], error) {
	return active(ctx, func(ctx context.Context) (*pb.ConfirmReceiptResponse, error) {
		if _, err := s.reader(ctx, r.Msg.ConsumerName); err != nil {
			return nil, err
		}
		last, err := s.store.lastSequence(ctx, factStream)
		if err != nil {
			return nil, err
		}
		if r.Msg.Offset > last {
			return nil, failure(connect.CodeOutOfRange, "the last offset is "+strconv.FormatUint(last, 10))
		}
		offset, err := s.advance(ctx, r.Msg.ConsumerName, r.Msg.Offset)
		return &pb.ConfirmReceiptResponse{Offset: offset}, err
	})
}

func (s *service) PutObject(ctx context.Context, r *connect.Request[pb.PutObjectRequest]) (*connect.Response[pb.PutObjectResponse], error) {
	return active(ctx, func(ctx context.Context) (*pb.PutObjectResponse, error) {
		if _, err := s.ownCaller(ctx); err != nil {
			return nil, err
		}
		digest, err := s.artifacts.put(r.Msg.Bucket, r.Msg.Key, r.Msg.Content)
		return &pb.PutObjectResponse{Bucket: r.Msg.Bucket, Key: r.Msg.Key, Digest: digest, Size: uint64(len(r.Msg.Content))}, err
	})
}

func (s *service) GetObject(ctx context.Context, r *connect.Request[pb.GetObjectRequest]) (*connect.Response[pb.GetObjectResponse], error) {
	return active(ctx, func(ctx context.Context) (*pb.GetObjectResponse, error) {
		one, err := s.callerOf(ctx)
		if err != nil {
			return nil, err
		}
		content, err := s.artifacts.get(r.Msg.Bucket, r.Msg.Key)
		// A request of the peer is never passed back to the peer: two zones would ask each other for ever.
		if s.peer != nil && !one.isPeer && connect.CodeOf(err) == connect.CodeNotFound {
			content, err = s.peer.fetchArtifact(ctx, r.Msg.Bucket, r.Msg.Key, "")
		}
		return &pb.GetObjectResponse{Content: content, Digest: hexDigest(content)}, err
	})
}

func (s *service) Health(context.Context, *connect.Request[pb.HealthRequest]) (*connect.Response[pb.HealthResponse], error) {
	health := readGates()
	health.IsActive = health.IsActive && mayAct()
	return connect.NewResponse(health), nil
}

func validate(r *pb.AppendFactRequest, names []string) error {
	envelope, fact := r.Envelope, r.Fact
	invalid := func(why string) error { return failure(connect.CodeInvalidArgument, why) }
	if envelope == nil || fact == nil {
		return invalid("envelope and fact are both needed")
	}
	id := envelope.MessageId
	if id == "" || len(id) > 256 || strings.ContainsAny(id, "\r\n") {
		return invalid("message_id must have 1 to 256 characters and no line break")
	}
	if envelope.FromZone == "" || envelope.ToZone == "" || envelope.ProducedAtUnixMs <= 0 {
		return invalid("from_zone, to_zone and produced_at_unix_ms are needed")
	}
	if fact.Subject == "" || fact.Predicate == "" || !json.Valid([]byte(fact.ObjectJson)) {
		return invalid("subject, predicate and JSON in object_json are needed")
	}
	if !slices.Contains(names, envelope.FromZone) || !identity.MatchString(envelope.FromZone) {
		return refused("the caller may not speak for " + envelope.FromZone)
	}
	return nil
}

// SHA-256 over subject, predicate and object, one a line, as the node contract says.
func digestOf(fact *pb.Fact) string {
	return hexDigest([]byte(fact.Subject + "\n" + fact.Predicate + "\n" + fact.ObjectJson))
}

func hexDigest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func token(subject string) string {
	text := notToken.ReplaceAllString(subject, "_")
	return text[:min(len(text), 128)]
}

// One header of a raw block.
func header(block []byte, name string) string {
	for _, line := range strings.Split(string(block), "\r\n") {
		if key, value, found := strings.Cut(line, ":"); found && strings.EqualFold(key, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
