package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"ann2snn/importer"
	"ann2snn/internal/budget"
	"ann2snn/internal/infile"
)

// kindNames are the kinds of files as messages call them.
var kindNames = map[string]string{
	kindModel: "an ONNX model", kindNetwork: "a spiking network (.snn)", kindProfile: "a profile",
}

// foreign is a kind of file that no command reads as a network, with what makes one of it.
type foreign struct {
	at   int // where the mark is
	mark string
	is   string
	way  string
}

var foreigns = []foreign{
	{0, "PK\x03\x04", "a zip archive, such as a checkpoint of PyTorch", "torch.onnx.export(model, sample, \"model.onnx\") writes a PyTorch model as ONNX"},
	{0, "\x80\x02", "a pickle of Python, such as a checkpoint of PyTorch", "torch.onnx.export(model, sample, \"model.onnx\") writes a PyTorch model as ONNX"},
	{0, "\x89HDF\r\n", "an HDF5 file, such as a model of Keras", "tf2onnx writes a Keras model as ONNX"},
	{4, "TFL3", "a TensorFlow Lite model", "tf2onnx --tflite writes it as ONNX"},
	{8, "{\"", "a safetensors file, which holds weights without a network", "torch.onnx.export(model, sample, \"model.onnx\") writes a PyTorch model as ONNX"},
	{0, "\x93NUMPY", "a NumPy array", ""},
	{0, "\x89PNG", "a PNG picture", ""},
	{0, "\xff\xd8\xff", "a JPEG picture", ""},
	{0, "\x1f\x8b", "a gzip archive", "gunzip unpacks it"},
	{0, "BZh", "a bzip2 archive", "bunzip2 unpacks it"},
	{0, "version https://git-lfs", "a pointer of Git LFS in place of the file", "git lfs pull fetches the file"},
	{0, "<!DOCTYPE", "a web page", "a download may have failed"},
	{0, "<html", "a web page", "a download may have failed"},
}

// foreignOf is what a file of none of the kinds is by its first bytes, nil if it is not known.
func foreignOf(head []byte) *foreign {
	for i := range foreigns {
		f := &foreigns[i]
		if f.at == 8 && (len(head) < 8 || binary.LittleEndian.Uint64(head) > 1<<32) {
			continue // not the length of safetensors' header
		}
		if len(head) > f.at && bytes.HasPrefix(head[f.at:], []byte(f.mark)) {
			return f
		}
	}
	return nil
}

// isText reports whether a file begins as texts do.
func isText(head []byte) bool {
	for len(head) > utf8.UTFMax {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError || r < ' ' && !strings.ContainsRune("\n\r\t", r) {
			return false
		}
		head = head[n:]
	}
	return true
}

// wrongFileError is a file of another kind than a command takes in that place.
type wrongFileError struct {
	want string // the kind
	error
}

func (e *wrongFileError) Unwrap() error { return e.error }

// expect fails where a file is not of the kind that is wanted. Whether it is an ONNX model
// shows only when it is read.
func expect(path, want string) error {
	kind, head, err := sniff(path)
	if err != nil {
		return err
	}
	other := foreignOf(head)
	if kind == want && (want != kindModel || other == nil) {
		return nil
	}
	is, way := kindNames[kind], ""
	if kind == kindModel {
		switch {
		case other != nil:
			is, way = other.is, other.way
		case isText(head):
			is = "a text"
		case head[0] != modelMark:
			is = ""
		}
	}
	err = fmt.Errorf("%s is not %s", path, kindNames[want])
	if is != "" {
		err = fmt.Errorf("%s is %s, not %s", path, is, kindNames[want])
	}
	switch {
	case want == kindNetwork && is == kindNames[kindModel]:
		way = "ann2snn convert " + path + " makes one of it"
	case want == kindProfile:
		way = "ann2snn calibrate makes a profile of a model and samples"
	case want == kindModel && kind == kindNetwork:
		way = "it is converted already: run, compare, export and bench take it"
	case want == kindModel && kind == kindProfile:
		way = "convert takes it behind --profile, and the model before that"
	}
	if way != "" {
		err = hintf(err, "%s", way)
	}
	return &wrongFileError{want, err}
}

// swapped says so where a file of the wrong kind comes first and the one that is wanted later.
func swapped(err error, later []string) error {
	var wrong *wrongFileError
	if !errors.As(err, &wrong) {
		return err
	}
	for _, path := range later {
		if expect(path, wrong.want) == nil {
			return hintf(err, "%s comes first: %s", kindNames[wrong.want], path)
		}
	}
	return err
}

// modelMark is what ONNX models begin with, as all that write them put the version first.
const modelMark = 0x08

// notModel explains what keeps a file from being read as an ONNX model.
func notModel(path string, err error) error {
	if wants := (*budget.Error)(nil); errors.As(err, &wants) && wants.What == path {
		return err
	}
	if !errors.Is(err, importer.ErrNotONNX) {
		return fmt.Errorf("%s: %w", path, err)
	}
	if _, head, bad := sniff(path); bad == nil && isText(head) {
		return fmt.Errorf("%s is a text, not an ONNX model", path)
	}
	return hintf(fmt.Errorf("%s is not an ONNX model, or is damaged", path), "inspect says what is in a file; a download may be incomplete")
}

// fileError is an error of the file system in words.
func fileError(path string, err error) error {
	var p *fs.PathError
	var kind *infile.KindError
	switch {
	case errors.As(err, &kind):
		return fmt.Errorf("%s %w", path, kind)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s is empty", path)
	case errors.As(err, &p):
		return fmt.Errorf("%s: %w", path, p.Err)
	}
	return err
}
