// Command gen writes the assembly kernels of packages u8 and f32, with their declarations
// and the tables that list them by tile size. Run it by go generate in internal/kernels.
package main

import (
	"flag"
	"fmt"
	"log"
	"path/filepath"
)

// A file is one generated pair name_amd64.s and name_amd64.go in the folder of its package.
type file struct {
	pkg, name string
	emit      func(*program)
}

var files = []file{
	{"u8", "zavx2", func(p *program) {
		convTileAVX2(p)
		depthwiseTileAVX2(p)
		fireTileAVX2(p)
		mix(p, "AVX2", 8, p.YMM)
		maxPool(p, ymm)
		totals(p, ymm)
		sparseFamilies(p, "AVX2", p.YMM)
	}},
	{"f32", "zavx2", func(p *program) {
		float32s(p, ymm)
		transposef32(p)
	}},
	{"u8", "zavxvnni", convAVXVNNI},
	{"u8", "zavx512", func(p *program) {
		convTileAVX512(p)
		depthwiseTileAVX512(p)
		depthwiseTileRowAVX512(p)
		fireTileAVX512(p)
		mix(p, "AVX512", 16, p.ZMM)
		maxPool(p, zmm)
		totals(p, zmm)
		sparseFamilies(p, "AVX512", p.ZMM)
		winograd(p)
		quantise(p)
		peakVNNI(p)
	}},
	{"u8", "zamx", func(p *program) {
		convAMX(p)
		peakAMX(p)
	}},
	{"f32", "zavx512", func(p *program) { float32s(p, zmm) }},
}

// float32s writes all kernels of real numbers.
func float32s(p *program, w width) {
	gemmf32(p, w)
	convf32(p, w)
	windowf32(p, w)
	eachf32(p, w)
	peakf32(p, w)
}

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", ".", "the folder internal/kernels")
	flag.Parse()
	if err := generate(*dir, *dir); err != nil {
		log.Fatal(err)
	}
}

// generate writes all files below the folder to, for the structs of the packages below
// the folder from.
func generate(from, to string) error {
	for _, f := range files {
		pkg, err := loadTiles(filepath.Join(from, f.pkg, "tiles.go"))
		if err != nil {
			return err
		}
		p := newProgram(pkg)
		f.emit(p)
		if err := p.write(filepath.Join(to, f.pkg, f.name+"_amd64")); err != nil {
			return fmt.Errorf("%s/%s: %w", f.pkg, f.name, err)
		}
	}
	return nil
}
