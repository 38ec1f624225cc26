package dataset

import (
	"errors"
	"fmt"
	"slices"

	"ann2snn/internal/sampleid"
	"ann2snn/preprocess"
)

// prepared are images together with what makes a model's input of them.
type prepared struct {
	images
	input *preprocess.Input
}

// prepare returns images as samples of a model, and the preprocessing with everything
// filled in that the model's input decides.
func prepare(im images, o Options) (samples, preprocess.Spec, error) {
	in, err := o.Preprocess.Input(o.InputShape)
	if err != nil {
		return nil, preprocess.Spec{}, err
	}
	_, files := im.(*pictures)
	for _, flag := range o.Given {
		if flag == "--ignore-exif" && !files {
			return nil, preprocess.Spec{}, errors.New("these pictures are in no files of their own and have no EXIF, --ignore-exif would have no effect (try without)")
		}
		if in.C == 1 && (flag == "--channels" || flag == "--layout" && len(o.InputShape) < 3) {
			return nil, preprocess.Spec{}, fmt.Errorf("the model's input of shape %v is a grey picture, %s would have no effect (try without)", o.InputShape, flag)
		}
	}
	return &prepared{im, in}, in.Spec(), nil
}

func (p *prepared) read(i int, dst []float32) (int, error) {
	img, label, err := p.image(i)
	if err != nil {
		return label, err
	}
	return label, p.input.Prepare(dst, img)
}

func (p *prepared) id(i int) (sampleid.ID, error) {
	img, _, err := p.image(i)
	if err != nil {
		return 0, err
	}
	return sampleid.Picture(preprocess.Pixels(img)), nil
}

// assumed says in which order pictures become a list of values, where nothing else says it.
func (p *prepared) assumed(o Options) []string {
	in := p.input
	if len(o.InputShape) != 1 || in.C == 1 || slices.Contains(o.Given, "--layout") {
		return nil
	}
	order, other := "channel by channel (CHW)", "nhwc would be pixel by pixel (HWC)"
	if !in.ChannelsFirst {
		order, other = "pixel by pixel (HWC)", "nchw would be channel by channel (CHW)"
	}
	return []string{fmt.Sprintf("the model takes a list of %d values: pictures of %d x %d become one %s; the layout %s", in.Len(), in.W, in.H, order, other)}
}
