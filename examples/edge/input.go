package main

// pictures is how the network sees pictures.
var pictures = &preparation{
	scale: 0.00392156862745098, mean: []float64{0.5}, std: []float64{0.5},
	colour: []int{0}, channelsFirst: true,
}
