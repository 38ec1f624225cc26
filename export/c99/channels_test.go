package c99_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/export/c99"
	"ann2snn/export/target"
	"ann2snn/internal/testutil"
	"ann2snn/snn"
)

// colours is how the network of TestInputPerChannel wants pictures of 4 x 4 pixels.
const colours = `{"scale":1,"mean":[0,0,0],"std":[1,8,64],"resize":0,"crop":4,"layout":"nchw","channels":"rgb"}`

// TestInputPerChannel exports networks whose input has a scale per channel: samples become
// levels, or bytes of pictures do, as in runtime, and a header says what a level is worth.
func TestInputPerChannel(t *testing.T) {
	t.Parallel()
	gcc := testutil.Tool(t, "gcc", "gcc")
	for name, c := range map[string]struct {
		shape      snn.Shape
		preprocess string
	}{
		"features": {snn.Shape{H: 1, W: 1, C: 3}, ""},
		"map":      {snn.Shape{H: 4, W: 4, C: 3}, ""},
		"pictures": {snn.Shape{H: 4, W: 4, C: 3}, colours},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2))
			dense := snn.Weights{Q: make([]int8, 5*c.shape.Len()), IntBias: make([]int32, 5)}
			for i := range dense.Q {
				dense.Q[i] = int8(r.IntN(255) - 127)
			}
			n := &snn.Network{Steps: 1, Rho: 1, Integer: true, Output: 1, Layers: []snn.Layer{
				{Name: "in", Op: snn.Input{ChannelsFirst: true, Levels: 127}, Shape: c.shape, Scale: []float32{2, 0.25, 1. / 32}},
				{Name: "out", In: []int{0}, Shape: snn.Shape{H: 1, W: 1, C: 5}, Unit: []float32{1, 1, 1, 1, 1}, Op: snn.Dense{W: dense}},
			}}
			n.Meta.Preprocess = []byte(c.preprocess)
			samples := make([][]float32, 4)
			for k := range samples {
				samples[k] = make([]float32, c.shape.Len())
				for i := range samples[k] {
					channel := i / (c.shape.H * c.shape.W)
					samples[k][i] = float32(r.IntN(256)) / []float32{1, 8, 64}[channel]
				}
			}
			if v := verify(t, n, samples, c99.Sanitized(gcc)); v.Samples != 4 || v.Outputs != 20 {
				t.Errorf("verified %+v", v)
			}
			dir := write(t, n, target.Options{Name: "net", Samples: samples})
			header, err := os.ReadFile(filepath.Join(dir, "net.h"))
			if err != nil {
				t.Fatal(err)
			}
			if want := "#define NET_IN_SCALES {2, 0.25, 0.03125}\n"; !strings.Contains(string(header), want) {
				t.Errorf("the header lacks %q", want)
			}
			if pictures := strings.Contains(string(header), "const uint8_t in["); pictures != (c.preprocess != "") {
				t.Errorf("the header takes pictures: %v", pictures)
			}
			if out := command(t, dir, "make", "-s", "test"); !strings.Contains(out, "net: 4 vectors, 0 wrong") {
				t.Errorf("the self-test prints %q", out)
			}
		})
	}
}
