package dataset

import (
	"encoding/json"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// valueOf returns what a pixel of 200, 100, 50 becomes in each channel.
func valueOf(t *testing.T, p Preprocess, shape ...int) []float32 {
	t.Helper()
	fsys := fstest.MapFS{"a.png": pngFile(t, 1, 1, color.NRGBA{R: 200, G: 100, B: 50, A: 255})}
	s, err := OpenFS(fsys, "a.png", Options{Preprocess: p, InputShape: shape})
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float32, s.size)
	if _, err := s.Sample(0, dst); err != nil {
		t.Fatal(err)
	}
	return dst
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
		"mnist":    {200/127.5 - 1, 100/127.5 - 1, 50/127.5 - 1},
		"tf":       {200/127.5 - 1, 100/127.5 - 1, 50/127.5 - 1},
		"raw":      {200, 100, 50},
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
	fsys := files(map[string][]byte{"a.bin": cifarRecord(1)})
	chw, hwc := openRaw(t, fsys, "a.bin", 3, 32, 32), openRaw(t, fsys, "a.bin", 32, 32, 3)
	if chw.Preprocess().Layout != NCHW || hwc.Preprocess().Layout != NHWC || hwc.Preprocess().Crop != 32 {
		t.Errorf("preprocessing %+v and %+v", chw.Preprocess(), hwc.Preprocess())
	}
	a, b := make([]float32, cifarPixels), make([]float32, cifarPixels)
	_, errA := chw.Sample(0, a)
	_, errB := hwc.Sample(0, b)
	if errA != nil || errB != nil || b[0] != 1 || b[1] != 2 || b[2] != 3 {
		t.Fatalf("%v, %v: first pixel %v", errA, errB, b[:3])
	}
	for i := range 32 * 32 {
		for c := range 3 {
			if a[c*1024+i] != b[i*3+c] {
				t.Fatalf("pixel %d channel %d differs", i, c)
			}
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
		{[]int{28, 20}, "", form{1, 28, 20, NCHW}},
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
	p := prepared{form: form{3, 224, 224, NCHW}}
	for _, tt := range tests {
		p.resize = tt.resize
		w, h, err := p.target(tt.w, tt.h)
		if w != tt.wantW || h != tt.wantH || (err == nil) != (tt.wantW > 0) {
			t.Errorf("%d x %d with resize %d: %d x %d, %v", tt.w, tt.h, tt.resize, w, h, err)
		}
	}
}

func TestTargetCoversTheForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := rapid.IntRange(1, 600)
		p := prepared{
			form:   form{3, side.Draw(t, "form.h"), side.Draw(t, "form.w"), NCHW},
			resize: side.Draw(t, "resize"),
		}
		pw, ph := side.Draw(t, "w"), side.Draw(t, "h")
		w, h, err := p.target(pw, ph)
		if err != nil {
			t.Skip(err)
		}
		if w < p.form.w || h < p.form.h {
			t.Fatalf("%d x %d does not cover %+v", w, h, p.form)
		}
		if min(w, h) > max(p.resize, p.form.w, p.form.h) && min(w, h) > min(pw, ph) {
			t.Fatalf("%d x %d is enlarged without need", w, h)
		}
	})
}

func TestPreprocessErrors(t *testing.T) {
	fsys := fstest.MapFS{"a.png": pngFile(t, 4, 4, color.White)}
	change := func(f func(p *Preprocess)) Preprocess {
		p := raw(t)
		f(&p)
		return p
	}
	tests := []struct {
		p    Preprocess
		want string
	}{
		{Preprocess{}, "try --preprocess imagenet|cifar10|mnist|tf|raw"},
		{change(func(p *Preprocess) { p.Crop = 3 }), "crop to 3"},
		{change(func(p *Preprocess) { p.Resize = -1 }), "resize to -1"},
		{change(func(p *Preprocess) { p.Resize = 1 << 30 }), "resize to"},
		{change(func(p *Preprocess) { p.Layout = "chw" }), `layout "chw"`},
		{change(func(p *Preprocess) { p.Channels = "gbr" }), `channel order "gbr"`},
		{change(func(p *Preprocess) { p.Mean = []float64{1, 2} }), "2 channels for a model input of 3"},
		{change(func(p *Preprocess) { p.Std = nil }), "0 channels"},
		{change(func(p *Preprocess) { p.Std = []float64{0} }), "deviation of 0"},
		{raw(t), "try --resize 8"},
	}
	for _, tt := range tests {
		wantError(t, fsys, "a.png", Options{Preprocess: tt.p, InputShape: []int{3, 8, 8}}, `"a.png"`, tt.want)
	}
}

func TestFlags(t *testing.T) {
	tests := []struct {
		flags Flags
		want  string // as JSON
	}{
		{Flags{Preset: "mnist"}, `{"preset":"mnist","scale":0.00392156862745098,"mean":[0.5],"std":[0.5],"resize":0,"crop":0,"layout":"","channels":"rgb"}`},
		{Flags{Preset: "imagenet", Resize: "0", Layout: "NHWC"}, `{"preset":"imagenet","scale":0.00392156862745098,"mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225],"resize":0,"crop":0,"layout":"nhwc","channels":"rgb"}`},
		{Flags{Scale: "1/4", Mean: "1, 2,3", Crop: "5", Channels: "bgr"}, `{"scale":0.25,"mean":[1,2,3],"std":[1],"resize":0,"crop":5,"layout":"","channels":"bgr"}`},
		{Flags{}, `{"scale":0,"mean":null,"std":null,"resize":0,"crop":0,"layout":"","channels":""}`},
	}
	for _, tt := range tests {
		p, err := tt.flags.Preprocess()
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(p)
		if err != nil || string(got) != tt.want {
			t.Errorf("%+v: %s, %v", tt.flags, got, err)
		}
		var back Preprocess
		if err := json.Unmarshal(got, &back); err != nil || !cmp.Equal(p, back) {
			t.Errorf("JSON round trip: %s %v", cmp.Diff(p, back), err)
		}
	}
}

func TestFlagErrors(t *testing.T) {
	tests := []struct {
		flags Flags
		want  string
	}{
		{Flags{Mean: "0.5", Std: "0.5"}, "try --scale 1/255"},
		{Flags{Preset: "vgg"}, `no preprocessing "vgg"`},
		{Flags{Scale: "1/0"}, `--scale "1/0"`},
		{Flags{Scale: "0"}, "factor other than 0"},
		{Flags{Scale: "NaN"}, "factor other than 0"},
		{Flags{Scale: "x"}, "invalid syntax"},
		{Flags{Scale: "1/x"}, "invalid syntax"},
		{Flags{Scale: "1", Mean: "1,,2"}, `--mean "1,,2"`},
		{Flags{Scale: "1", Std: "inf"}, "not finite"},
		{Flags{Scale: "1", Resize: "big"}, `--resize "big"`},
	}
	for _, tt := range tests {
		if _, err := tt.flags.Preprocess(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt.flags, err)
		}
	}
}

func TestFlagsAgree(t *testing.T) {
	stored, err := Flags{Preset: "cifar10"}.Preprocess()
	if err != nil {
		t.Fatal(err)
	}
	stored.Layout, stored.Crop = NCHW, 32
	tests := []struct {
		flags Flags
		want  []string // clashes
	}{
		{Flags{}, nil},
		{Flags{Preset: "cifar10"}, nil},
		{Flags{Crop: "32", Layout: "nchw", Scale: "1/255"}, nil},
		{Flags{Mean: "0.485,0.456,0.406"}, nil},
		{Flags{Preset: "imagenet"}, []string{"resize is 256 by the flags, but 0 as stored"}},
		{Flags{Preset: "imagenet", Resize: "0"}, nil},
		{Flags{Preset: "mnist"}, []string{"mean is 0.5 ", "std is 0.5 "}},
		{Flags{Channels: "bgr", Crop: "28"}, []string{"channels is bgr", "crop is 28"}},
	}
	for _, tt := range tests {
		got, err := tt.flags.Agree(stored)
		if tt.want == nil {
			if err != nil || !cmp.Equal(got, stored) {
				t.Errorf("%+v: %+v, %v", tt.flags, got, err)
			}
			continue
		}
		if err == nil || strings.Count(err.Error(), "as stored") != len(tt.want) {
			t.Fatalf("%+v: %v", tt.flags, err)
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: %v", tt.flags, err)
			}
		}
	}
	got, err := Flags{Preset: "mnist"}.Agree(Preprocess{})
	if err != nil || got.Preset != "mnist" {
		t.Errorf("nothing stored: %+v, %v", got, err)
	}
}
