package preprocess

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"
)

// testPicture decodes a file of testdata; see testdata/golden.py.
func testPicture(t *testing.T, name string) picture {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// difference returns the largest and the mean absolute difference of two pictures.
func difference(t *testing.T, a, b picture) (largest int, mean float64) {
	t.Helper()
	if a.w != b.w || a.h != b.h || a.c != b.c || len(a.pix) != len(b.pix) {
		t.Fatalf("%d x %d x %d and %d x %d x %d pixels", a.w, a.h, a.c, b.w, b.h, b.c)
	}
	for i := range a.pix {
		d := int(a.pix[i]) - int(b.pix[i])
		largest = max(largest, d, -d)
		mean += float64(max(d, -d)) / float64(len(a.pix))
	}
	return largest, mean
}

func TestDecodeLikePillow(t *testing.T) {
	tests := []struct {
		file, golden string
		largest      int
		mean         float64
	}{
		{"jpeg444.jpg", "jpeg444_decoded.png", 2, 0.1},
		{"jpeg422.jpg", "jpeg422_decoded.png", 3, 0.1},
		{"jpeg420.jpg", "jpeg420_decoded.png", 3, 0.1},
		{"lossy.webp", "lossy_decoded.png", 3, 0.2},
		{"lossless.webp", "pattern.png", 0, 0},
		{"plain.bmp", "pattern.png", 0, 0},
		{"palette.png", "palette_decoded.png", 0, 0},
		{"alpha.png", "pattern.png", 0, 0},
		{"cmyk.jpg", "cmyk_decoded.png", 3, 0.4},
	}
	for _, tt := range tests {
		largest, mean := difference(t, testPicture(t, tt.file), testPicture(t, tt.golden))
		if largest > tt.largest || mean > tt.mean {
			t.Errorf("%s: largest difference %d, mean %.3f", tt.file, largest, mean)
		}
	}
}

func TestResizeEqualsPillow(t *testing.T) {
	for _, size := range [][2]int{{30, 23}, {24, 40}, {100, 77}, {7, 47}} {
		got := testPicture(t, "pattern.png").resize(size[0], size[1])
		want := testPicture(t, fmt.Sprintf("resized_%dx%d.png", size[0], size[1]))
		if largest, _ := difference(t, got, want); largest != 0 {
			t.Errorf("%v: largest difference %d", size, largest)
		}
	}
}

func TestGreyEqualsPillow(t *testing.T) {
	grey := testPicture(t, "grey.png")
	if grey.c != 1 {
		t.Fatalf("grey.png has %d channels", grey.c)
	}
	if largest, _ := difference(t, testPicture(t, "pattern.png").withChannels(1), grey); largest != 0 {
		t.Errorf("largest difference %d", largest)
	}
	rgb := grey.withChannels(3)
	if back := rgb.withChannels(1); !bytes.Equal(back.pix, grey.pix) {
		t.Error("grey to RGB and back differs")
	}
}

func TestCrop(t *testing.T) {
	p := picture{w: 4, h: 3, c: 1, pix: []byte{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}}
	if got := p.crop(2, 1); !bytes.Equal(got.pix, []byte{11, 12}) {
		t.Errorf("2 x 1 of the middle: %v", got.pix)
	}
	if got := p.crop(1, 2); !bytes.Equal(got.pix, []byte{1, 11}) {
		t.Errorf("1 x 2 of the middle: %v", got.pix)
	}
}

// hugePNG is a valid PNG header of 2^20 x 2^20 pixels.
func hugePNG(t *testing.T) []byte {
	t.Helper()
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	data := small.Bytes()
	binary.BigEndian.PutUint32(data[16:], 1<<20)
	binary.BigEndian.PutUint32(data[20:], 1<<20)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestDecodeErrors(t *testing.T) {
	whole, err := os.ReadFile("testdata/jpeg420.jpg")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, want string
		data       []byte
	}{
		{"empty", "not a readable", nil},
		{"text", "not a readable", []byte("hello")},
		{"truncated", "broken picture", whole[:len(whole)/2]},
		{"huge", "1048576 x 1048576", hugePNG(t)},
	}
	for _, tt := range tests {
		if _, err := decode(tt.data); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestDecodedIsAnImage: a decoded picture passes for an image of the standard library.
func TestDecodedIsAnImage(t *testing.T) {
	for _, name := range []string{"grey.png", "pattern.png", "jpeg420.jpg"} {
		p := testPicture(t, name)
		if back := convertImage(struct{ image.Image }{p}, jpegToRGB).withChannels(p.c); !bytes.Equal(back.pix, p.pix) {
			t.Errorf("%s: its pixels differ from what it was decoded to", name)
		}
		if _, _, _, a := p.At(p.w, 0).RGBA(); a != 0 {
			t.Errorf("%s: there is a pixel outside", name)
		}
	}
}

// TestPartsOfPictures: part of a JPEG converts as the same part of the whole, wherever it
// begins; only the interpolation of colours at its edges differs.
func TestPartsOfPictures(t *testing.T) {
	for _, name := range []string{"jpeg444.jpg", "jpeg422.jpg", "jpeg420.jpg"} {
		file, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		img, _, err := image.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		whole := fromImage(img)
		for _, at := range []image.Point{{2, 4}, {3, 4}, {2, 5}, {7, 9}} {
			part := fromImage(img.(*image.YCbCr).SubImage(image.Rectangle{at, at.Add(image.Pt(20, 16))}))
			want := picture{w: 20, h: 16, c: 3}
			for y := range 16 {
				start := 3 * ((at.Y+y)*whole.w + at.X)
				want.pix = append(want.pix, whole.pix[start:start+3*20]...)
			}
			if _, mean := difference(t, part, want); mean > 2 {
				t.Errorf("%s at %v: mean difference %.3f", name, at, mean)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"jpeg420.jpg", "jpeg422.jpg", "lossy.webp", "lossless.webp", "plain.bmp", "alpha.png"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decode(data)
		if err == nil && len(p.pix) != p.w*p.h*p.c {
			t.Errorf("%d bytes for %d x %d x %d", len(p.pix), p.w, p.h, p.c)
		}
	})
}
