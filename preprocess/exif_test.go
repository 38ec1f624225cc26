package preprocess

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestTurnedLikePillow: every orientation, in every format that has EXIF, gives the pixels that
// ImageOps.exif_transpose gives.
func TestTurnedLikePillow(t *testing.T) {
	tests := map[string]string{"exif6.webp": "exif6_upright.png"}
	for i := range turnLeft {
		o := upright + i
		tests[fmt.Sprintf("exif%d.png", o)] = fmt.Sprintf("exif%d_upright.png", o)
	}
	for file, golden := range tests {
		if largest, _ := difference(t, testPicture(t, file), testPicture(t, golden)); largest != 0 {
			t.Errorf("%s: largest difference %d", file, largest)
		}
	}
	if largest, mean := difference(t, testPicture(t, "exif6.jpg"), testPicture(t, "exif6_jpg_upright.png")); largest > 3 || mean > 0.2 {
		t.Errorf("exif6.jpg: largest difference %d, mean %.3f", largest, mean)
	}
}

// TestIgnoreEXIF: Prepare sees the pixels as they lie in the file where it is told so.
func TestIgnoreEXIF(t *testing.T) {
	lying := testPicture(t, "exif1.png")
	for i := range turnLeft {
		o := upright + i
		p := testPicture(t, fmt.Sprintf("exif%d.png", o))
		spec := Spec{Scale: 1, Mean: []float64{0}, Std: []float64{1}, Channels: RGB, Layout: NHWC, IgnoreEXIF: true}
		in, err := spec.Input([]int{lying.h, lying.w, 3})
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float32, in.Len())
		if err := in.Prepare(got, p); err != nil {
			t.Fatalf("orientation %d: %v", o, err)
		}
		for i, v := range got {
			if v != float32(lying.pix[i]) {
				t.Fatalf("orientation %d: value %d is %g, in the file it is %d", o, i, v, lying.pix[i])
			}
		}
		if w, _, _, _ := Pixels(p); (w != lying.w) != (o >= 5) {
			t.Errorf("orientation %d: Pixels has the width %d", o, w)
		}
	}
}

// TestTurnsAreUndone: the inverse of an orientation gives back every picture.
func TestTurnsAreUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 6).Draw(t, "w"), rapid.IntRange(1, 6).Draw(t, "h")
		c := rapid.SampledFrom([]int{1, 3}).Draw(t, "c")
		p := picture{w: w, h: h, c: c, pix: rapid.SliceOfN(rapid.Byte(), w*h*c, w*h*c).Draw(t, "pixels")}
		o := orientation(rapid.ByteRange(0, 9).Draw(t, "orientation"))
		turned := p.turned(o)
		back := turned.turned(o.inverse())
		if back.w != w || back.h != h || !bytes.Equal(back.pix, p.pix) {
			t.Errorf("orientation %d: %v becomes %v", o, p, back)
		}
	})
}

// exifOf returns EXIF of one directory whose only entry is the orientation.
func exifOf(order binary.AppendByteOrder, kind, value uint16) []byte {
	b := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	for _, v := range []uint16{0x0112, kind} {
		b = order.AppendUint16(b, v)
	}
	b = order.AppendUint32(b, 1)
	return order.AppendUint16(b, value)
}

func TestOrientationTag(t *testing.T) {
	whole := append(exifOf(binary.BigEndian, 3, 6), 0, 0)
	tests := []struct {
		name string
		exif []byte
		want orientation
	}{
		{"little-endian", append(exifOf(binary.LittleEndian, 3, 8), 0, 0, 0, 0), turnLeft},
		{"big-endian", whole, turnRight},
		{"of another type", append(exifOf(binary.LittleEndian, 2, 8), 0, 0), upright},
		{"out of range", append(exifOf(binary.LittleEndian, 3, 9), 0, 0), upright},
		{"zero", append(exifOf(binary.LittleEndian, 3, 0), 0, 0), upright},
		{"no TIFF", []byte("nothing of the kind"), upright},
		{"directory outside", slices.Replace(slices.Clone(whole), 4, 8, 0xff, 0xff, 0xff, 0xff), upright},
	}
	for _, tt := range tests {
		if got := orientationTag(tt.exif); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	for n := range whole {
		if got := orientationTag(whole[:n]); got != upright {
			t.Errorf("cut to %d bytes: %d", n, got)
		}
	}
}

// TestDamagedEXIF: what cannot be read turns nothing and refuses nothing.
func TestDamagedEXIF(t *testing.T) {
	file, err := os.ReadFile("testdata/exif6.jpg")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(file, []byte("Exif"))
	damaged := slices.Clone(file)
	copy(damaged[at+6:], "XX")
	p, err := decode(damaged)
	if err != nil || p.stated != upright || p.w <= p.h {
		t.Errorf("%d x %d pixels, %v", p.w, p.h, err)
	}
}

func FuzzOrientation(f *testing.F) {
	for _, name := range []string{"exif6.jpg", "exif6.png", "exif6.webp", "jpeg420.jpg"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := orientationOf(data); o < upright || o > turnLeft {
			t.Errorf("orientation %d", o)
		}
		if o := orientationTag(data); o < upright || o > turnLeft {
			t.Errorf("the tag is %d", o)
		}
	})
}

// TestDeepPictures: samples of 16 bits keep the upper 8, and colours their values where they are
// transparent.
func TestDeepPictures(t *testing.T) {
	grey := image.NewGray16(image.Rect(0, 0, 3, 2))
	colours := image.NewNRGBA64(image.Rect(0, 0, 3, 2))
	for i := range grey.Pix {
		grey.Pix[i] = byte(31*i + 5)
	}
	for i := range colours.Pix {
		colours.Pix[i] = byte(13*i + 1)
		if i%8 >= 6 {
			colours.Pix[i] = 0 // transparent
		}
	}
	g, c := fromImage(grey), fromImage(colours)
	if g.c != 1 || c.c != 3 {
		t.Fatalf("%d and %d channels", g.c, c.c)
	}
	for i := range 6 {
		if g.pix[i] != grey.Pix[2*i] {
			t.Errorf("grey %d: %d", i, g.pix[i])
		}
		for ch := range 3 {
			if got, want := c.pix[3*i+ch], colours.Pix[8*i+2*ch]; got != want {
				t.Errorf("colour %d of pixel %d: %d, want %d", ch, i, got, want)
			}
		}
	}
}
