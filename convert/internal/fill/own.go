package fill

import (
	"math"
	"slices"
	"strconv"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// This file keeps the numbers of a quantised model as they are: the levels of its values, and
// the whole numbers that its weights, its biases and the ratios of its scales are.

// whole is how far a quotient may be from a whole number that float32 has rounded twice.
const whole = 1e-3

// ownNeuron makes neurons under construction quantise as the model does.
func (b *Builder) ownNeuron(n *snn.Neuron, q *plan.Quantiser) {
	n.Act = snn.Activation{Fn: snn.Quantise}
	n.Act.A, n.Act.B = q.Range()
	n.IntThreshold = nil
	for c, unit := range b.current.Unit {
		units := math.Round(float64(n.Threshold[c]) / float64(unit))
		n.IntThreshold = append(n.IntThreshold, int32(max(1, min(units, mostUnits))))
	}
}

// ownWeights is integerWeights for rows that are whole numbers of some unit. The weights are those
// of the model, for inputs of which every level is worth value.
func (b *Builder) ownWeights(l *plan.Layer, f, bias []float32, value float32) snn.Weights {
	if bias == nil {
		bias = make([]float32, l.Shape.C)
	}
	w := snn.Weights{Q: make([]int8, len(f)), IntBias: make([]int32, len(bias))}
	fan := len(f) / len(bias)
	b.current.Unit = make([]float32, len(bias))
	for c, x := range bias {
		row := f[c*fan:][:fan]
		unit, exact := ownUnit(row, float64(x)/float64(value))
		if !exact {
			unit = bestUnit(row, math.MaxInt8)
		}
		unit = max(unit, math.Abs(float64(x)/float64(value))/maxMembrane, smallestUnit)
		for i, y := range row {
			w.Q[c*fan+i] = int8(max(math.MinInt8, min(math.Round(float64(y)/unit), math.MaxInt8)))
		}
		scale := stepOf(row, w.Q[c*fan:][:fan], unit)
		b.current.Unit[c] = max(scale*value, smallestUnit) // in float32, as quantised models have it
		worth := float64(b.current.Unit[c])
		w.IntBias[c] = int32(math.Round(float64(x) / worth))
		b.checkOwn(l, exact, float64(x)-float64(w.IntBias[c])*worth)
	}
	return w
}

// ownValue returns what a level of the layer's input is worth, where the levels of a quantised model
// are kept and all are worth the same.
func (b *Builder) ownValue(l *plan.Layer) (value float32, ok bool) {
	values := b.LevelValues(l.In[0])
	if !b.Options.OwnLevels || len(values) == 0 || slices.Min(values) != slices.Max(values) {
		return 0, false
	}
	return values[0], true
}

// checkOwn notes a layer whose numbers are not those of the model: weights, or a bias that rounding
// moved by so much.
func (b *Builder) checkOwn(l *plan.Layer, exact bool, moved float64) {
	const part = 1e-3 // of a level
	step := 0.
	if q := b.quantiserBehind(l); q != nil {
		step = float64(q.Step)
	}
	var note string
	switch {
	case !exact:
		note = strconv.Quote(l.Name) + ": its weights are not whole numbers of at most 8 bits for each output, and were rounded"
	case math.Abs(moved) > part*step && step > 0:
		note = strconv.Quote(l.Name) + ": its bias is no whole number of the products that it is added to, and was rounded"
	default:
		return
	}
	if !slices.Contains(b.Inexact, note) {
		b.Inexact = append(b.Inexact, note)
	}
}

// quantiserBehind is that of the neurons which take the current of a layer, nil where none do at once.
func (b *Builder) quantiserBehind(l *plan.Layer) *plan.Quantiser {
	if l.Neuron != nil {
		return l.Neuron.Own
	}
	for _, reader := range b.Plan.Layers {
		if reader.Neuron != nil && slices.Contains(reader.In, l) {
			return reader.Neuron.Own
		}
	}
	return nil
}

// ownUnit returns the largest unit of which all weights of a row are whole numbers of 8 bits, and
// the bias is one of 32, and whether there is one for the weights. Where the bias is none of any,
// it is the smallest for the weights.
func ownUnit(row []float32, bias float64) (unit float64, exact bool) {
	least, most := math.Inf(1), 0.0
	for _, x := range row {
		if size := math.Abs(float64(x)); size > 0 {
			least, most = min(least, size), max(most, size)
		}
	}
	if most == 0 {
		return math.Abs(bias) / (1 << 20), true
	}
	for parts := 1.; parts <= -math.MinInt8; parts++ {
		u := least / parts
		if most/u > -math.MinInt8+whole {
			break
		}
		if u, ok := wholeNumbers(row, u); ok {
			unit, exact = u, true
			b := bias / u
			if math.Abs(b-math.Round(b)) <= max(whole, math.Abs(b)*0x1p-22) {
				return unit, true
			}
		}
	}
	return unit, exact
}

// wholeNumbers reports whether a row is whole numbers of about a unit, -128 to 127, and returns the
// unit that fits them best.
func wholeNumbers(row []float32, unit float64) (best float64, ok bool) {
	products, squares := 0.0, 0.0
	for _, x := range row {
		q := math.Round(float64(x) / unit)
		if q > math.MaxInt8 || math.Abs(float64(x)/unit-q) > whole {
			return 0, false
		}
		products, squares = products+q*float64(x), squares+q*q
	}
	return products / squares, true
}

// stepOf returns the float32 close to unit of which the row is the products with whole numbers.
func stepOf(row []float32, q []int8, unit float64) float32 {
	step := float32(unit)
	infinity := float32(math.Inf(1))
	for _, s := range []float32{step, math.Nextafter32(step, 0), math.Nextafter32(step, infinity)} {
		same := true
		for i, x := range row {
			same = same && float32(q[i])*s == x
		}
		if same {
			return s
		}
	}
	return step
}

// ownSumUnit returns a unit in which the factors of a channel of a sum are whole numbers, or as
// close to them as 32 bits allow; the levels of its inputs are at most most.
func ownSumUnit(scales [][]float32, most []float64, channel int, bias float32) float64 {
	factors := make([]float64, len(scales))
	room := math.Abs(float64(bias))
	for k, s := range scales {
		factors[k] = math.Abs(float64(s[channel%len(s)]))
		room += factors[k] * most[k]
	}
	finest := room / (maxMembrane / 2) // smaller units would not fit
	unit := slices.Max(factors)
	if len(factors) == 2 && min(factors[0], factors[1]) > 0 {
		unit = factors[1] / float64(denominator(factors[0]/factors[1], factors[1]/finest))
	} else if len(factors) > 2 || bias != 0 {
		unit = finest
	}
	if bias != 0 && unit > finest {
		unit /= math.Floor(unit / finest)
	}
	return max(unit, finest, smallestUnit)
}

// denominator returns that of the best fraction for x, by continued fractions, of at most most.
func denominator(x, most float64) int {
	const good = 0x1p-40
	before, q, rest := 0., 1., x
	for {
		if math.Abs(x*q-math.Round(x*q)) <= good*x*q {
			return int(q)
		}
		rest = 1 / (rest - math.Floor(rest))
		next := math.Floor(rest)*q + before
		if !(next <= most) {
			return int(q)
		}
		before, q = q, next
	}
}
