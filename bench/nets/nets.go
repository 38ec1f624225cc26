// Package nets builds well-known image networks with random weights, as ONNX, for
// measuring speed: they take as long as the trained ones.
//
// Batch normalisation is folded into the convolutions, as exporters do it.
package nets

import "ann2snn/internal/pb"

// Network is a model and the multiply-accumulates that one sample takes.
type Network struct {
	Model *pb.ModelProto
	MACs  int64
}

// All lists the networks by name.
var All = []struct {
	Name  string
	Build func() *Network
}{
	{"resnet18", ResNet18},
	{"resnet50", ResNet50},
	{"mobilenetv2", MobileNetV2},
	{"vgg16", VGG16},
}

const (
	classes = 1000
	// residualGain keeps activations from growing through residual blocks.
	residualGain = 0.3
	linearGain   = 0.7 // of convolutions that no ReLU follows
)

// ResNet18 is the network of He et al. (2015), table 1, with two 3x3 convolutions a block.
func ResNet18() *Network {
	b := newBuilder("resnet18", 18)
	x := b.stem()
	for stage, width := range []int{64, 128, 256, 512} {
		for block := range 2 {
			stride := 1
			if stage > 0 && block == 0 {
				stride = 2
			}
			y := b.relu(b.conv(x, width, 3, stride, 1, 1))
			y = b.conv(y, width, 3, 1, 1, residualGain)
			x = b.relu(b.add(y, b.shortcut(x, width, stride)))
		}
	}
	return b.network(b.dense(b.flatten(b.globalAverage(x)), classes))
}

// ResNet50 is the network of He et al. (2015), table 1, with bottlenecks; the stride is
// at the 3x3 convolution.
func ResNet50() *Network {
	b := newBuilder("resnet50", 50)
	x := b.stem()
	for stage, blocks := range []int{3, 4, 6, 3} {
		width := 64 << stage
		for block := range blocks {
			stride := 1
			if stage > 0 && block == 0 {
				stride = 2
			}
			y := b.relu(b.conv(x, width, 1, 1, 1, 1))
			y = b.relu(b.conv(y, width, 3, stride, 1, 1))
			y = b.conv(y, 4*width, 1, 1, 1, residualGain)
			x = b.relu(b.add(y, b.shortcut(x, 4*width, stride)))
		}
	}
	return b.network(b.dense(b.flatten(b.globalAverage(x)), classes))
}

// stem is the first layers of residual networks.
func (b *builder) stem() value {
	return b.maxPool(b.relu(b.conv(b.input(), 64, 7, 2, 1, 1)), 3, 2, 1)
}

// shortcut is x itself, or a projection where the shape changes.
func (b *builder) shortcut(x value, width, stride int) value {
	if x.c == width && stride == 1 {
		return x
	}
	return b.conv(x, width, 1, stride, 1, linearGain)
}

// MobileNetV2 is the network of Sandler et al. (2018), table 2.
func MobileNetV2() *Network {
	b := newBuilder("mobilenetv2", 2)
	x := b.relu6(b.conv(b.input(), 32, 3, 2, 1, 1))
	for _, s := range []struct{ expansion, width, blocks, stride int }{
		{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1},
	} {
		for block := range s.blocks {
			stride := 1
			if block == 0 {
				stride = s.stride
			}
			x = b.invertedResidual(x, s.expansion, s.width, stride)
		}
	}
	x = b.relu6(b.conv(x, 1280, 1, 1, 1, 1))
	return b.network(b.dense(b.flatten(b.globalAverage(x)), classes))
}

func (b *builder) invertedResidual(x value, expansion, width, stride int) value {
	y := x
	if expansion > 1 {
		y = b.relu6(b.conv(y, expansion*x.c, 1, 1, 1, 1))
	}
	y = b.relu6(b.conv(y, y.c, 3, stride, y.c, 1))
	if stride == 1 && x.c == width {
		return b.add(x, b.conv(y, width, 1, 1, 1, residualGain))
	}
	return b.conv(y, width, 1, 1, 1, linearGain)
}

// VGG16 is configuration D of Simonyan and Zisserman (2014).
func VGG16() *Network {
	b := newBuilder("vgg16", 16)
	x := b.input()
	for _, stage := range [][]int{{64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}} {
		for _, width := range stage {
			x = b.relu(b.conv(x, width, 3, 1, 1, 1))
		}
		x = b.maxPool(x, 2, 2, 0)
	}
	x = b.relu(b.dense(b.flatten(x), 4096))
	x = b.relu(b.dense(x, 4096))
	return b.network(b.dense(x, classes))
}
