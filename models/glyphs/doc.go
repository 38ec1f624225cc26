// Package glyphs draws the data set of the demonstration network: digits and capital
// letters of the Go fonts under random affine maps, blur and noise.
//
// Everything after the font's rasteriser is integer arithmetic, and sample i of a seed
// depends on nothing but the seed and i, so that the same bytes come out on any machine.
package glyphs
