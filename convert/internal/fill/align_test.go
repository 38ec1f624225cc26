package fill

import (
	"context"
	"testing"

	"ann2snn/convert/internal/nettest"
	"ann2snn/snn"
)

// TestAlign: where a sum adds a current to levels, also to those that a layer behind it in
// the order moves, the current needs no multiplication, but for a channel now and then.
func TestAlign(t *testing.T) {
	t.Parallel()
	const head = `
input %x float32[1,3,8,8]
const %w0 float32[4,3,3,3] = ramp(-0.3, 0.0061)
const %w1 float32[4,4,2,2] = ramp(0.5, -0.017)
%c0 = Conv(%x, %w0) "conv0" {pads=[1,1,1,1] group=1}
%r0 = Relu(%c0) "relu0"
`
	for name, body := range map[string]string{
		"levels":       "%c1 = Conv(%r0, %w1) \"conv1\" {pads=[0,0,1,1] group=1}\n%a = Add(%c1, %r0) \"add\"\n",
		"pool behind":  "%c1 = Conv(%r0, %w1) \"conv1\" {strides=[2,2] group=1}\n%m = MaxPool(%r0) \"max\" {kernel=[2,2] strides=[2,2]}\n%a = Add(%c1, %m) \"add\"\n",
		"moved behind": "%c1 = Conv(%r0, %w1) \"conv1\" {pads=[0,0,1,1] group=1}\n%v = Transpose(%r0) \"turn\" {perm=[0,1,3,2]}\n%a = Add(%c1, %v) \"add\"\n",
	} {
		b := newBuilder(t, nettest.Parse(t, head+body+"%y = Relu(%a) \"relu1\"\noutput %y"), 127)
		if err := b.Build(context.Background()); err != nil {
			t.Fatal(err)
		}
		sum, ok := b.Net.Layers[b.Net.Output].Op.(snn.Sum)
		if !ok {
			t.Fatalf("%s: the output is no sum", name)
		}
		for k, from := range b.Net.Layers[b.Net.Output].In {
			if b.Net.Layers[from].Name != "conv1" {
				continue
			}
			multiplied := 0
			for _, m := range sum.Mult[k] {
				if m != 1 {
					multiplied++
				}
			}
			if multiplied > 1 {
				t.Errorf("%s: the current is multiplied by %v", name, sum.Mult[k])
			}
		}
	}
}
