// A BSFG controller that shares no line with the reference node. It is written in another language, and built from
// Debian's packages. It serves bsfg.proto on BIND_ADDRESS, keeps facts and cursors in the zone's JetStream, and keeps
// artifacts in /artifacts.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example/bsfg/gen/genconnect"
)

// Set by the build. Empty in a right controller; else the one thing that is wrong with it.
var wrong string

const certificates = "/certs/"

func main() {
	log.SetFlags(0)
	log.SetPrefix("bsfg: ")
	stopOnSignal()
	authority := pem("ca.crt")
	peerAuthority, peerZone := peerOf(os.Getenv("PEER_ENDPOINTS"))
	store := connectStore(os.Getenv("JETSTREAM_URL"))
	artifacts := &artifactFolder{root: "/artifacts"}
	service := &service{zone: os.Getenv("ZONE_ID"), store: store, artifacts: artifacts}
	if peerZone.name != "" {
		service.peer = newPeer(peerZone, authority, peerAuthority, service)
	}
	path, handler := genconnect.NewBsfgServiceHandler(service)
	mux := http.NewServeMux()
	mux.Handle(path, withCaller(handler, peerZone.name, peerAuthority))
	server := &http.Server{
		Handler:   mux,
		TLSConfig: endpointTLS(authority, peerAuthority),
		// A broken handshake concerns that client only.
		ErrorLog: log.New(discard{}, "", 0),
	}
	listener := listen(os.Getenv("BIND_ADDRESS"))
	if wrong == "second-address" {
		go serveOn(server, listen(secondAddress()))
	}
	if service.peer != nil {
		go service.peer.pull(context.Background())
	}
	serveOn(server, listener)
}

func serveOn(server *http.Server, listener net.Listener) {
	log.Printf("listening on %s", listener.Addr())
	log.Fatal(server.ServeTLS(listener, certificates+"server.crt", certificates+"server.key"))
}

func listen(address string) net.Listener {
	listener, err := net.Listen("tcp4", address)
	if err != nil {
		log.Fatalf("ALARM: cannot listen on %s: %v", address, err)
	}
	return listener
}

// The node's own address in the zone, for the variant that listens there too.
func secondAddress() string {
	_, port, _ := net.SplitHostPort(os.Getenv("BIND_ADDRESS"))
	return net.JoinHostPort("0.0.0.0", "1"+port)
}

// Answers that are under way die with the process: a client sees a broken call, never two controllers.
func stopOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		for range signals {
			if wrong != "ignores-sigterm" {
				os.Exit(0)
			}
		}
	}()
}

func pem(name string) *x509.CertPool {
	text, err := os.ReadFile(certificates + name)
	if err != nil {
		log.Fatalf("ALARM: %v", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return pool
}

func endpointTLS(authority, peerAuthority *x509.CertPool) *tls.Config {
	both := authority.Clone()
	if peerAuthority != nil {
		text, _ := os.ReadFile(certificates + "peer-ca.crt")
		both.AppendCertsFromPEM(text)
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		ClientAuth: tls.RequireAndVerifyClientCert,
		ClientCAs:  both,
		// Mozilla Intermediate. TLS 1.3 has its own suites, which are all in it.
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		NextProtos: []string{"h2", "http/1.1"},
	}
}

type discard struct{}

func (discard) Write(text []byte) (int, error) { return len(text), nil }

func withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	// An election of the store takes up to 9 s. Longer than this nobody waits.
	return context.WithTimeout(ctx, 10*time.Second)
}
