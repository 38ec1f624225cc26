package dataset

import "testing"

var twoImages = idxBytes([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 2, 3)

func TestIDX(t *testing.T) {
	labels := idxBytes([]byte{7, 3}, 2)
	fsys := files(map[string][]byte{
		"plain/a-images-idx3-ubyte":    twoImages,
		"plain/a-labels-idx1-ubyte":    labels,
		"mixed/t-images-idx3-ubyte.gz": gzipped(t, twoImages),
		"mixed/t-labels-idx1-ubyte":    labels,
		"dots/x-images.idx3-ubyte":     twoImages,
		"dots/x-labels.idx1-ubyte.gz":  gzipped(t, labels),
		"bare/a-images-idx3-ubyte.gz":  gzipped(t, twoImages),
		"renamed":                      twoImages,
	})
	for _, name := range []string{"plain", "plain/a-images-idx3-ubyte", "mixed", "dots"} {
		s := openRaw(t, fsys, name, 1, 2, 3)
		if s.Len() != 2 || s.Format() != "idx" || !s.Labelled() {
			t.Errorf("%s: %d samples of %s, labelled: %v", name, s.Len(), s.Format(), s.Labelled())
		}
		wantSample(t, s, 0, 7, 1, 2, 3, 4, 5, 6)
		wantSample(t, s, 1, 3, 7, 8, 9, 10, 11, 12)
	}
	for _, name := range []string{"bare", "renamed"} {
		s := openRaw(t, fsys, name, 1, 2, 3)
		if s.Labelled() {
			t.Errorf("%s is labelled", name)
		}
		wantSample(t, s, 1, -1, 7, 8, 9, 10, 11, 12)
	}
}

func TestIDXErrors(t *testing.T) {
	tests := []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"labels", map[string][]byte{"d": idxBytes([]byte{1, 2}, 2)}, "00 00 08 03"},
		{"floats", map[string][]byte{"d/a-images-idx3-ubyte": {0, 0, 13, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0}}, "00 00 0d 03"},
		{"short", map[string][]byte{"d": twoImages[:20]}, "12 bytes"},
		{"long", map[string][]byte{"d": append(twoImages[:28:28], 0)}, "the file has 13"},
		{"no header", map[string][]byte{"d": twoImages[:9]}, "IDX header"},
		{"no image", map[string][]byte{"d": idxBytes(nil, 0, 2, 3)}, "dimension 0"},
		{"overflow", map[string][]byte{"d": idxBytes(nil, 1<<31, 1<<31, 1<<31)}, "dimension"},
		{"gzip bomb", map[string][]byte{"d": gzipped(t, append(idxBytes(nil, 1, 1, 1), make([]byte, 1<<20)...))}, "promises [1 1 1]"},
		{"broken gzip", map[string][]byte{"d": gzipped(t, twoImages)[:30]}, "unexpected EOF"},
		{"two pairs", map[string][]byte{"d/a-images-idx3-ubyte": twoImages, "d/b-images-idx3-ubyte": twoImages}, "naming one"},
		{"fewer labels", map[string][]byte{"d/a-images-idx3-ubyte": twoImages, "d/a-labels-idx1-ubyte": idxBytes([]byte{1}, 1)}, "1 labels for 2 images"},
		{"bad labels", map[string][]byte{"d/a-images-idx3-ubyte": twoImages, "d/a-labels-idx1-ubyte": twoImages}, "a-labels-idx1-ubyte"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantError(t, files(tt.files), "d", Options{Preprocess: raw(t), InputShape: []int{1, 2, 3}, Format: "idx"}, `"d"`, tt.want)
		})
	}
}

func FuzzIDX(f *testing.F) {
	f.Add(twoImages, idxBytes([]byte{7, 3}, 2))
	f.Add(gzipped(f, twoImages), gzipped(f, idxBytes([]byte{7, 3}, 2)))
	f.Add(idxBytes(nil, 1<<30, 1, 1), []byte{})
	f.Fuzz(func(t *testing.T, images, labels []byte) {
		data := map[string][]byte{"a-images-idx3-ubyte": images, "a-labels-idx1-ubyte": labels}
		readHostile(t, data, "a-images-idx3-ubyte", "idx", 2, 3)
	})
}
