package main

import (
	"errors"
	"math"
	"strconv"

	"ann2snn/snn"
)

// preparation says how bytes of pixels become values of the input:
//
//	value = (byte*scale - mean[channel]) / std[channel]
type preparation struct {
	scale         float64
	mean, std     []float64 // one for all channels, or one per channel
	colour        []int     // that a channel comes from
	channelsFirst bool
}

// split cuts a file into samples, without headers.
func split(file []byte, shape snn.Shape) ([][]byte, error) {
	pixels, err := body(file)
	if err != nil {
		return nil, err
	}
	size := shape.Len()
	if pictures == nil {
		size *= 4
	}
	if len(file) == 0 {
		return nil, errors.New("it is empty (-h says what it may hold)")
	}
	if len(pixels) == 0 || len(pixels)%size != 0 {
		return nil, errors.New(strconv.Itoa(len(pixels)) + " bytes are no samples of " + strconv.Itoa(size) +
			" (the network takes " + strconv.Itoa(shape.H) + " x " + strconv.Itoa(shape.W) + " x " + strconv.Itoa(shape.C) + ")")
	}
	var samples [][]byte
	for ; len(pixels) > 0; pixels = pixels[size:] {
		samples = append(samples, pixels[:size])
	}
	return samples, nil
}

// body returns what follows the header of an IDX, PGM or PPM file, or all of another.
func body(file []byte) ([]byte, error) {
	switch {
	case pictures == nil || len(file) < 4:
	case string(file[:3]) == "\x00\x00\x08" && 1 <= file[3] && file[3] <= 4: // IDX of bytes
		if header := 4 + 4*int(file[3]); len(file) > header {
			return file[header:], nil
		}
	case string(file[:2]) == "P5" || string(file[:2]) == "P6":
		at := 2
		for _, want := range []string{"width", "height", "255"} {
			var field string
			if field, at = word(file, at); field == "" || want == "255" && field != want {
				return nil, errors.New("a PGM or PPM file without its " + want)
			}
		}
		if at < len(file) {
			return file[at+1:], nil
		}
	}
	return file, nil
}

// word returns the next number of a header and where it ends; comments are passed over.
func word(file []byte, at int) (string, int) {
	comment := false
	for ; at < len(file) && (comment || file[at] == '#' || file[at] <= ' '); at++ {
		comment = file[at] == '#' || comment && file[at] != '\n'
	}
	from := at
	for at < len(file) && '0' <= file[at] && file[at] <= '9' {
		at++
	}
	return string(file[from:at]), at
}

// prepare makes a sample the values that the network takes.
func prepare(dst []float32, sample []byte) {
	p := pictures
	if p == nil {
		for i := range dst {
			b := sample[4*i:]
			dst[i] = math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
		}
		return
	}
	channels := len(p.colour)
	pixels := len(dst) / channels
	for c, from := range p.colour {
		mean, std := p.mean[c%len(p.mean)], p.std[c%len(p.std)]
		for i := range pixels {
			scaled := float64(float64(sample[i*channels+from]) * p.scale) // rounded, not fused
			to := i*channels + c
			if p.channelsFirst {
				to = c*pixels + i
			}
			dst[to] = float32((scaled - mean) / std)
		}
	}
}
