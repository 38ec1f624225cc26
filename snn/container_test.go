package snn

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sectionsOf returns the sections of a conformance vector, to be tampered with.
func sectionsOf(t *testing.T) []section {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "float.snn"))
	if err != nil {
		t.Fatal(err)
	}
	sections, err := unpackSections(b)
	if err != nil {
		t.Fatal(err)
	}
	if got := packSections(sections); !bytes.Equal(got, b) {
		t.Fatal("packing what was unpacked gives another file")
	}
	return sections
}

// field returns a field with a value.
func field(tag, flags uint16, value ...byte) []byte {
	b := make([]byte, fieldHeader, fieldHeader+len(value))
	put16(b, tag)
	put16(b[2:], flags)
	put32(b[4:], uint32(len(value)))
	return append(b, value...)
}

// TestDecodeNewer: what a later version may add is skipped unless it is critical.
func TestDecodeNewer(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(s []section) []section
		want   string // of the error; none where empty
	}{
		{"unknown field", func(s []section) []section {
			s[0].body = append(slices.Clip(s[0].body), field(99, 0, 1, 2, 3)...)
			return s
		}, ""},
		{"unknown critical field", func(s []section) []section {
			s[0].body = append(slices.Clip(s[0].body), field(99, criticalFlag)...)
			return s
		}, "a field marked critical is not known"},
		{"unknown section", func(s []section) []section {
			return slices.Insert(s, 1, section{kind: 77, body: []byte("later")})
		}, ""},
		{"unknown critical section", func(s []section) []section {
			return append(s, section{kind: 77, critical: true, body: []byte("later")})
		}, "a section that this version does not know"},
		{"no optional section", func(s []section) []section { return s[:2] }, ""},
		{"no data", func(s []section) []section { return s[:1] }, "an array lies outside its place"},
		{"no graph", func(s []section) []section { return s[1:] }, "steps must be"},
		{"a section twice", func(s []section) []section { return append(s, s[1]) }, "a section occurs twice"},
	} {
		_, err := Decode(packSections(c.change(sectionsOf(t))))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
		if later := strings.Contains(c.name, "critical"); errors.Is(err, ErrNewer) != later {
			t.Errorf("%s: %v asks for a newer version, want %v", c.name, err, later)
		}
	}
}

// TestReader reads broken messages, of which network fields are read.
func TestReader(t *testing.T) {
	eight := []byte{1, 0, 0, 0, 0, 0, 0, 0}
	for _, c := range []struct {
		name  string
		graph []byte
		want  string
	}{
		{"short header", []byte{1, 0, 0}, "a field is cut off"},
		{"short value", field(1, 0, eight...)[:12], "a field is cut off"},
		{"tag 0", field(0, 0), "fields are out of order"},
		{"falling tags", append(field(3, 0, eight...), field(1, 0, eight...)...), "fields are out of order"},
		{"a field twice", append(field(1, 0, eight...), field(1, 0, eight...)...), "fields are out of order"},
		{"half an integer", field(1, 0, 1, 2, 3, 4), "a list of integers is cut off"},
		{"two integers for one", field(1, 0, append(eight, eight...)...), "wrong number of integers"},
		{"an integer too large", field(2, 0, 0, 1, 0, 0, 0, 0, 0, 0), "an integer is out of range"},
		{"short list", field(6, 0, 1, 0), "a list is cut off"},
		{"short item", field(6, 0, 9, 0, 0, 0, 1), "a list is cut off"},
		{"a layer without an operator", field(6, 0, append([]byte{8, 0, 0, 0}, field(2, 0)...)...), "does not know"},
	} {
		_, err := Decode(packSections([]section{{kind: sectionGraph, critical: true, body: c.graph}}))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// TestReaderArrays: arrays follow one another, so that a small file cannot use its data
// many times over.
func TestReaderArrays(t *testing.T) {
	place := func(tag uint16, at, size uint64) []byte {
		value := make([]byte, 16)
		put64(value, at)
		put64(value[8:], size)
		return field(tag, 0, value...)
	}
	data := make([]byte, 200)
	for _, c := range []struct {
		name  string
		graph []byte
		ok    bool
	}{
		{"one after the other", append(place(1, 0, 64), place(2, 64, 100)...), true},
		{"with a gap", append(place(1, 0, 60), place(2, 128, 72)...), true},
		{"twice the same", append(place(1, 0, 64), place(2, 0, 64)...), false},
		{"overlapping", append(place(1, 0, 68), place(2, 64, 64)...), false},
		{"not aligned", place(1, 4, 64), false},
		{"too long", place(1, 64, 137), false},
		{"far away", place(1, 1<<63, 4), false},
		{"of enormous length", place(1, 64, 1<<64-1), false},
		{"half an element", place(1, 0, 63), false},
		{"no place", field(1, 0, 1, 2, 3), false},
	} {
		r := &reader{rest: c.graph, file: &fileReader{data: data}}
		var a, b []float32
		array(r, 1, &a)
		array(r, 2, &b)
		if r.finish(); (r.file.err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, r.file.err)
		}
	}
}

func TestSwapped(t *testing.T) {
	b := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	for size, want := range map[int][]byte{1: b, 2: {2, 1, 4, 3, 6, 5, 8, 7}, 4: {4, 3, 2, 1, 8, 7, 6, 5}} {
		if got := swapped(b, size); !bytes.Equal(got, want) {
			t.Errorf("elements of %d bytes: %v, want %v", size, got, want)
		}
	}
}

// TestCalibratedDamaged: a list of hashes that is cut off, or of another length than it says, is
// refused though its checksum is right.
func TestCalibratedDamaged(t *testing.T) {
	for _, body := range [][]byte{{1, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0}, make([]byte, 16)} {
		b := packSections(append(sectionsOf(t), section{kind: sectionCalibrated, body: body}))
		if _, err := Decode(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("% x: %v", body, err)
		}
	}
}

// TestSectionsAreSpecified: doc.go has every kind of section.
func TestSectionsAreSpecified(t *testing.T) {
	b, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := "kind: 1 graph, 2 data, 3 preprocessing (JSON), 4 conversion record (JSON),\n//\t              5 calibration samples\n"
	if !strings.Contains(string(b), kinds) || lastSection != 5 {
		t.Errorf("the kinds of sections end at %d, in doc.go they are others", lastSection)
	}
}
