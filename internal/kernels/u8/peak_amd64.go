//go:build !purego

package u8

// peakLoops is how often the loops of Peak go round: long enough for a clock.
const peakLoops = 20_000

func peakAMX() (instruction string, ops float64) {
	a := blocksArgs{rows: blockRows, tile: convBlocksTile{steps: peakLoops / 4}}
	a.shape(4 * blockRows)
	peakTileAMX(&a.tile)
	return "TDPBUSD", peakLoops / 4 * 4 * 2 * 16 * 16 * 64
}

func peakAVX512() (instruction string, ops float64) {
	peakTileAVX512(&peakTile{loops: peakLoops})
	return "VPDPBUSD", peakLoops * 24 * 128
}
