package glyphs

import (
	"fmt"
	"image"
	"image/draw"
	"sync"

	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomediumitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/gomonobolditalic"
	"golang.org/x/image/font/gofont/gomonoitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/math/fixed"
)

// masterSize is the size of the outlines' masters, in pixels per em: large enough for
// every sample to be a reduction, which keeps edges smooth.
const masterSize = 56

var fonts = [][]byte{
	gobold.TTF,
	gobolditalic.TTF,
	goitalic.TTF,
	gomedium.TTF,
	gomediumitalic.TTF,
	gomono.TTF,
	gomonobold.TTF,
	gomonobolditalic.TTF,
	gomonoitalic.TTF,
	goregular.TTF,
}

// masters returns the coverage mask of every class (second index) in every font (first
// index), each cropped to its ink.
var masters = sync.OnceValue(func() [][]*image.Alpha {
	all := make([][]*image.Alpha, len(fonts))
	for i, ttf := range fonts {
		parsed, err := truetype.Parse(ttf)
		if err != nil {
			panic("glyphs: a Go font does not parse: " + err.Error())
		}
		face := truetype.NewFace(parsed, &truetype.Options{Size: masterSize, Hinting: font.HintingNone})
		for _, class := range Classes {
			all[i] = append(all[i], master(face, rune(class[0])))
		}
	}
	return all
})

// master copies the mask of one symbol, because a face reuses its own.
func master(face font.Face, symbol rune) *image.Alpha {
	bounds, mask, at, _, ok := face.Glyph(fixed.Point26_6{}, symbol)
	if !ok {
		panic(fmt.Sprintf("glyphs: a Go font lacks %q", symbol))
	}
	m := image.NewAlpha(image.Rectangle{Max: bounds.Size()})
	draw.Draw(m, m.Rect, mask, at, draw.Src)
	return m
}
