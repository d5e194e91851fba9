// The certificate gate: does the certificate on the disk satisfy the policy of the zone?

package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"time"
)

const certificateFolder = "/etc/bsfg/tls/"

// Empty when all is well. Begins with "warn" when the policy lets it pass.
func certificateTrouble(now time.Time) string {
	pair, err := tls.LoadX509KeyPair(certificateFolder+"server.crt", certificateFolder+"server.key")
	if err != nil {
		return err.Error()
	}
	authorities, err := readAll(certificateFolder + "ca.crt")
	if err != nil {
		return err.Error()
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return err.Error()
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, one := range authorities {
		roots.AddCert(one)
	}
	for _, text := range pair.Certificate[1:] {
		if one, err := x509.ParseCertificate(text); err == nil {
			between.AddCert(one)
		}
	}
	verify := func(at time.Time) error {
		_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at,
			KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		return err
	}
	if err := verify(now); err != nil {
		return err.Error()
	}
	// The whole path must outlive the threshold, because a client refuses a path with one expired certificate.
	days := number("CERTIFICATE_MIN_DAYS", 30)
	if verify(now.AddDate(0, 0, days)) == nil {
		return ""
	}
	why := fmt.Sprintf("less than %d days left, until %s", days, leaf.NotAfter.Format(time.DateOnly))
	if os.Getenv("CERTIFICATE_POLICY") == "warn" {
		return "warn: " + why
	}
	return why
}

func readAll(path string) ([]*x509.Certificate, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	all := []*x509.Certificate{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
