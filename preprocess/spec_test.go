package preprocess

import (
	"image"
	"image/color"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// valueOf returns what a pixel of 200, 100, 50 becomes in each channel.
func valueOf(t *testing.T, s Spec, shape ...int) []float32 {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	img.Set(0, 0, color.NRGBA{R: 200, G: 100, B: 50, A: 255})
	return prepared(t, s, img, shape...)
}

// prepared returns a picture as an input of that shape.
func prepared(t *testing.T, s Spec, img image.Image, shape ...int) []float32 {
	t.Helper()
	in, err := s.Input(shape)
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float32, in.Len())
	if err := in.Prepare(dst, img); err != nil {
		t.Fatal(err)
	}
	return dst
}

// raw is the Spec of pixels as they are.
func raw(t *testing.T) Spec {
	t.Helper()
	s, err := Preset("raw")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func close32(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Abs(float64(x-y)) < 1e-6 })
}

func TestPresets(t *testing.T) {
	statistics := []float32{
		(200.0/255 - 0.485) / 0.229, (100.0/255 - 0.456) / 0.224, (50.0/255 - 0.406) / 0.225,
	}
	tests := map[string][]float32{
		"imagenet": statistics,
		"cifar10":  statistics,
		"cifar10-mean": {
			(200.0/255 - 0.4914) / 0.247, (100.0/255 - 0.4822) / 0.2435, (50.0/255 - 0.4465) / 0.2616,
		},
		"cifar100-mean": {
			(200.0/255 - 0.5071) / 0.2673, (100.0/255 - 0.4865) / 0.2564, (50.0/255 - 0.4409) / 0.2762,
		},
		"mnist-mean": {(200.0/255 - 0.1307) / 0.3081, (100.0/255 - 0.1307) / 0.3081, (50.0/255 - 0.1307) / 0.3081},
		"mnist":      {200/127.5 - 1, 100/127.5 - 1, 50/127.5 - 1},
		"tf":         {200/127.5 - 1, 100/127.5 - 1, 50/127.5 - 1},
		"raw":        {200, 100, 50},
	}
	if len(tests) != len(Presets()) {
		t.Errorf("presets %q", Presets())
	}
	for name, want := range tests {
		p, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := valueOf(t, p, 3, 1, 1); !close32(got, want) {
			t.Errorf("%s: %v, not %v", name, got, want)
		}
	}
	if _, err := Preset("caffe"); err == nil || !strings.Contains(err.Error(), "imagenet, cifar10") {
		t.Errorf("unknown preset: %v", err)
	}
}

func TestPresetsAreNotShared(t *testing.T) {
	p, _ := Preset("imagenet")
	p.Mean[0] = 9
	if again, _ := Preset("imagenet"); again.Mean[0] != 0.485 {
		t.Error("a preset was changed through its copy")
	}
}

func TestChannelsAndLayouts(t *testing.T) {
	p := raw(t)
	if got := valueOf(t, p, 1, 1, 1); !slices.Equal(got, []float32{124}) {
		t.Errorf("luma %v", got)
	}
	p.Channels, p.Mean = BGR, []float64{50, 0, 0}
	if got := valueOf(t, p, 3, 1, 1); !slices.Equal(got, []float32{0, 100, 200}) {
		t.Errorf("BGR less its first mean %v", got)
	}
	picture := testPicture(t, "pattern.png").crop(32, 32)
	a, b := prepared(t, raw(t), picture, 3, 32, 32), prepared(t, raw(t), picture, 32, 32, 3)
	for i := range 32 * 32 {
		for c := range 3 {
			if want := float32(picture.pix[i*3+c]); a[c*1024+i] != want || b[i*3+c] != want {
				t.Fatalf("pixel %d channel %d: %v and %v, not %v", i, c, a[c*1024+i], b[i*3+c], want)
			}
		}
	}
}

// TestInputSpec: what is stored with a network says what the model's input decided.
func TestInputSpec(t *testing.T) {
	for _, tt := range []struct {
		shape  []int
		layout string
	}{
		{[]int{3, 32, 32}, NCHW},
		{[]int{32, 32, 3}, NHWC},
		{[]int{3, 32, 20}, NCHW},
		{[]int{784}, NCHW},
	} {
		in, err := raw(t).Input(tt.shape)
		if err != nil {
			t.Fatal(err)
		}
		if s := in.Spec(); s.Layout != tt.layout || s.Crop != 0 {
			t.Errorf("%v: layout %q, crop %d", tt.shape, s.Layout, s.Crop)
		}
		if in.Len() != in.H*in.W*in.C || in.ChannelsFirst == (tt.layout == NHWC) {
			t.Errorf("%v: %+v", tt.shape, in)
		}
	}
}

func TestFormOf(t *testing.T) {
	tests := []struct {
		shape  []int
		layout string
		want   form
	}{
		{[]int{3, 224, 200}, "", form{3, 224, 200, NCHW}},
		{[]int{224, 200, 3}, "", form{3, 224, 200, NHWC}},
		{[]int{3, 5, 3}, "", form{3, 5, 3, NCHW}},
		{[]int{3, 5, 3}, NHWC, form{3, 3, 5, NHWC}},
		{[]int{1, 28, 28}, NCHW, form{1, 28, 28, NCHW}},
		{[]int{28, 20}, "", form{1, 28, 20, HW}},
		{[]int{28, 20}, NCHW, form{1, 28, 20, HW}}, // as older networks store it
		{[]int{28, 20}, NHWC, form{}},
		{[]int{3, 20}, "", form{1, 3, 20, HW}},
		{[]int{3, 20}, NCHW, form{3, 1, 20, NCHW}},
		{[]int{20, 3}, NHWC, form{3, 1, 20, NHWC}},
		{[]int{1, 28, 20}, HW, form{1, 28, 20, HW}},
		{[]int{28, 20, 1}, HW, form{1, 28, 20, HW}},
		{[]int{3, 1, 20}, HW, form{1, 3, 20, HW}},
		{[]int{784}, "", form{1, 28, 28, NCHW}},
		{[]int{3072}, NHWC, form{3, 32, 32, NHWC}},
		{[]int{100, 7, 7}, "", form{}},
		{[]int{3, 28, 28}, NHWC, form{}},
		{[]int{785}, "", form{}},
		{[]int{1, 3, 28, 28}, "", form{}},
		{[]int{3, 1 << 20, 4}, "", form{}},
	}
	for _, tt := range tests {
		got, err := formOf(tt.shape, tt.layout)
		if got != tt.want || (err == nil) != (tt.want != form{}) {
			t.Errorf("%v %s: %+v, %v", tt.shape, tt.layout, got, err)
		}
	}
}

func TestTarget(t *testing.T) {
	tests := []struct {
		w, h, resize, wantW, wantH int // for a model input of 224 x 224
	}{
		{500, 375, 256, 341, 256},
		{375, 500, 256, 256, 341},
		{227, 227, 256, 227, 227},
		{256, 300, 256, 256, 300},
		{224, 224, 0, 224, 224},
		{500, 375, 0, 500, 375},
		{100, 50, 256, 448, 224},
		{500, 375, 100, 298, 224},
		{100, 50, 0, 0, 0},
		{1, 1 << 26, 256, 0, 0},
	}
	in := Input{H: 224, W: 224, C: 3}
	for _, tt := range tests {
		in.spec.Resize = tt.resize
		w, h, err := in.target(tt.w, tt.h)
		if w != tt.wantW || h != tt.wantH || (err == nil) != (tt.wantW > 0) {
			t.Errorf("%d x %d with resize %d: %d x %d, %v", tt.w, tt.h, tt.resize, w, h, err)
		}
	}
}

func TestTargetCoversTheForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := rapid.IntRange(1, 600)
		in := Input{
			H: side.Draw(t, "in.H"), W: side.Draw(t, "in.W"), C: 3,
			spec: Spec{Resize: side.Draw(t, "resize")},
		}
		pw, ph := side.Draw(t, "w"), side.Draw(t, "h")
		w, h, err := in.target(pw, ph)
		if err != nil {
			t.Skip(err)
		}
		if w < in.W || h < in.H {
			t.Fatalf("%d x %d does not cover %+v", w, h, in)
		}
		if min(w, h) > max(in.spec.Resize, in.W, in.H) && min(w, h) > min(pw, ph) {
			t.Fatalf("%d x %d is enlarged without need", w, h)
		}
	})
}

// TestCropIsAskedFor: cutting off most of a picture has to be asked for.
func TestCropIsAskedFor(t *testing.T) {
	tests := []struct {
		w, h, resize, crop int
		want               string // of the error for a model input of 28 x 28; none where empty
	}{
		{28, 28, 0, 0, ""},
		{32, 32, 0, 0, ""},
		{39, 39, 0, 0, ""},
		{28, 500, 0, 0, ""},
		{40, 40, 0, 0, "picture of 40 x 40 pixels for a model input of 28 x 28, which would keep 49 % of it (try resizing to 28 to see all of it, or cropping to 28 to see the middle)"},
		{280, 280, 0, 0, "would keep 1 % of it"},
		{280, 280, 0, 28, ""},
		{280, 280, 28, 0, ""},
		{280, 300, 30, 0, ""},
		{280, 280, 56, 0, "picture of 280 x 280 pixels, reduced to 56 x 56, for"},
		{280, 280, 56, 28, ""},
	}
	for _, tt := range tests {
		s := raw(t)
		s.Resize, s.Crop = tt.resize, tt.crop
		in, err := s.Input([]int{28, 28})
		if err != nil {
			t.Fatal(err)
		}
		err = in.Prepare(make([]float32, in.Len()), image.NewGray(image.Rect(0, 0, tt.w, tt.h)))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	in, err := raw(t).Input([]int{3, 20, 60})
	if err != nil {
		t.Fatal(err)
	}
	err = in.Prepare(make([]float32, in.Len()), image.NewGray(image.Rect(0, 0, 200, 200)))
	if err == nil || !strings.Contains(err.Error(), "(try resizing to 60 to see all of it)") {
		t.Errorf("an input that is no square: %v", err)
	}
}

func TestSpecErrors(t *testing.T) {
	change := func(f func(s *Spec)) Spec {
		s := raw(t)
		f(&s)
		return s
	}
	tests := []struct {
		s    Spec
		want string
	}{
		{Spec{}, "try the preset imagenet|cifar10|cifar10-mean|"},
		{change(func(s *Spec) { s.Crop = 3 }), "crop to 3"},
		{change(func(s *Spec) { s.Resize = -1 }), "resize to -1"},
		{change(func(s *Spec) { s.Resize = 1 << 30 }), "resize to"},
		{change(func(s *Spec) { s.Layout = "chw" }), `layout "chw"`},
		{change(func(s *Spec) { s.Channels = "gbr" }), `channel order "gbr"`},
		{change(func(s *Spec) { s.Mean = []float64{1, 2} }), "2 channels for a model input of 3"},
		{change(func(s *Spec) { s.Std = nil }), "0 channels"},
		{change(func(s *Spec) { s.Std = []float64{0} }), "deviation of 0"},
	}
	for _, tt := range tests {
		if _, err := tt.s.Input([]int{3, 8, 8}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt.s, err)
		}
	}
}

func TestPrepareErrors(t *testing.T) {
	in, err := raw(t).Input([]int{3, 8, 8})
	if err != nil {
		t.Fatal(err)
	}
	picture := image.NewGray(image.Rect(0, 0, 4, 4))
	tests := []struct {
		in   *Input
		dst  int
		img  image.Image
		want string
	}{
		{in, in.Len(), picture, "try resizing to 8"},
		{in, in.Len() - 1, picture, "room for 191 values"},
		{in, in.Len(), nil, "no pixels"},
		{in, in.Len(), image.NewGray(image.Rect(0, 0, 0, 9)), "no pixels"},
		{new(Input), 0, picture, "comes from Spec.Input"},
	}
	for _, tt := range tests {
		if err := tt.in.Prepare(make([]float32, tt.dst), tt.img); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, %v", err, tt.want)
		}
	}
}

func TestStored(t *testing.T) {
	for _, name := range Presets() {
		s, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Parse(b); err != nil || !cmp.Equal(s, back) {
			t.Errorf("%s: %s %v", name, cmp.Diff(s, back), err)
		}
	}
	if b, err := (Spec{}).Encode(); b != nil || err != nil {
		t.Errorf("the zero Spec is stored as %q, %v", b, err)
	}
	if s, err := Parse(nil); !s.IsZero() || err != nil {
		t.Errorf("nothing stored: %+v, %v", s, err)
	}
	if _, err := Parse([]byte("no JSON")); err == nil {
		t.Error("what is no JSON is read")
	}
}

// FuzzParse: whatever a file stores, a picture is prepared or refused.
func FuzzParse(f *testing.F) {
	for _, name := range Presets() {
		s, _ := Preset(name)
		b, err := s.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, 3, 8, 8)
	}
	f.Add([]byte(`{"scale":1e308,"mean":[],"std":[1],"channels":"bgr","layout":"nhwc","resize":16384}`), 4, 4, 1)
	img := image.NewGray(image.Rect(0, 0, 9, 5))
	f.Fuzz(func(t *testing.T, stored []byte, a, b, c int) {
		s, err := Parse(stored)
		if err != nil {
			return
		}
		shape := []int{a, b, c}
		for _, d := range shape {
			if d > 64 {
				return // enlarging the picture would take long
			}
		}
		in, err := s.Input(shape)
		if err != nil {
			return
		}
		if in.Len() != a*b*c {
			t.Errorf("%d values for shape %v", in.Len(), shape)
		}
		_ = in.Prepare(make([]float32, in.Len()), img) // may fail, but not panic
	})
}

// TestString: a preprocessing says all its constants, and README.md has those of the presets.
func TestString(t *testing.T) {
	for _, tt := range []struct {
		s    Spec
		want string
	}{
		{Spec{}, "none"},
		{raw(t), "raw: pixel, rgb"},
		{
			Spec{Scale: 1.0 / 255, Mean: []float64{0.5}, Std: []float64{0.25}, Crop: 28, Channels: BGR, Layout: NHWC},
			"(pixel / 255 - 0.5) / 0.25, the middle 28 x 28 kept, bgr, nhwc",
		},
		{
			Spec{Scale: 0.3, Mean: []float64{0, 0, 0}, Std: []float64{1}, Resize: 40, Channels: RGB},
			"pixel * 0.3 - [0, 0, 0], short side reduced to 40, rgb",
		},
	} {
		if got := tt.s.String(); got != tt.want {
			t.Errorf("%q, not %q", got, tt.want)
		}
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Presets() {
		s, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		s.Preset, s.Channels = "", ""
		if row := "| `" + name + "` | " + s.String() + " |"; !strings.Contains(string(readme), row) {
			t.Errorf("README.md lacks %s", row)
		}
	}
}
