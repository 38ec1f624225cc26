package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"ann2snn/ir"
	"ann2snn/snn"
)

// The kinds of files that commands read.
const (
	kindModel   = "onnx"
	kindNetwork = "snn"
	kindProfile = "profile"
)

// sniff returns the kind of a file and its first bytes. An ONNX file does not begin with a
// mark: a file of no other kind is taken for one.
func sniff(path string) (kind string, head []byte, err error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "", nil, fmt.Errorf("%s is a folder, not a file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", nil, fileError(path, err)
	}
	defer f.Close()
	head = make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", nil, fileError(path, err)
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("\x89SNN")):
		return kindNetwork, head, nil
	case bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("{")):
		return kindProfile, head, nil
	}
	return kindModel, head, nil
}

// loadNetwork reads an .snn file.
func loadNetwork(path string) (*snn.Network, error) {
	if err := expect(path, kindNetwork); err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return decodeNetwork(path, b)
}

func decodeNetwork(path string, b []byte) (*snn.Network, error) {
	n, err := snn.Decode(b)
	if errors.Is(err, snn.ErrDamaged) {
		return nil, hintf(fmt.Errorf("%s: %w", path, err), "copy it again, or convert its model anew")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

// mapNetwork is loadNetwork with the file mapped into memory, to keep the peak of memory
// low: the file must not change while the network is in use. drop releases the pages that
// were read so far.
func mapNetwork(path string) (n *snn.Network, drop func(), err error) {
	if err := expect(path, kindNetwork); err != nil {
		return nil, nil, err
	}
	b, drop, err := mapFile(path)
	if err != nil {
		return nil, nil, err
	}
	n, err = decodeNetwork(path, b)
	return n, drop, err
}

// readWhole is mapFile where files cannot be mapped.
func readWhole(path string) (b []byte, drop func(), err error) {
	b, err = os.ReadFile(path)
	return b, func() {}, err
}

// document is JSON out of a file, left out where it is malformed.
func document(b []byte) json.RawMessage {
	if !json.Valid(b) {
		return nil
	}
	return b
}

// checkModel makes sure that a network or profile was made from the model g.
func checkModel(what, path, sum string, g *ir.Graph) error {
	if sum == g.Source.SHA256 {
		return nil
	}
	return hintf(fmt.Errorf("%s %s was made from another model than %s (SHA-256 %.12s..., not %.12s...)",
		what, path, g.Source.Path, sum, g.Source.SHA256), "convert or calibrate %s anew", g.Source.Path)
}
