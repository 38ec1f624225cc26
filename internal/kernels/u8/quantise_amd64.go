//go:build !purego

package u8

// quantiseEights quantises eights of numbers, up to one with a number that has to be
// divided or is not finite. It returns how many numbers it quantised.
func quantiseEights(q *Quantiser, dst []uint8, src []float32) int {
	eights := len(src) / 8
	if eights == 0 {
		return 0
	}
	t := quantiseTile{
		src: &src[0], dst: &dst[0], eights: int64(eights),
		inverse: q.inverse, shift: q.most + 0.5, end: 2*q.most + 1, low: surelyAbove, high: surelyBelow,
	}
	quantiseTileAVX512(&t)
	return 8 * (eights - int(t.left))
}
