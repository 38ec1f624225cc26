package sampleid

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"testing"

	"ann2snn/preprocess"
)

func reference(parts ...any) ID {
	var b bytes.Buffer
	for _, p := range parts {
		if s, ok := p.(string); ok {
			b.WriteString(s)
		} else if err := binary.Write(&b, binary.LittleEndian, p); err != nil {
			panic(err)
		}
	}
	sum := sha256.Sum256(b.Bytes())
	return binary.LittleEndian.Uint64(sum[:])
}

// TestSpecified holds IDs to what doc.go of package snn says.
func TestSpecified(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 2, 1))
	grey.Pix = []byte{7, 9}
	if got, want := Picture(preprocess.Pixels(grey)), reference("picture\n", []uint32{2, 1, 1}, []byte{7, 9}); got != want {
		t.Errorf("grey picture %x, not %x", got, want)
	}
	colours := image.NewNRGBA(image.Rect(0, 0, 1, 2))
	colours.Pix = []byte{1, 2, 3, 255, 4, 5, 6, 0}
	if got, want := Picture(preprocess.Pixels(colours)), reference("picture\n", []uint32{1, 2, 3}, []byte{1, 2, 3, 4, 5, 6}); got != want {
		t.Errorf("picture in colours %x, not %x", got, want)
	}
	values := []float32{1.5, -2}
	if got, want := Values(values), reference("values\n", values); got != want {
		t.Errorf("values %x, not %x", got, want)
	}
}

// TestSamePicture: a picture has one ID in all its forms, and another one than pictures that
// differ from it.
func TestSamePicture(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 3, 3))
	colours := image.NewNRGBA(grey.Rect)
	moved := image.NewNRGBA(image.Rect(5, 5, 8, 8))
	for i := range 9 {
		v := byte(20 * i)
		grey.Pix[i] = v
		colours.SetNRGBA(i%3, i/3, color.NRGBA{v, v, v, 255})
		moved.SetNRGBA(5+i%3, 5+i/3, color.NRGBA{v, v, v, 255})
	}
	var file bytes.Buffer
	if err := png.Encode(&file, colours); err != nil {
		t.Fatal(err)
	}
	decoded, err := preprocess.Decode(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	want := Picture(preprocess.Pixels(grey))
	for name, img := range map[string]image.Image{"in colours": colours, "moved": moved, "PNG": decoded} {
		if got := Picture(preprocess.Pixels(img)); got != want {
			t.Errorf("%s: %x, not %x", name, got, want)
		}
	}
	colours.Pix[0]++
	turned := image.NewGray(image.Rect(0, 0, 9, 1))
	copy(turned.Pix, grey.Pix)
	for name, img := range map[string]image.Image{"one bit": colours, "another shape": turned, "empty": nil} {
		if Picture(preprocess.Pixels(img)) == want {
			t.Errorf("%s: the same ID", name)
		}
	}
}

func TestList(t *testing.T) {
	l := NewList(9, 3, math.MaxUint64, 3)
	if want := (List{3, 9, math.MaxUint64}); !slices.Equal(l, want) || !l.Has(9) || l.Has(4) {
		t.Errorf("list %v", l)
	}
	for _, l := range []List{l, NewList()} {
		text, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		var back List
		if err := json.Unmarshal(text, &back); err != nil || back == nil || !slices.Equal(back, l) {
			t.Errorf("%v as %s is read as %v, %v", l, text, back, err)
		}
	}
	for _, text := range []string{`"AA=="`, `"%"`, `"CQAAAAAAAAADAAAAAAAAAA=="`} {
		if err := json.Unmarshal([]byte(text), new(List)); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}
