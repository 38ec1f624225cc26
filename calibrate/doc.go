// Package calibrate measures the activations of a trained network on samples and
// chooses from them what one level of a spike is worth.
//
// [Run] sends samples through the network and keeps, for every [Site] (a value that
// neurons will stand for), a histogram per channel in bounded memory. The result is a
// [Profile]: it is stored as JSON and serves any format, number of steps and method
// later. A [Method] reads a site's statistics and chooses a clip value for a [Grid];
// the threshold of one level is the clip value over the largest level.
package calibrate
