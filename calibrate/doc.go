// Package calibrate measures the activations of a trained network on samples, and chooses
// thresholds of spiking neurons from them.
//
// [Run] runs the network on samples and collects, for every [Site] (a value that neurons
// will stand for), a histogram per channel in bounded memory. The result is a [Profile]. It
// is stored as JSON and serves any format, number of steps and method later. A [Method]
// reads a site's statistics and chooses a clip value for a [Grid], the values that a neuron
// can stand for; the threshold is the clip value divided by the largest level.
package calibrate
