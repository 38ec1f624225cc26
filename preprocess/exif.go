package preprocess

import (
	"bytes"
	"encoding/binary"
)

// orientation says how the pixels of a file lie: the tag of that name of EXIF. The camera was
// turned, or its picture is a mirror image.
type orientation uint8

// The values that the tag may have. The number of each says what makes the pixels upright.
const (
	upright    orientation = 1
	flipX      orientation = 2 // exchange left and right
	halfTurn   orientation = 3
	flipY      orientation = 4 // exchange top and bottom
	transpose  orientation = 5 // exchange rows and columns
	turnRight  orientation = 6 // by 90 degrees, clockwise
	transverse orientation = 7 // exchange rows and columns of the half turn
	turnLeft   orientation = 8
)

// inverse takes back what o does.
func (o orientation) inverse() orientation {
	switch o {
	case turnRight:
		return turnLeft
	case turnLeft:
		return turnRight
	}
	return o
}

// turned returns the picture as o says.
func (p picture) turned(o orientation) picture {
	if o <= upright || o > turnLeft {
		return p
	}
	out := picture{w: p.w, h: p.h, c: p.c, pix: make([]byte, 0, len(p.pix))}
	if o >= transpose {
		out.w, out.h = p.h, p.w
	}
	for y := range out.h {
		for x := range out.w {
			from := p.source(o, x, y)
			out.pix = append(out.pix, p.pix[from:from+p.c]...)
		}
	}
	return out
}

// source returns where the pixel stands that comes to column x of row y.
func (p picture) source(o orientation, x, y int) int {
	if o >= transpose {
		x, y = y, x
	}
	if o == flipX || o == halfTurn || o == transverse || o == turnLeft {
		x = p.w - 1 - x
	}
	if o == halfTurn || o == flipY || o == turnRight || o == transverse {
		y = p.h - 1 - y
	}
	return (y*p.w + x) * p.c
}

// orientationOf returns the orientation that a JPEG, PNG or WebP file states, upright where it
// states none or where that cannot be read.
func orientationOf(file []byte) orientation {
	var exif []byte
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8")):
		exif = exifOfJPEG(file)
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		exif = exifOfPNG(file)
	case len(file) >= 12 && string(file[:4]) == "RIFF":
		exif = exifOfWebP(file)
	}
	return orientationTag(exif)
}

// exifMark precedes EXIF in JPEG files, and in WebP files of some programs.
const exifMark = "Exif\x00\x00"

// exifOfJPEG looks through the segments before the pixels.
func exifOfJPEG(file []byte) []byte {
	const (
		start    = 0xd8
		end      = 0xd9
		scan     = 0xda
		app1     = 0xe1
		temp     = 0x01
		restart0 = 0xd0
	)
	for rest := file; len(rest) >= 4; {
		if rest[0] != 0xff {
			return nil
		}
		marker := rest[1]
		switch {
		case marker == 0xff: // filling
			rest = rest[1:]
			continue
		case marker == temp || marker >= restart0 && marker <= start:
			rest = rest[2:]
			continue
		case marker == end || marker == scan:
			return nil
		}
		length := int(binary.BigEndian.Uint16(rest[2:])) // counts its own two bytes
		if length < 2 || len(rest) < 2+length {
			return nil
		}
		if exif, ok := bytes.CutPrefix(rest[4:2+length], []byte(exifMark)); ok && marker == app1 {
			return exif
		}
		rest = rest[2+length:]
	}
	return nil
}

// exifOfPNG looks through the chunks, since EXIF may follow the pixels.
func exifOfPNG(file []byte) []byte {
	for rest := file[8:]; len(rest) >= 12; {
		length := uint64(binary.BigEndian.Uint32(rest))
		if length > uint64(len(rest)-12) {
			return nil
		}
		if string(rest[4:8]) == "eXIf" {
			return rest[8 : 8+length]
		}
		rest = rest[12+length:]
	}
	return nil
}

// exifOfWebP looks through the chunks of the extended form.
func exifOfWebP(file []byte) []byte {
	for rest := file[12:]; len(rest) >= 8; {
		length := uint64(binary.LittleEndian.Uint32(rest[4:]))
		if length > uint64(len(rest)-8) {
			return nil
		}
		if string(rest[:4]) == "EXIF" {
			return bytes.TrimPrefix(rest[8:8+length], []byte(exifMark))
		}
		rest = rest[min(8+length+length&1, uint64(len(rest))):]
	}
	return nil
}

// orientationTag looks for the tag in the first directory of EXIF, which is a TIFF file.
func orientationTag(exif []byte) orientation {
	const (
		tag       = 0x0112
		short     = 3
		entrySize = 12
	)
	if len(exif) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(exif[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return upright
	}
	entries := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(entries) < entrySize {
			break
		}
		if order.Uint16(entries) == tag {
			o := order.Uint16(entries[8:])
			if order.Uint16(entries[2:]) != short || order.Uint32(entries[4:]) != 1 || o < uint16(upright) || o > uint16(turnLeft) {
				break
			}
			return orientation(o)
		}
		entries = entries[entrySize:]
	}
	return upright
}
