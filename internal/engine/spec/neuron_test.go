package spec

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/snn"
)

// TestConservation: whatever the current does, what came in minus
// what was spiked is what the membrane gained.
func TestConservation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := &snn.Network{Steps: rapid.IntRange(2, 6).Draw(t, "steps"), Rho: 1}
		n.Restim = snn.Restim(rapid.IntRange(0, 3).Draw(t, "restim"))
		if n.Restim == snn.RestimRefine {
			n.Rho = rapid.IntRange(1, 4).Draw(t, "rho")
		}
		theta := rapid.IntRange(1, 40).Draw(t, "theta")
		l := &snn.Layer{Shape: snn.Shape{H: 1, W: 1, C: 1}, Unit: []float32{1}, Neuron: &snn.Neuron{
			Format:       snn.Format{M: uint8(rapid.IntRange(1, 8).Draw(t, "bits"))},
			Threshold:    []float32{float32(theta)},
			IntThreshold: []int32{int32(theta)},
			Signed:       rapid.Bool().Draw(t, "signed"),
		}}
		current := rapid.SliceOfN(rapid.IntRange(-500, 500), n.Steps, n.Steps).Draw(t, "current")
		n.Integer = true
		conserves(t, n, intRule(n, l), current, float64(theta), 1)

		power := float32(math.Exp2(math.Round(math.Log2(float64(theta)))))
		l.Neuron.Threshold[0] = power
		n.Integer = false
		conserves(t, n, floatRule(n, l), current, float64(power), float64(power))
	})
}

// conserves drives a neuron; its membrane counts in units.
func conserves[S number](t *rapid.T, n *snn.Network, neuron rule[S], current []int, theta, unit float64) {
	var c state[S]
	neuron.remember(&c, 1)
	neuron.reset(&c)
	start := float64(c.membrane[0]) * unit
	in, out, fine := 0.0, 0.0, 1.0
	gainAll(neuron, current, &c)
	for i, x := range current {
		k := make([]S, 1)
		neuron.fire(k, []S{S(x)}, &c, i+1)
		in, out = in*float64(n.Rho)+float64(x), out*float64(n.Rho)+float64(k[0])*theta
		fine *= float64(n.Rho)
	}
	gained := float64(c.membrane[0])*unit - start
	if in-out != gained {
		t.Fatalf("in %g, out %g, membrane gained %g", in, out, gained)
	}
}

// gainAll lets a neuron that waits gain all currents.
func gainAll[S number](neuron rule[S], current []int, c *state[S]) {
	waiting, ok := neuron.(waiter[S])
	for i := 0; ok && i < len(current); i++ {
		waiting.gain([]S{S(current[i])}, c)
	}
}

// TestNeurons pins the rules down on single neurons with a threshold of 4.
func TestNeurons(t *testing.T) {
	for _, c := range []struct {
		name          string
		restim        snn.Restim
		rho, bits     int
		signed        bool
		current, want []int
		saturated     int64
	}{
		{"rounds to nearest", snn.RestimNone, 1, 4, false, []int{5, 6, 0}, []int{1, 2, 0}, 0},
		{"never negative", snn.RestimNone, 1, 4, false, []int{8, -8, 8}, []int{2, 0, 0}, 0},
		{"cut to one level a step", snn.RestimNone, 1, 1, false, []int{12, 0, 0, 0}, []int{1, 1, 1, 0}, 2},
		{"cut by one level exactly", snn.RestimNone, 1, 1, false, []int{6, 0}, []int{1, 1}, 1},
		{"takes back", snn.RestimSigned, 1, 4, false, []int{8, -4, 0}, []int{2, -1, 0}, 0},
		{"takes back no more than it emitted", snn.RestimSigned, 1, 4, false, []int{8, -40, 0}, []int{2, -2, 0}, 0},
		{"takes back no more than it can", snn.RestimSigned, 1, 1, false, []int{8, 0, -40, 0}, []int{1, 1, -1, -1}, 3},
		{"cut before it takes back", snn.RestimSigned, 1, 1, false, []int{99, 0, 0}, []int{1, 1, 1}, 3},
		{"identity goes below zero", snn.RestimSigned, 1, 4, true, []int{8, -40, 4}, []int{2, -10, 1}, 0},
		{"identity at rate", snn.RestimNone, 1, 2, true, []int{-40, 0}, []int{-3, -3}, 2},
		{"refines the remainder", snn.RestimRefine, 4, 4, false, []int{9, 0, 0}, []int{2, 1, 0}, 0},
		{"refines downwards", snn.RestimRefine, 4, 4, false, []int{7, 0}, []int{2, -1}, 0},
		{"refines by thirds", snn.RestimRefine, 3, 4, false, []int{5, 0, 0}, []int{1, 1, -1}, 0},
		{"corrections arrive", snn.RestimRefine, 2, 4, false, []int{8, -4, 4}, []int{2, -1, 1}, 0},
		{"a total of zero stays", snn.RestimRefine, 2, 4, false, []int{1, -40, 0}, []int{0, 0, 0}, 0},
		{"refined identity", snn.RestimRefine, 2, 4, true, []int{-10, 0}, []int{-2, -1}, 0},
		{"cut while it refines", snn.RestimRefine, 2, 1, true, []int{-12, 0}, []int{-1, -1}, 2},
		{"one level too many", snn.RestimRefine, 2, 1, false, []int{6, 0}, []int{1, 1}, 1},
		{"waits", snn.RestimWaiting, 1, 2, false, []int{8, -8, 17}, []int{3, 1, 0}, 0},
		{"waits and cuts", snn.RestimWaiting, 1, 1, false, []int{40, 0, -26}, []int{1, 1, 1}, 1},
		{"waits in vain", snn.RestimWaiting, 1, 4, false, []int{8, -40, 0}, []int{0, 0, 0}, 0},
		{"waiting identity", snn.RestimWaiting, 1, 2, true, []int{8, -40, 5}, []int{-3, -3, -1}, 0},
		{"cut while it takes back", snn.RestimRefine, 2, 1, false, []int{4, -12}, []int{1, -1}, 1},
	} {
		n := &snn.Network{Steps: len(c.current), Restim: c.restim, Rho: c.rho, Integer: true}
		l := &snn.Layer{Shape: snn.Shape{H: 1, W: 1, C: 1}, Unit: []float32{1}, Neuron: &snn.Neuron{
			Format: snn.Format{M: uint8(c.bits)}, Threshold: []float32{4}, IntThreshold: []int32{4}, Signed: c.signed,
		}}
		checkNeuron(t, c.name+", integer", intRule(n, l), c.current, c.want, c.saturated)
		n.Integer = false
		checkNeuron(t, c.name+", float", floatRule(n, l), c.current, c.want, c.saturated)
	}
}

func checkNeuron[S number](t *testing.T, name string, neuron rule[S], current, want []int, saturated int64) {
	t.Helper()
	var c state[S]
	neuron.remember(&c, 1)
	neuron.reset(&c)
	gainAll(neuron, current, &c)
	for i, x := range current {
		k := make([]S, 1)
		saturated -= neuron.fire(k, []S{S(x)}, &c, i+1)
		if int(k[0]) != want[i] {
			t.Errorf("%s: step %d emits %v, want %d", name, i+1, k[0], want[i])
		}
	}
	if saturated != 0 {
		t.Errorf("%s: counted %d saturated emissions too few", name, saturated)
	}
}

// TestRefineDeep: the running total of the deepest network passes 2^31 and still lets
// corrections through.
func TestRefineDeep(t *testing.T) {
	current, want := make([]int, 31), make([]int, 31)
	current[0], want[0] = 255*4, 255
	current[30], want[30] = -250*4, -250
	n := &snn.Network{Steps: 31, Restim: snn.RestimRefine, Rho: 2, Integer: true}
	l := &snn.Layer{Shape: snn.Shape{H: 1, W: 1, C: 1}, Unit: []float32{1}, Neuron: &snn.Neuron{
		Format: snn.Format{M: 8}, Threshold: []float32{4}, IntThreshold: []int32{4},
	}}
	checkNeuron(t, "integer", intRule(n, l), current, want, 0)
	n.Integer = false
	checkNeuron(t, "float", floatRule(n, l), current, want, 0)
}

// TestFloorInt looks at what surrounds multiples of thresholds, where rounding could tell.
func TestFloorInt(t *testing.T) {
	for _, theta := range []int32{1, 2, 3, 7, 49, 1000, 12345, 1<<24 - 1, 1<<24 + 1, 1 << 30, math.MaxInt32} {
		for k := int64(-300); k <= 300; k++ {
			for _, d := range []int64{-1, 0, 1} {
				v := k*int64(theta) + d
				if v != int64(int32(v)) {
					continue
				}
				floor := k
				if d < 0 || d >= int64(theta) {
					floor += d
				}
				if d < 0 && theta > 1 {
					floor = k - 1
				}
				for _, low := range []int32{-255, -15, 0} {
					want := int32(max(int64(low), min(floor, 255)))
					if got := floorInt(int32(v), 1/float64(theta), low, 255); got != want {
						t.Fatalf("floor(%d/%d) from %d on is %d, want %d", v, theta, low, got, want)
					}
				}
			}
		}
	}
}
