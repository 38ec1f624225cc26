package grad

import (
	"slices"

	"ann2snn/snn"
)

// product multiplies two inputs, either of which may be broadcast over the other.
type product struct {
	places [2][]int32 // of the elements of the inputs that an element of the output takes
	gains  []float32  // one, or one per element; 1 in networks that a conversion made
}

// newProduct takes the level values of the inputs out of what a product of levels is worth.
func (g *Network) newProduct(l *snn.Layer, op *snn.Product) *product {
	o := &product{gains: make([]float32, l.Shape.Len())}
	for k, from := range l.In {
		o.places[k] = placesOf(g.source.Layers[from].Shape, l.Shape)
	}
	span := float32(1) // values are sums over the steps, or else means
	if !g.source.Refines() {
		span = float32(g.source.Steps)
	}
	for i := range o.gains {
		if o.gains[i] = span; op.Factor != nil {
			o.gains[i] *= op.Factor[i%len(op.Factor)]
		} else {
			o.gains[i] *= float32(op.Parts) * l.Unit[i%l.Shape.C]
		}
		for k, from := range l.In {
			o.gains[i] /= g.source.Layers[from].LevelValueAt(int(o.places[k][i]))
		}
	}
	if slices.Min(o.gains) == slices.Max(o.gains) {
		o.gains = o.gains[:1:1]
	}
	return o
}

// placesOf returns, for every element of a map, which one it takes of an input that has one
// element along the axes on which it is broadcast.
func placesOf(in, out snn.Shape) []int32 {
	places := make([]int32, 0, out.Len())
	for y := range out.H {
		for x := range out.W {
			for c := range out.C {
				places = append(places, int32((y%in.H*in.W+x%in.W)*in.C+c%in.C))
			}
		}
	}
	return places
}

func (o *product) forward(dst []float32, in [][]float32, _ bool, _ *Session) {
	clear(dst)
	o.add(dst, in[0], in[1])
}

// add adds the product of a and b to dst.
func (o *product) add(dst, a, b []float32) {
	second := o.places[1]
	for i, from := range o.places[0] {
		dst[i] += float32(float32(a[from]*b[second[i]]) * o.gains[i%len(o.gains)])
	}
}

// grow sets dst to what the product of the totals of both inputs gains by a step that is worth
// a part of a total. totals are those of the steps before.
func (o *product) grow(dst, a, b []float32, totals *[2][]float32, worth float32) {
	for i, x := range a {
		totals[0][i] += float32(x * worth)
	}
	clear(dst)
	o.add(dst, totals[0], b)
	o.add(dst, a, totals[1])
	for i, x := range b {
		totals[1][i] += float32(x * worth)
	}
}

func (o *product) backward(dout []float32, in, din [][]float32, _ *Session) {
	for k, d := range din {
		if d == nil {
			continue
		}
		other, from := in[1-k], o.places[1-k]
		for i, to := range o.places[k] {
			d[to] += float32(float32(dout[i]*other[from[i]]) * o.gains[i%len(o.gains)])
		}
	}
}
