package passes

import (
	"strings"
	"testing"

	"ann2snn/ir"
)

// TestFuseQuantisation has a level of -3 to 12 left of a byte with zero point 3, and moves between.
func TestFuseQuantisation(t *testing.T) {
	const head = `
input %x float32[1,2,4]
const %s float32[] = {0.5}
const %z int64[] = {3}
`
	for _, test := range []struct{ name, text, want string }{
		{"pair", `
%q int64[1,2,4] = QuantizeLinear(%x, %s, %z) "q" {high=15}
%y float32[1,2,4] = DequantizeLinear(%q, %s, %z) "d"
output %y`, "FakeQuant"},
		{"moved", `
%q int64[1,2,4] = QuantizeLinear(%x, %s, %z) "q" {high=15}
%r int64[1,8] = Flatten(%q) "r"
%y float32[1,8] = DequantizeLinear(%r, %s, %z) "d"
output %y`, "FakeQuant Flatten"},
		{"other scale", `
const %t float32[] = {0.25}
%q int64[1,2,4] = QuantizeLinear(%x, %s, %z) "q" {high=15}
%y float32[1,2,4] = DequantizeLinear(%q, %t, %z) "d"
output %y`, "QuantizeLinear DequantizeLinear"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g, err := ir.Parse(head + test.text)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fuseQuantisation(g); err != nil {
				t.Fatal(err)
			}
			var kinds []string
			for _, n := range g.Nodes {
				kinds = append(kinds, n.Op.Kind())
				if f, ok := n.Op.(ir.FakeQuant); ok && f != (ir.FakeQuant{Axis: 1, Low: -3, High: 12}) {
					t.Errorf("%+v", f)
				}
			}
			if got := strings.Join(kinds, " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
