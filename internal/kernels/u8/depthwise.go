package u8

import "ann2snn/snn"

// layOutDepthwise lays out a convolution with one weight per channel and pixel of the
// window.
func (c *Conv) layOutDepthwise(w *snn.Window) {
	c.order = tapOrder(w)
	offsets := c.in.tapOffsets(w)
	for _, tap := range c.order {
		c.taps = append(c.taps, offsets[max(tap, ^tap)])
	}
	c.rolls = len(c.order) == 12 && w.Kernel[1] == 3 && w.Stride[1] == 1 && w.Dilation[1] == 1
	for from := 0; from < c.out.C; from += 64 {
		c.addPanel(panel{
			vecs: 4, channel: from, channels: min(64, c.out.C-from), group: from, weights: len(c.panels) * 64 * len(c.taps),
		})
	}
	c.length = len(c.panels) * 64 * len(c.taps)
}

// packTaps packs the weights of a panel's channel, by tap.
func (c *Conv) packTaps(to []int8, channel int, weights []int8) {
	for i, tap := range c.order {
		if tap >= 0 {
			to[tapWeight(channel, i)] = weights[tap]
		}
	}
}

// tapOrder lists the taps of a window four by four. Where the window is three or four high,
// the taps of a column are one four, which the next window shares. ^x stands for no tap: it
// fills up a four of column x.
func tapOrder(w *snn.Window) []int {
	var order []int
	for kx := range w.Kernel[1] {
		for ky := range w.Kernel[0] {
			order = append(order, ky*w.Kernel[1]+kx)
		}
		last := kx == w.Kernel[1]-1
		for len(order)%4 != 0 && (last || w.Kernel[0] == 3) {
			order = append(order, ^kx)
		}
	}
	return order
}

// tapWeight returns the place of the weight of a panel's channel for a tap. Four taps are
// together; channels are in the order that interleaving bytes gives, see the generator.
func tapWeight(channel, tap int) int {
	lane, q, dword := channel/16, channel/4%4, channel%4
	return tap/4*256 + 64*q + 16*lane + 4*dword + tap%4
}

// firstWeights are the places of a panel's weights for tap 0, by channel.
var firstWeights = func() (at [64]uint8) {
	for channel := range at {
		at[channel] = uint8(tapWeight(channel, 0))
	}
	return at
}()

// sumDepthwise adds the products of one window to sums.
func (c *Conv) sumDepthwise(sums []int32, window []uint8, weights []int8) {
	sums = sums[:len(firstWeights)]
	for tap, offset := range c.taps {
		pixel, four := window[offset:][:len(firstWeights)], weights[tapWeight(0, tap):]
		for channel, at := range firstWeights {
			sums[channel] += int32(pixel[channel]) * int32(four[at])
		}
	}
}
