package passes

import (
	"strings"
	"testing"
)

func TestFloatInput(t *testing.T) {
	for _, test := range []struct {
		name, nodes string
		want        bool
	}{
		{"a Cast", `%y = Cast(%x) {to=float32}`, true},
		{"moves before it", "const %p int64[2] = {2, 3}\n%a = Transpose(%x) {perm=[1,0]}\n%b = Reshape(%a, %p)\n%y = Cast(%b) {to=float32 stored=\"float16\"}", true},
		{"its shape, besides", "%s = Shape(%x)\n%c = Cast(%x) {to=float32}\n%y = Reshape(%c, %s)", true},
		{"nothing", `%y = Identity(%x)`, false},
		{"indices", "const %w float32[9] = fill(1)\n%y = Gather(%w, %x)", false},
		{"sums of integers", "%a = Add(%x, %x)\n%y = Cast(%a) {to=float32}", false},
		{"other integers", "%a = Cast(%x) {to=int64}\n%y = Cast(%a) {to=float32}", false},
	} {
		g := parse(t, "input %x int64[3,2]\n"+test.nodes+"\noutput %y")
		changed, err := floatInput(g)
		if err != nil || (changed > 0) != test.want || strings.Contains(g.String(), "input %x float32[3,2]") != test.want || (len(g.Notes) > 0) != test.want {
			t.Errorf("%s: %d changes, error %v, notes %q\n%s", test.name, changed, err, g.Notes, g)
		}
	}
}
