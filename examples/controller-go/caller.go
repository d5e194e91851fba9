package main

import (
	"context"
	"crypto/x509"
	"net/http"
	"slices"
	"strings"

	"connectrpc.com/connect"
)

// Who calls, as the certificate says.
type caller struct {
	names  []string
	isPeer bool
}

type callerKey struct{}

// Puts the caller into the context. The peer's authority certifies the peer only; the zone's own, everybody else.
func withCaller(next http.Handler, peerZone string, peerAuthority *x509.CertPool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		certificate := r.TLS.PeerCertificates[0]
		names := append([]string{certificate.Subject.CommonName}, certificate.DNSNames...)
		one := caller{names: names}
		if peerAuthority != nil {
			_, err := certificate.Verify(x509.VerifyOptions{
				Roots: peerAuthority, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
			})
			one.isPeer = err == nil
			one.names = slices.DeleteFunc(names, func(name string) bool { return (name == peerZone) != one.isPeer })
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, one)))
	})
}

// The caller, if it is of this zone or its peer.
func (s *service) callerOf(ctx context.Context) (caller, error) {
	one, _ := ctx.Value(callerKey{}).(caller)
	if one.isPeer && len(one.names) > 0 || !one.isPeer && slices.Contains(one.names, s.zone) {
		return one, nil
	}
	return one, refused("the caller is not of this zone")
}

// A peer zone reads and writes nothing here.
func (s *service) ownCaller(ctx context.Context) (caller, error) {
	one, err := s.callerOf(ctx)
	if err == nil && one.isPeer {
		err = refused("a peer zone reads and does not write")
	}
	return one, err
}

// Only a zone itself reads under its own name `<zone>.<generation>`, because cursors never go back.
func (s *service) reader(ctx context.Context, name string) (caller, error) {
	one, err := s.callerOf(ctx)
	if err != nil {
		return one, err
	}
	zone, _, isZone := strings.Cut(name, ".")
	if one.isPeer != isZone || isZone && !slices.Contains(one.names, zone) {
		return one, refused("the caller may not read as " + name)
	}
	return one, nil
}

func refused(why string) error { return failure(connect.CodePermissionDenied, why) }
