package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"connectrpc.com/connect"
)

// Artifacts on this node's disk, one file for each key.
type artifactFolder struct{ root string }

var nameShape = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$`)

func (a *artifactFolder) path(bucket, key string) (string, error) {
	if !nameShape.MatchString(bucket) || !nameShape.MatchString(key) {
		return "", failure(connect.CodeInvalidArgument, "bucket and key must match [A-Za-z0-9._-]{1,128}")
	}
	return filepath.Join(a.root, bucket, key), nil
}

// On the disk under its name when this returns: first the content, then the name, then the folder.
func (a *artifactFolder) put(bucket, key string, content []byte) (string, error) {
	path, err := a.path(bucket, key)
	if err != nil {
		return "", err
	}
	if err := write(path, content); err != nil {
		return "", failure(connect.CodeUnavailable, fmt.Sprintf("artifact storage: %v", err))
	}
	return hexDigest(content), nil
}

func write(path string, content []byte) error {
	folder := filepath.Dir(path)
	// Makes the bucket, and never the storage itself: storage that is missing must fail.
	if err := os.Mkdir(folder, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	file, err := os.CreateTemp(folder, ".new-")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return err
	}
	opened, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}

func (a *artifactFolder) get(bucket, key string) ([]byte, error) {
	path, err := a.path(bucket, key)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, failure(connect.CodeNotFound, "no artifact "+bucket+"/"+key+" on this node")
	}
	if err != nil {
		return nil, failure(connect.CodeUnavailable, fmt.Sprintf("artifact storage: %v", err))
	}
	return content, nil
}
