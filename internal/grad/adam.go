package grad

import "math"

// Adam is the optimiser of Kingma and Ba (arXiv 1412.6980). A step of a parameter is relative
// to its typical magnitude.
type Adam struct {
	Rate float32

	net           *Network
	first, second [][]float32
	done          int
}

// Constants of the optimiser.
const (
	firstDecay  = 0.9
	secondDecay = 0.99
	epsilon     = 1e-12 // relative to no unit: gradients may be tiny
)

// NewAdam returns an optimiser of the parameters of g.
func NewAdam(g *Network) *Adam {
	a := &Adam{net: g}
	for _, p := range g.Params {
		a.first, a.second = append(a.first, make([]float32, len(p.Data))), append(a.second, make([]float32, len(p.Data)))
	}
	return a
}

// Step changes all parameters against the gradients.
func (a *Adam) Step(grads [][]float32) {
	a.done++
	bias1 := 1 - float32(math.Pow(firstDecay, float64(a.done)))
	bias2 := 1 - float32(math.Pow(secondDecay, float64(a.done)))
	for i, p := range a.net.Params {
		m, v, rate := a.first[i], a.second[i], a.Rate*p.Typical/bias1
		for k, g := range grads[i] {
			m[k] = float32(firstDecay*m[k]) + float32((1-firstDecay)*g)
			v[k] = float32(secondDecay*v[k]) + float32(float32((1-secondDecay)*g)*g)
			root := float32(math.Sqrt(float64(v[k] / bias2)))
			p.Data[k] -= float32(rate * m[k] / (root + epsilon))
		}
	}
	a.net.Update()
}
