package glyphs_test

import (
	"bytes"
	"testing"

	"ann2snn/models/glyphs"
)

func TestDrawIsAPrefixOfALongerDraw(t *testing.T) {
	images, labels := glyphs.Draw(7, 20)
	more, moreLabels := glyphs.Draw(7, 40)
	if !bytes.HasPrefix(more, images) || !bytes.HasPrefix(moreLabels, labels) {
		t.Error("samples depend on how many are drawn")
	}
	other, _ := glyphs.Draw(8, 20)
	if bytes.Equal(images, other) {
		t.Error("samples do not depend on the seed")
	}
}

func TestDrawShowsEveryClass(t *testing.T) {
	images, labels := glyphs.Draw(1, 1000)
	seen := map[byte]int{}
	for i, label := range labels {
		seen[label]++
		image := images[i*glyphs.Size*glyphs.Size:][:glyphs.Size*glyphs.Size]
		if low, high := bounds(image); int(high)-int(low) < 50 {
			t.Errorf("sample %d has grey levels %d..%d: nothing to see", i, low, high)
		}
	}
	if len(seen) != len(glyphs.Classes) {
		t.Errorf("%d classes of %d appear among 1,000 samples", len(seen), len(glyphs.Classes))
	}
}

func bounds(image []byte) (low, high byte) {
	low, high = image[0], image[0]
	for _, v := range image {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

func BenchmarkDraw(b *testing.B) {
	for b.Loop() {
		glyphs.Draw(1, 100)
	}
}
