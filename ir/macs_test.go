package ir_test

import (
	"fmt"
	"testing"

	"ann2snn/ir"
)

func TestNodeMACs(t *testing.T) {
	const text = `input %%x float32[%s]
const %%w float32[%s] = ramp(0, 1)
%%y float32[%s] = %s
output %%y
`
	for _, test := range []struct {
		name, x, w, y, node string
		want                int64
	}{
		{"1x1 convolution", "1,3,8,8", "4,3,1,1", "1,4,8,8", "Conv(%x, %w)", 64 * 4 * 3},
		{"padding is not counted", "1,1,3,3", "1,1,3,3", "1,1,3,3", "Conv(%x, %w) {pads=[1,1,1,1]}", 7 * 7},
		{"stride and dilation", "1,2,7,7", "6,2,3,3", "1,6,2,2", "Conv(%x, %w) {strides=[2,2] dilations=[2,2]}", 6 * 2 * 6 * 6},
		{"depthwise", "1,4,5,5", "4,1,3,3", "1,4,3,3", "Conv(%x, %w) {group=4}", 4 * 81},
		{"one axis", "1,2,5", "3,2,2", "1,3,4", "Conv(%x, %w)", 3 * 2 * 4 * 2},
		// Were the products of every output looked at, this would take hours.
		{"a map of any size", "1,1,1000000000", "1,1,65536", "1,1,999934465", "Conv(%x, %w)", 65536 * 999934465},
		{"wide steps", "1,1,100", "1,1,3", "1,1,15", "Conv(%x, %w) {pads=[2,3] strides=[7] dilations=[3]}", 14 + 15 + 14},
		{"fully connected", "1,20", "7,20", "1,7", "Gemm(%x, %w) {transB=true}", 140},
		{"transposed left", "20,1", "20,7", "1,7", "Gemm(%x, %w) {transA=true}", 140},
		{"batched product", "1,3,4,5", "5,6", "1,3,4,6", "MatMul(%x, %w)", 360},
		{"no product", "1,4", "1,4", "1,4", "Add(%x, %w)", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			g, err := ir.Parse(fmt.Sprintf(text, test.x, test.w, test.y, test.node))
			if err != nil {
				t.Fatal(err)
			}
			if got := g.NodeMACs(&g.Nodes[0]); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
			if got := g.ValueMACs("y", g.Names(), g.Producers()); got != test.want {
				t.Errorf("the value has %d, want %d", got, test.want)
			}
			if got := g.ValueMACs("x", g.Names(), g.Producers()) + g.ValueMACs("no such value", g.Names(), g.Producers()); got != 0 {
				t.Errorf("what no node computes has %d", got)
			}
			if got := g.MACs(); got != test.want {
				t.Errorf("the graph has %d, want %d", got, test.want)
			}
		})
	}
}
