package main

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"connectrpc.com/connect"

	pb "example/bsfg/gen"
	"example/bsfg/gen/genconnect"
)

// The other zone of a pair. The active controller pulls its facts, and fetches artifacts from it.
type peerZone struct{ name, address string }

const pullSize = 500

type peer struct {
	zone     peerZone
	own      *service
	client   genconnect.BsfgServiceClient
	position *position
	revision uint64
	// Message ids that are stored here. Known while everything is read again.
	ids map[string]bool
}

// How far this zone has read the peer's log. It is void for another log on either side.
type position struct {
	PeerLog  string `json:"peerLog"`
	OwnLog   string `json:"ownLog"`
	Offset   uint64 `json:"offset"`
	IsReplay bool   `json:"isReplay"`
}

// Of `<identity>=VIP:port`; nothing in a zone without a peer.
func peerOf(endpoints string) (*x509.CertPool, peerZone) {
	name, address, found := strings.Cut(endpoints, "=")
	if !found {
		return nil, peerZone{}
	}
	return pem("peer-ca.crt"), peerZone{name, address}
}

func newPeer(zone peerZone, _, authority *x509.CertPool, own *service) *peer {
	host, _, _ := net.SplitHostPort(os.Getenv("BIND_ADDRESS"))
	certificate, err := tls.LoadX509KeyPair(certificates+"server.crt", certificates+"server.key")
	if err != nil {
		log.Fatalf("ALARM: %v", err)
	}
	// From VIP to VIP: the peer answers no other address.
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}, Timeout: 3 * time.Second}
	transport := &http.Transport{
		DialContext:       dialer.DialContext,
		ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{
			ServerName: zone.name, RootCAs: authority, Certificates: []tls.Certificate{certificate},
			MinVersion: tls.VersionTLS12,
		},
	}
	client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	return &peer{
		zone: zone, own: own,
		client: genconnect.NewBsfgServiceClient(client, "https://"+zone.address, connect.WithGRPC()),
	}
}

// For ever. No error of the peer ends it.
func (p *peer) pull(ctx context.Context) {
	said := ""
	for {
		wait := 300 * time.Millisecond
		if mayAct() {
			isMore, err := p.round(ctx)
			if err != nil {
				// How much of the round was done is unknown: begin at the stored position again.
				p.position = nil
				if err.Error() != said {
					said = err.Error()
					log.Printf("cannot pull from %s: %v", p.zone.name, err)
				}
			} else if isMore {
				continue
			} else {
				wait = 100 * time.Millisecond
			}
		}
		time.Sleep(wait)
	}
}

// One page. Whether there may be more.
func (p *peer) round(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if p.position == nil {
		if err := p.readPosition(ctx); err != nil {
			return false, err
		}
	}
	at := p.position
	if at.IsReplay && p.ids == nil {
		if err := p.learnIDs(ctx); err != nil {
			return false, err
		}
	}
	answer, err := p.client.FetchFacts(ctx, connect.NewRequest(&pb.FetchFactsRequest{ConsumerName: p.reader(at), Limit: pullSize}))
	if err != nil {
		return false, err
	}
	if answer.Msg.LogId != at.PeerLog {
		p.position = &position{PeerLog: answer.Msg.LogId, OwnLog: at.OwnLog, IsReplay: true}
		return true, nil
	}
	facts := answer.Msg.Facts
	fresh := slices.DeleteFunc(slices.Clone(facts), func(one *pb.StoredFact) bool { return one.Offset <= at.Offset })
	if err := p.storeAll(ctx, fresh); err != nil {
		return false, err
	}
	if len(fresh) > 0 {
		at.Offset = fresh[len(fresh)-1].Offset
	}
	if len(facts) > 0 {
		if err := p.note(ctx, at); err != nil {
			return false, err
		}
	}
	if at.IsReplay && len(facts) < pullSize {
		ended := *at
		ended.IsReplay = false
		if err := p.note(ctx, &ended); err != nil {
			return false, err
		}
		p.position, p.ids = &ended, nil
	}
	return len(facts) > 0, nil
}

// Many at a time, so that a page waits for a quorum a few times only. All of them, or the page counts as not stored.
func (p *peer) storeAll(ctx context.Context, facts []*pb.StoredFact) error {
	for part := range slices.Chunk(facts, windowSize) {
		failures := make([]error, len(part))
		var group sync.WaitGroup
		for place, one := range part {
			group.Add(1)
			go func() {
				defer group.Done()
				failures[place] = p.store(ctx, one)
			}()
		}
		group.Wait()
		if err := errors.Join(failures...); err != nil {
			return err
		}
	}
	return nil
}

func (p *peer) store(ctx context.Context, one *pb.StoredFact) error {
	envelope := one.Envelope
	if envelope == nil || one.Fact == nil {
		return fmt.Errorf("fact %d of the peer has no envelope", one.Offset)
	}
	if envelope.FromZone != p.zone.name && !(p.position.IsReplay && envelope.FromZone == p.own.zone) {
		return fmt.Errorf("the peer offers a fact of %s", envelope.FromZone)
	}
	if err := p.fetchNamed(ctx, one.Fact.ObjectJson); err != nil {
		return err
	}
	if p.ids[envelope.MessageId] {
		return nil
	}
	if !mayAct() {
		return fmt.Errorf("this node is not active")
	}
	subject := "facts.operational." + token(one.Fact.Subject) + ".via." + p.zone.name
	_, err := p.own.put(ctx, subject, &pb.AppendFactRequest{Envelope: envelope, Fact: one.Fact})
	if connect.CodeOf(err) == connect.CodeAlreadyExists {
		// It can never be stored. Later facts can.
		log.Printf("ALARM: %s of %s is another fact here", envelope.MessageId, p.zone.name)
		return nil
	}
	return err
}

// Here first, because the peer may forget what is confirmed.
func (p *peer) note(ctx context.Context, at *position) error {
	text, _ := json.Marshal(at)
	headers := map[string]string{"Nats-Expected-Last-Subject-Sequence": fmt.Sprint(p.revision)}
	ack, err := p.own.store.publish(ctx, "cursors.pulled."+p.zone.name, text, headers)
	if err != nil {
		return err
	}
	p.revision = ack.Sequence
	_, err = p.client.ConfirmReceipt(ctx, connect.NewRequest(&pb.ConfirmReceiptRequest{ConsumerName: p.reader(at), Offset: at.Offset}))
	return err
}

func (p *peer) readPosition(ctx context.Context) error {
	own, err := p.own.logID(ctx)
	if err != nil {
		return err
	}
	there, err := p.own.store.get(ctx, "cursors", map[string]any{"last_by_subj": "cursors.pulled." + p.zone.name})
	if err != nil {
		return err
	}
	p.position, p.revision = &position{OwnLog: own, IsReplay: true}, 0
	if there == nil {
		return nil
	}
	p.revision = there.Sequence
	var noted position
	if err := json.Unmarshal(there.Data, &noted); err != nil {
		return err
	}
	if noted.OwnLog == own {
		p.position = &noted
	}
	return nil
}

func (p *peer) learnIDs(ctx context.Context) error {
	last, err := p.own.store.lastSequence(ctx, factStream)
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for next := uint64(1); next <= last; next += windowSize {
		window, err := p.own.window(ctx, next, min(windowSize, int(last-next)+1))
		if err != nil {
			return err
		}
		for _, one := range window {
			if one != nil {
				ids[header(one.Headers, "Nats-Msg-Id")] = true
			}
		}
	}
	p.ids = ids
	return nil
}

// A new log on either side makes a new reader from the beginning.
func (p *peer) reader(at *position) string {
	sum := sha256.Sum256([]byte(at.OwnLog + "\n" + at.PeerLog))
	name := p.own.zone + "." + hex.EncodeToString(sum[:])[:12]
	if at.IsReplay {
		name += ".all"
	}
	return name
}

// The artifact that a fact names, if this node lacks it.
func (p *peer) fetchNamed(ctx context.Context, object string) error {
	var named struct {
		Artifact *struct{ Bucket, Key, Digest string }
	}
	if json.Unmarshal([]byte(object), &named) != nil || named.Artifact == nil {
		return nil
	}
	one := named.Artifact
	if _, err := p.own.artifacts.get(one.Bucket, one.Key); err == nil {
		return nil
	}
	_, err := p.fetchArtifact(ctx, one.Bucket, one.Key, one.Digest)
	if connect.CodeOf(err) == connect.CodeNotFound {
		return nil
	}
	return err
}

func (p *peer) fetchArtifact(ctx context.Context, bucket, key, digest string) ([]byte, error) {
	answer, err := p.client.GetObject(ctx, connect.NewRequest(&pb.GetObjectRequest{Bucket: bucket, Key: key}))
	if err != nil {
		if connect.CodeOf(err) == connect.CodeNotFound {
			return nil, failure(connect.CodeNotFound, "neither zone has "+bucket+"/"+key)
		}
		return nil, failure(connect.CodeUnavailable, "the peer cannot be asked: "+err.Error())
	}
	content := answer.Msg.Content
	actual := hexDigest(content)
	if actual != answer.Msg.Digest || digest != "" && actual != digest {
		return nil, failure(connect.CodeDataLoss, "the peer's artifact has the digest "+actual)
	}
	_, err = p.own.artifacts.put(bucket, key, content)
	return content, err
}
