// Package fill turns a plan into a network: it chooses the bits and thresholds of neurons
// from a calibration and computes weights, units, biases and multipliers, in float32 or in
// integers.
//
// [New] makes a Builder, [Builder.ChooseThresholds] its thresholds, [Builder.Build] all
// layers. A fit drives it layer by layer instead, with [Builder.Layer]:
//
//	b.Replace(l, weights)       // other weights than the trained ones
//	b.Choices[l.Index] = choice // other thresholds
//	err := b.Layer(l)           // builds l, or builds it again; layers below l are built
//
// and reads what is built in Net, [Builder.LevelValues] and [Builder.InputValues]. The
// layers that are built are proven once, whoever asks: [Builder.Prove].
//
// # Numbers
//
// The value of one level of a layer's output (its level value) is folded into the weights or
// factors of the layers that read it, so that spikes are plain integers. In an integer
// network a current is counted in units, one per output channel. Units of weighted layers
// come from rounding their weights (integer.go), those of sums are chosen so that factors
// and thresholds become whole numbers without an overflow (integersum.go), and the two are
// brought together where a sum adds a current to levels (align.go).
//
// Each planned operator has a file of its name.
package fill
