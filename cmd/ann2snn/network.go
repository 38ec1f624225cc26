package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"ann2snn/internal/infile"
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
	f, err := infile.Open(path)
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
func loadNetwork(ctx context.Context, path string) (*snn.Network, error) {
	if err := expect(path, kindNetwork); err != nil {
		return nil, err
	}
	b, err := infile.Read(ctx, path)
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
