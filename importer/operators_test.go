package importer

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"ann2snn/internal/pb"
)

// An opCase says what a node means in a range of opsets. It may read the graph input x
// and the constants w [4,3,3,3], v [3], i (integers) and f (false).
type opCase struct {
	first, last int
	node        string
	attributes  []*pb.AttributeProto
	want        string // text of the graph without those constants
}

func attrs(list ...*pb.AttributeProto) []*pb.AttributeProto { return list }

var (
	kernel2 = attr("kernel_shape", []int64{2, 2})
	pads1   = attr("pads", []int64{1, 1, 1, 1})
	axes1   = attr("axes", []int64{1})
	nan     = math.NaN()
	half    = rawTensor("", pb.TensorProto_FLOAT16, []byte{0, 0x38}, 1)
)

var opCases = []opCase{
	{7, maxOpset, "y = Abs(x)", nil, `%y = Unary(%x) "Y" {fn=abs}`},
	{7, maxOpset, "y = Add(x, v)", nil, `%y = Add(%x, %v) "Y"`},
	{7, maxOpset, "y = And(f, f)", nil, `%y = Binary(%f, %f) "Y" {fn=and}`},
	{7, 11, "y = ArgMin(x)", attrs(attr("axis", 1)), `%Y/Unary = Unary(%x) "Y"` + "\n" + `%y = ArgMax(%Y/Unary) "Y" {axis=1}`},
	{12, maxOpset, "y = ArgMin(x)", attrs(attr("axis", 1), attr("select_last_index", 1)), `%Y/Unary = Unary(%x) "Y"` + "\n" + `%y = ArgMax(%Y/Unary) "Y" {axis=1 last=true}`},
	{7, maxOpset, "y = Ceil(x)", nil, `%Y/Unary = Unary(%x) "Y"` + "\n" + `%Y/Unary_2 = Unary(%Y/Unary) "Y" {fn=floor}` + "\n" + `%y = Unary(%Y/Unary_2) "Y"`},
	{7, maxOpset, "y = Mean(x, v)", nil, "const %Y/share float32[] = {0.5}\n" + `%Y/Add = Add(%x, %v) "Y"` + "\n" + `%y = Binary(%Y/Add, %Y/share) "Y" {fn=mul}`},
	{7, maxOpset, "y = Mean(x)", nil, "const %Y/share float32[] = {1}\n" + `%Y/Identity = Identity(%x) "Y"` + "\n" + `%y = Binary(%Y/Identity, %Y/share) "Y" {fn=mul}`},
	{7, 17, "y = ReduceLogSum(x)", attrs(attr("axes", []int64{1})), "const %Y/axes int64[1] = {1}\n" + `%Y/Reduce = Reduce(%x, %Y/axes) "Y" {fn=sum}` + "\n" + `%y = Unary(%Y/Reduce) "Y" {fn=log}`},
	{18, maxOpset, "y = ReduceLogSum(x, i)", nil, `%Y/Reduce = Reduce(%x, %i) "Y" {fn=sum}` + "\n" + `%y = Unary(%Y/Reduce) "Y" {fn=log}`},
	{7, 17, "y = ReduceLogSumExp(x)", attrs(attr("axes", []int64{1}), attr("keepdims", 0)), "const %Y/axes int64[1] = {1}\n" + `%Y/Reduce = Reduce(%x, %Y/axes) "Y" {fn=largest}` + "\n" + `%Y/Binary = Binary(%x, %Y/Reduce) "Y"` + "\n" + `%Y/Unary = Unary(%Y/Binary) "Y" {fn=exp}` + "\n" + `%Y/Reduce_2 = Reduce(%Y/Unary, %Y/axes) "Y" {fn=sum keepDims=false}` + "\n" + `%Y/Unary_2 = Unary(%Y/Reduce_2) "Y" {fn=log}` + "\n" + `%Y/Reduce_3 = Reduce(%x, %Y/axes) "Y" {fn=largest keepDims=false}` + "\n" + `%y = Add(%Y/Unary_2, %Y/Reduce_3) "Y"`},
	{18, maxOpset, "y = ReduceLogSumExp(x, i)", nil, `%Y/Reduce = Reduce(%x, %i) "Y" {fn=largest}` + "\n" + `%Y/Binary = Binary(%x, %Y/Reduce) "Y"` + "\n" + `%Y/Unary = Unary(%Y/Binary) "Y" {fn=exp}` + "\n" + `%Y/Reduce_2 = Reduce(%Y/Unary, %i) "Y" {fn=sum}` + "\n" + `%Y/Unary_2 = Unary(%Y/Reduce_2) "Y" {fn=log}` + "\n" + `%Y/Reduce_3 = Reduce(%x, %i) "Y" {fn=largest}` + "\n" + `%y = Add(%Y/Unary_2, %Y/Reduce_3) "Y"`},
	{14, maxOpset, "y = Trilu(x)", nil, `%y = Trilu(%x) "Y" {upper=true}`},
	{14, maxOpset, "y = Trilu(x, i)", attrs(attr("upper", 0)), `%y = Trilu(%x, %i) "Y"`},
	{7, maxOpset, "y = ArgMax(x)", nil, `%y = ArgMax(%x) "Y"`},
	{12, maxOpset, "y = ArgMax(x)", attrs(attr("axis", 1), attr("keepdims", 0), attr("select_last_index", 1)), `%y = ArgMax(%x) "Y" {axis=1 keepDims=false last=true}`},
	{7, maxOpset, "y = Greater(x, v)", nil, `%y = Binary(%x, %v) "Y" {fn=greater}`},
	{12, maxOpset, "y = GreaterOrEqual(x, v)", nil, `%y = Binary(%x, %v) "Y" {fn=greater_or_equal}`},
	{7, maxOpset, "y = Less(x, v)", nil, `%y = Binary(%x, %v) "Y" {fn=less}`},
	{12, maxOpset, "y = LessOrEqual(x, v)", nil, `%y = Binary(%x, %v) "Y" {fn=less_or_equal}`},
	{7, maxOpset, "y = Max(x, v, w)", nil, `%Y/Binary = Binary(%x, %v) "Y" {fn=max}` + "\n" + `%y = Binary(%Y/Binary, %w) "Y" {fn=max}`},
	{7, maxOpset, "y = Min(x, v)", nil, `%y = Binary(%x, %v) "Y" {fn=min}`},
	{10, maxOpset, "y = Mod(x, v)", attrs(attr("fmod", 1)), `%y = Binary(%x, %v) "Y" {fn=fmod}`},
	{10, maxOpset, "y = Mod(i, i)", nil, `%y = Binary(%i, %i) "Y" {fn=mod}`},
	{7, maxOpset, "y = Or(f, f)", nil, `%y = Binary(%f, %f) "Y" {fn=or}`},
	{7, maxOpset, "y = ReduceL1(x)", nil, `%y = Reduce(%x) "Y" {fn=l1}`},
	{7, maxOpset, "y = ReduceL2(x)", nil, `%y = Reduce(%x) "Y" {fn=l2}`},
	{7, 17, "y = ReduceMax(x)", attrs(axes1), "const %Y/axes int64[1] = {1}\n" + `%y = Reduce(%x, %Y/axes) "Y" {fn=largest}`},
	{18, maxOpset, "y = ReduceMax(x, i)", attrs(attr("keepdims", 0)), `%y = Reduce(%x, %i) "Y" {fn=largest keepDims=false}`},
	{7, maxOpset, "y = ReduceMin(x)", nil, `%y = Reduce(%x) "Y" {fn=smallest}`},
	{7, maxOpset, "y = ReduceSumSquare(x)", nil, `%y = Reduce(%x) "Y" {fn=sum_square}`},
	{7, maxOpset, "y = Xor(f, f)", nil, `%y = Binary(%f, %f) "Y" {fn=xor}`},
	{7, maxOpset, "y = AveragePool(x)", attrs(kernel2), `%y = AveragePool(%x) "Y" {kernel=[2,2]}`},
	{7, maxOpset, "y = AveragePool(x)", attrs(kernel2, pads1, attr("count_include_pad", 1)), `%y = AveragePool(%x) "Y" {kernel=[2,2] pads=[1,1,1,1] countPad=true}`},
	{10, maxOpset, "y = AveragePool(x)", attrs(kernel2, attr("ceil_mode", 1)), `%y = AveragePool(%x) "Y" {kernel=[2,2] ceil=true}`},
	{19, maxOpset, "y = AveragePool(x)", attrs(kernel2, attr("dilations", []int64{2, 1})), `%y = AveragePool(%x) "Y" {kernel=[2,2] dilations=[2,1]}`},
	{7, 8, "y = BatchNormalization(x, v, v, v, v)", attrs(attr("spatial", 1)), `%y = BatchNormalization(%x, %v, %v, %v, %v) "Y"`},
	{7, maxOpset, "y = BatchNormalization(x, v, v, v, v)", attrs(attr("epsilon", 0.5), attr("momentum", 0.1)), `%y = BatchNormalization(%x, %v, %v, %v, %v) "Y" {epsilon=0.5}`},
	{14, maxOpset, "y = BatchNormalization(x, v, v, v, v)", attrs(attr("training_mode", 0)), `%y = BatchNormalization(%x, %v, %v, %v, %v) "Y"`},
	{7, maxOpset, "y = Cast(x)", attrs(attr("to", 1)), `%y = Cast(%x) "Y" {to=float32}`},
	{7, maxOpset, "y = Cast(x)", attrs(attr("to", 6)), `%y = Cast(%x) "Y" {to=int64 stored="int32"}`},
	{7, maxOpset, "y = Cast(x)", attrs(attr("to", 9)), `%y = Cast(%x) "Y" {to=bool}`},
	{19, maxOpset, "y = Cast(x)", attrs(attr("to", 16), attr("saturate", 0)), `%y = Cast(%x) "Y" {to=float32 stored="bfloat16"}`},
	{24, maxOpset, "y = Cast(x)", attrs(attr("to", 1), attr("round_mode", "nearest")), `%y = Cast(%x) "Y" {to=float32}`},
	{7, 10, "y = Clip(x)", attrs(attr("max", 6.0)), "const %Y/max float32[] = {6}\n" + `%y = Clip(%x, _, %Y/max) "Y"`},
	{7, 10, "y = Clip(x)", attrs(attr("min", -1.0)), "const %Y/min float32[] = {-1}\n" + `%y = Clip(%x, %Y/min) "Y"`},
	{7, maxOpset, "y = Clip(x)", nil, `%y = Clip(%x) "Y"`},
	{11, maxOpset, "y = Clip(x, _, v)", nil, `%y = Clip(%x, _, %v) "Y"`},
	{7, maxOpset, "y = Concat(x, x)", attrs(attr("axis", -3)), `%y = Concat(%x, %x) "Y" {axis=-3}`},
	{7, maxOpset, "y = Constant()", attrs(attr("value", half)), `const %y float32<"float16">[1] = {0.5}`},
	{12, maxOpset, "y = Constant()", attrs(attr("value_int", 3)), `const %y int64[] = {3}`},
	{12, maxOpset, "y = Constant()", attrs(attr("value_ints", []int64{3, 4})), `const %y int64[2] = {3, 4}`},
	{12, maxOpset, "y = Constant()", attrs(attr("value_ints", []int64{})), `const %y int64[0] = {}`},
	{12, maxOpset, "y = Constant()", attrs(attr("value_float", 0.5)), `const %y float32[] = {0.5}`},
	{12, maxOpset, "y = Constant()", attrs(attr("value_floats", []float32{0.5, 2})), `const %y float32[2] = {0.5, 2}`},
	{9, maxOpset, "y = ConstantOfShape(i)", nil, `%y = ConstantOfShape(%i) "Y"`},
	{9, maxOpset, "y = ConstantOfShape(i)", attrs(attr("value", ints("", 7))), `%y = ConstantOfShape(%i) "Y" {value=int64[1] {7}}`},
	{7, maxOpset, "y = Conv(x, w)", nil, `%y = Conv(%x, %w) "Y"`},
	{12, maxOpset, "y = Celu(x)", attrs(attr("alpha", 0.5)), `%y = Celu(%x) "Y" {alpha=0.5}`},
	{
		7, maxOpset, "y = Conv(x, w, v)", attrs(
			attr("kernel_shape", []int64{3, 3}), attr("strides", []int64{2, 1}), attr("dilations", []int64{1, 2}), pads1, attr("group", 2)),
		`%y = Conv(%x, %w, %v) "Y" {strides=[2,1] dilations=[1,2] pads=[1,1,1,1] group=2}`,
	},
	{7, maxOpset, "y = Conv(x, w)", attrs(attr("auto_pad", "SAME_LOWER"), attr("pads", []int64{0, 0, 0, 0})), `%y = Conv(%x, %w) "Y" {autoPad=same_lower}`},
	{7, maxOpset, "y = Conv(x, w)", attrs(attr("auto_pad", "NOTSET"), pads1), `%y = Conv(%x, %w) "Y" {pads=[1,1,1,1]}`},
	{7, maxOpset, "y = ConvTranspose(x, w)", nil, `%y = ConvTranspose(%x, %w) "Y"`},
	{
		7, maxOpset, "y = ConvTranspose(x, w, v)", attrs(
			attr("kernel_shape", []int64{3, 3}), attr("strides", []int64{2, 1}), attr("dilations", []int64{1, 2}), pads1, attr("group", 2),
			attr("output_padding", []int64{1, 0})),
		`%y = ConvTranspose(%x, %w, %v) "Y" {strides=[2,1] dilations=[1,2] pads=[1,1,1,1] group=2 outputPadding=[1,0]}`,
	},
	{7, maxOpset, "y = ConvTranspose(x, w)", attrs(attr("output_shape", []int64{1, 3, 8, 9})), `%y = ConvTranspose(%x, %w) "Y" {outputShape=[8,9]}`},
	{7, maxOpset, "y = DepthToSpace(x)", attrs(attr("blocksize", 2)), `%y = DepthToSpace(%x) "Y" {block=2}`},
	{11, maxOpset, "y = DepthToSpace(x)", attrs(attr("blocksize", 2), attr("mode", "CRD")), `%y = DepthToSpace(%x) "Y" {block=2 crd=true}`},
	{7, maxOpset, "y = Div(x, v)", nil, `%y = Binary(%x, %v) "Y" {fn=div}`},
	{7, 9, "y, m = Dropout(x)", attrs(attr("ratio", 0.3)), `%y = Dropout(%x) "Y"`},
	{10, maxOpset, "y, m = Dropout(x)", nil, `%y, %m = Dropout(%x) "Y"`},
	{12, maxOpset, "y = Dropout(x, v, f)", attrs(attr("seed", 4)), `%y = Dropout(%x) "Y"`},
	{10, maxOpset, "y = DequantizeLinear(i, v)", nil, `%y = DequantizeLinear(%i, %v) "Y"`},
	{21, maxOpset, "y = DequantizeLinear(i, v, i)", attrs(attr("axis", 0), attr("block_size", 2)), `%y = DequantizeLinear(%i, %v, %i) "Y" {axis=0 block=2}`},
	{23, maxOpset, "y = DequantizeLinear(i, v)", attrs(attr("output_dtype", 1)), `%y = DequantizeLinear(%i, %v) "Y"`},
	{7, maxOpset, "y = Elu(x)", attrs(attr("alpha", 0.5)), `%y = Elu(%x) "Y" {alpha=0.5}`},
	{7, maxOpset, "y = Equal(x, v)", nil, `%y = Binary(%x, %v) "Y" {fn=equal}`},
	{9, maxOpset, "y = Erf(x)", nil, `%y = Unary(%x) "Y" {fn=erf}`},
	{7, maxOpset, "y = Exp(x)", nil, `%y = Unary(%x) "Y" {fn=exp}`},
	{8, maxOpset, "y = Expand(x, i)", nil, `%y = Expand(%x, %i) "Y"`},
	{7, maxOpset, "y = Flatten(x)", nil, `%y = Flatten(%x) "Y"`},
	{7, maxOpset, "y = Flatten(x)", attrs(attr("axis", 2)), `%y = Flatten(%x) "Y" {axis=2}`},
	{7, maxOpset, "y = Floor(x)", nil, `%y = Unary(%x) "Y" {fn=floor}`},
	{7, maxOpset, "y = Gather(x, i)", attrs(attr("axis", -1)), `%y = Gather(%x, %i) "Y" {axis=-1}`},
	{18, 20, "y = GroupNormalization(x, v, v)", attrs(attr("num_groups", 3)), `%y = GroupNormalization(%x, %v, %v) "Y" {groups=3 perGroup=true}`},
	{21, maxOpset, "y = GroupNormalization(x, v, v)", attrs(attr("num_groups", 3), attr("stash_type", 1), attr("epsilon", 0.5)), `%y = GroupNormalization(%x, %v, %v) "Y" {groups=3 epsilon=0.5}`},
	{7, maxOpset, "y = InstanceNormalization(x, v, v)", nil, `%y = InstanceNormalization(%x, %v, %v) "Y"`},
	{17, maxOpset, "y, m = LayerNormalization(x, v)", attrs(attr("axis", 2), attr("stash_type", 1)), `%y = LayerNormalization(%x, %v) "Y" {axis=2}`},
	{
		7, maxOpset, "y = LpNormalization(x)", attrs(attr("p", 1), attr("axis", 1)),
		"const %Y/axes int64[1] = {1}\nconst %Y/least float32[] = {1e-30}\n" + `%Y/Reduce = Reduce(%x, %Y/axes) "Y" {fn=l1}` + "\n" + `%Y/Clip = Clip(%Y/Reduce, %Y/least) "Y"` + "\n" + `%y = Binary(%x, %Y/Clip) "Y" {fn=div}`,
	},
	{7, maxOpset, "y = LpNormalization(x)", nil, "const %Y/axes int64[1] = {-1}\nconst %Y/least float32[] = {1e-30}\n" + `%Y/Reduce = Reduce(%x, %Y/axes) "Y" {fn=l2}` + "\n" + `%Y/Clip = Clip(%Y/Reduce, %Y/least) "Y"` + "\n" + `%y = Binary(%x, %Y/Clip) "Y" {fn=div}`},
	{11, maxOpset, "y = GatherElements(x, i)", attrs(attr("axis", 1)), `%y = GatherElements(%x, %i) "Y" {axis=1}`},
	{11, maxOpset, "y = Range(i, i, i)", nil, `%y = Range(%i, %i, %i) "Y"`},
	{7, maxOpset, "y = Tile(x, i)", nil, `%y = Tile(%x, %i) "Y"`},
	{20, maxOpset, "y = Gelu(x)", nil, `%y = Unary(%x) "Y" {fn=gelu}`},
	{20, maxOpset, "y = Gelu(x)", attrs(attr("approximate", "tanh")), `%y = Unary(%x) "Y" {fn=gelutanh}`},
	{
		7, maxOpset, "y = Gemm(x, w, v)", attrs(attr("alpha", 2.0), attr("beta", 0.5), attr("transA", 1), attr("transB", 1)),
		`%y = Gemm(%x, %w, %v) "Y" {alpha=2 beta=0.5 transA=true transB=true}`,
	},
	{11, maxOpset, "y = Gemm(x, w)", nil, `%y = Gemm(%x, %w) "Y"`},
	{7, maxOpset, "y = GlobalAveragePool(x)", nil, `%y = GlobalAveragePool(%x) "Y"`},
	{7, maxOpset, "y = GlobalMaxPool(x)", nil, `%y = GlobalMaxPool(%x) "Y"`},
	{7, maxOpset, "y = HardSigmoid(x)", nil, `%y = HardSigmoid(%x) "Y"`},
	{7, maxOpset, "y = HardSigmoid(x)", attrs(attr("alpha", 0.25), attr("beta", 0.75)), `%y = HardSigmoid(%x) "Y" {alpha=0.25 beta=0.75}`},
	{14, maxOpset, "y = HardSwish(x)", nil, `%y = HardSwish(%x) "Y"`},
	{7, maxOpset, "y = Identity(x)", nil, `%y = Identity(%x) "Y"`},
	{7, maxOpset, "y = LeakyRelu(x)", nil, `%y = LeakyRelu(%x) "Y"`},
	{7, maxOpset, "y = LeakyRelu(x)", attrs(attr("alpha", 0.125)), `%y = LeakyRelu(%x) "Y" {alpha=0.125}`},
	{7, maxOpset, "y = Log(x)", nil, `%y = Unary(%x) "Y" {fn=log}`},
	{7, 12, "y = LogSoftmax(x)", nil, `%y = LogSoftmax(%x) "Y" {axis=1 flatten=true}`},
	{13, maxOpset, "y = LogSoftmax(x)", nil, `%y = LogSoftmax(%x) "Y"`},
	{7, maxOpset, "y = MatMul(x, w)", nil, `%y = MatMul(%x, %w) "Y"`},
	{7, maxOpset, "y = MaxPool(x)", attrs(kernel2, attr("strides", []int64{2, 2})), `%y = MaxPool(%x) "Y" {kernel=[2,2] strides=[2,2]}`},
	{8, maxOpset, "y, i2 = MaxPool(x)", attrs(kernel2, attr("storage_order", 1), attr("auto_pad", "VALID")), `%y = MaxPool(%x) "Y" {kernel=[2,2] autoPad=valid}`},
	{10, maxOpset, "y = MaxPool(x)", attrs(kernel2, attr("ceil_mode", 1), attr("dilations", []int64{1, 2})), `%y = MaxPool(%x) "Y" {kernel=[2,2] dilations=[1,2] ceil=true}`},
	{18, maxOpset, "y = Mish(x)", nil, `%y = Unary(%x) "Y" {fn=mish}`},
	{7, maxOpset, "y = Mul(x, v)", nil, `%y = Binary(%x, %v) "Y" {fn=mul}`},
	{7, maxOpset, "y = Neg(x)", nil, `%y = Unary(%x) "Y"`},
	{7, maxOpset, "y = PRelu(x, v)", nil, `%y = PRelu(%x, %v) "Y"`},
	{
		7, 10, "y = Pad(x)", attrs(pads1, attr("value", 2.0)),
		"const %Y/pads int64[4] = {1, 1, 1, 1}\nconst %Y/value float32[] = {2}\n" + `%y = Pad(%x, %Y/pads, %Y/value) "Y"`,
	},
	{
		7, 10, "y = Pad(x)", attrs(pads1, attr("mode", "reflect")),
		"const %Y/pads int64[4] = {1, 1, 1, 1}\n" + `%y = Pad(%x, %Y/pads) "Y" {mode=reflect}`,
	},
	{11, maxOpset, "y = Pad(x, i, v)", attrs(attr("mode", "edge")), `%y = Pad(%x, %i, %v) "Y" {mode=edge}`},
	{18, maxOpset, "y = Pad(x, i, _, i)", nil, `%y = Pad(%x, %i, _, %i) "Y"`},
	{19, maxOpset, "y = Pad(x, i)", attrs(attr("mode", "wrap")), `%y = Pad(%x, %i) "Y" {mode=wrap}`},
	{7, maxOpset, "y = Pow(x, v)", nil, `%y = Binary(%x, %v) "Y" {fn=pow}`},
	{10, maxOpset, "y = QLinearConv(x, scale, zero, w, scale, zero, scale, zero)", nil, `%Y/DequantizeLinear = DequantizeLinear(%x, %scale, %zero) "Y"` + "\n" + `%Y/DequantizeLinear_2 = DequantizeLinear(%w, %scale, %zero) "Y" {axis=0}` + "\n" +
		`%Y/Conv = Conv(%Y/DequantizeLinear, %Y/DequantizeLinear_2) "Y"` + "\n" + `%y = QuantizeLinear(%Y/Conv, %scale, %zero) "Y" {high=255}`},
	{10, maxOpset, "y = QLinearConv(x, scale, zero, w, v, zero, scale, zero, i)", nil, "const %Y/bias_scale float32[3] = {0, 0, 0}\n" + `%Y/DequantizeLinear = DequantizeLinear(%i, %Y/bias_scale) "Y" {axis=0}` + "\n" +
		`%Y/DequantizeLinear_2 = DequantizeLinear(%x, %scale, %zero) "Y"` + "\n" + `%Y/DequantizeLinear_3 = DequantizeLinear(%w, %v, %zero) "Y" {axis=0}` + "\n" +
		`%Y/Conv = Conv(%Y/DequantizeLinear_2, %Y/DequantizeLinear_3, %Y/DequantizeLinear) "Y"` + "\n" + `%y = QuantizeLinear(%Y/Conv, %scale, %zero) "Y" {high=255}`},
	{10, maxOpset, "y = QLinearMatMul(x, scale, zero, w, scale, zero, scale, zero)", nil, `%Y/DequantizeLinear = DequantizeLinear(%x, %scale, %zero) "Y"` + "\n" + `%Y/DequantizeLinear_2 = DequantizeLinear(%w, %scale, %zero) "Y"` + "\n" +
		`%Y/MatMul = MatMul(%Y/DequantizeLinear, %Y/DequantizeLinear_2) "Y"` + "\n" + `%y = QuantizeLinear(%Y/MatMul, %scale, %zero) "Y" {high=255}`},
	{10, maxOpset, "y = QuantizeLinear(x, v)", nil, `%y = QuantizeLinear(%x, %v) "Y" {high=255}`},
	{21, maxOpset, "y = QuantizeLinear(x, v)", attrs(attr("output_dtype", 22)), `%y = QuantizeLinear(%x, %v) "Y" {low=-8 high=7}`},
	{23, maxOpset, "y = QuantizeLinear(x, v)", attrs(attr("precision", 1)), `%y = QuantizeLinear(%x, %v) "Y" {high=255}`},
	{7, maxOpset, "y = Reciprocal(x)", nil, `%y = Unary(%x) "Y" {fn=reciprocal}`},
	{7, 17, "y = ReduceMean(x)", attrs(axes1, attr("keepdims", 0)), "const %Y/axes int64[1] = {1}\n" + `%y = Reduce(%x, %Y/axes) "Y" {keepDims=false}`},
	{7, maxOpset, "y = ReduceMean(x)", nil, `%y = Reduce(%x) "Y"`},
	{18, maxOpset, "y = ReduceMean(x, i)", attrs(attr("noop_with_empty_axes", 1)), `%y = Reduce(%x, %i) "Y" {noopEmpty=true}`},
	{7, 12, "y = ReduceSum(x)", attrs(axes1), "const %Y/axes int64[1] = {1}\n" + `%y = Reduce(%x, %Y/axes) "Y" {fn=sum}`},
	{13, maxOpset, "y = ReduceSum(x, i)", attrs(attr("keepdims", 0)), `%y = Reduce(%x, %i) "Y" {fn=sum keepDims=false}`},
	{7, maxOpset, "y = Relu(x)", nil, `%y = Relu(%x) "Y"`},
	{7, maxOpset, "y = Reshape(x, i)", nil, `%y = Reshape(%x, %i) "Y"`},
	{14, maxOpset, "y = Reshape(x, i)", attrs(attr("allowzero", 1)), `%y = Reshape(%x, %i) "Y" {allowZero=true}`},
	{10, 10, "y = Resize(x, v)", attrs(attr("mode", "linear")), `%y = Resize(%x, _, %v) "Y" {mode="linear" coordinates="asymmetric" nearest="simple"}`},
	{11, maxOpset, "y = Resize(x, v, v)", nil, `%y = Resize(%x, %v, %v) "Y"`},
	{
		11, maxOpset, "y = Resize(x, v, v, i)", attrs(
			attr("mode", "cubic"), attr("coordinate_transformation_mode", "align_corners"), attr("nearest_mode", "ceil"),
			attr("cubic_coeff_a", -0.5), attr("exclude_outside", 1), attr("extrapolation_value", 2.0)),
		`%y = Resize(%x, %v, %v, %i) "Y" {mode="cubic" coordinates="align_corners" nearest="ceil" cubicA=-0.5 excludeOutside=true extrapolation=2}`,
	},
	{
		18, maxOpset, "y = Resize(x, _, v)", attrs(attr("axes", []int64{2, -1}), attr("antialias", 1), attr("keep_aspect_ratio_policy", "not_larger")),
		`%y = Resize(%x, _, %v) "Y" {axes=[2,-1] aspect="not_larger"}`,
	},
	{7, maxOpset, "y = Shape(x)", nil, `%y = Shape(%x) "Y"`},
	{15, maxOpset, "y = Shape(x)", attrs(attr("start", 1), attr("end", -1)), `%y = Shape(%x) "Y" {start=1 end=-1}`},
	{7, maxOpset, "y = Selu(x)", nil, `%y = Selu(%x) "Y"`},
	{7, maxOpset, "y = Selu(x)", attrs(attr("alpha", 1.5), attr("gamma", 2.0)), `%y = Selu(%x) "Y" {alpha=1.5 gamma=2}`},
	{7, maxOpset, "y = Sigmoid(x)", nil, `%y = Sigmoid(%x) "Y"`},
	{
		7, 9, "y = Slice(x)", attrs(attr("starts", []int64{0}), attr("ends", []int64{9223372036854775807}), axes1),
		"const %Y/starts int64[1] = {0}\nconst %Y/ends int64[1] = {9223372036854775807}\nconst %Y/axes int64[1] = {1}\n" +
			`%y = Slice(%x, %Y/starts, %Y/ends, %Y/axes) "Y"`,
	},
	{10, maxOpset, "y = Slice(x, i, i, _, i)", nil, `%y = Slice(%x, %i, %i, _, %i) "Y"`},
	{7, 12, "y = Softmax(x)", nil, `%y = Softmax(%x) "Y" {axis=1 flatten=true}`},
	{7, 12, "y = Softmax(x)", attrs(attr("axis", 3)), `%y = Softmax(%x) "Y" {axis=3 flatten=true}`},
	{13, maxOpset, "y = Softmax(x)", attrs(attr("axis", 3)), `%y = Softmax(%x) "Y" {axis=3}`},
	{7, maxOpset, "y = Softsign(x)", nil, `%y = Unary(%x) "Y" {fn=softsign}`},
	{7, maxOpset, "y = Softplus(x)", nil, `%y = Unary(%x) "Y" {fn=softplus}`},
	{11, maxOpset, "y = Round(x)", nil, `%y = Unary(%x) "Y" {fn=round}`},
	{7, maxOpset, "y = SpaceToDepth(x)", attrs(attr("blocksize", 3)), `%y = SpaceToDepth(%x) "Y" {block=3}`},
	{7, 12, "y, z = Split(x)", attrs(attr("axis", 1), attr("split", []int64{1, 2})), "const %Y/split int64[2] = {1, 2}\n" + `%y, %z = Split(%x, %Y/split) "Y" {axis=1 parts=2}`},
	{7, 17, "y, z, _ = Split(x)", nil, `%y, %z = Split(%x) "Y" {parts=3}`},
	{13, maxOpset, "y, z = Split(x, i)", nil, `%y, %z = Split(%x, %i) "Y" {parts=2}`},
	{18, maxOpset, "y, z = Split(x)", attrs(attr("num_outputs", 2)), `%y, %z = Split(%x) "Y" {parts=2}`},
	{7, maxOpset, "y = Sqrt(x)", nil, `%y = Unary(%x) "Y" {fn=sqrt}`},
	{7, 12, "y = Squeeze(x)", attrs(axes1), "const %Y/axes int64[1] = {1}\n" + `%y = Squeeze(%x, %Y/axes) "Y"`},
	{13, maxOpset, "y = Squeeze(x, i)", nil, `%y = Squeeze(%x, %i) "Y"`},
	{7, maxOpset, "y = Squeeze(x)", nil, `%y = Squeeze(%x) "Y"`},
	{7, maxOpset, "y = Sub(x, v)", nil, `%y = Binary(%x, %v) "Y"`},
	{7, maxOpset, "y = Sum(x)", nil, `%y = Identity(%x) "Y"`},
	{7, maxOpset, "y = Sum(x, v)", nil, `%y = Add(%x, %v) "Y"`},
	{7, maxOpset, "y = Sum(x, v, x, w)", nil, `%Y/Add = Add(%x, %v) "Y"` + "\n" + `%Y/Add_2 = Add(%Y/Add, %x) "Y"` + "\n" + `%y = Add(%Y/Add_2, %w) "Y"`},
	{7, maxOpset, "y = Tanh(x)", nil, `%y = Tanh(%x) "Y"`},
	{10, maxOpset, "y = ThresholdedRelu(x)", attrs(attr("alpha", 0.25)), `%y = ThresholdedRelu(%x) "Y" {alpha=0.25}`},
	{7, maxOpset, "y = Transpose(x)", nil, `%y = Transpose(%x) "Y"`},
	{7, maxOpset, "y = Transpose(x)", attrs(attr("perm", []int64{0, 2, 3, 1})), `%y = Transpose(%x) "Y" {perm=[0,2,3,1]}`},
	{7, 12, "y = Unsqueeze(x)", attrs(axes1), "const %Y/axes int64[1] = {1}\n" + `%y = Unsqueeze(%x, %Y/axes) "Y"`},
	{13, maxOpset, "y = Unsqueeze(x, i)", nil, `%y = Unsqueeze(%x, %i) "Y"`},
	{7, 8, "y = Upsample(x)", attrs(attr("scales", []float32{1, 2})), "const %Y/scales float32[2] = {1, 2}\n" + `%y = Resize(%x, _, %Y/scales) "Y" {coordinates="asymmetric" nearest="simple"}`},
	{9, maxOpset, "y = Upsample(x, v)", attrs(attr("mode", "linear")), `%y = Resize(%x, _, %v) "Y" {mode="linear" coordinates="asymmetric" nearest="simple"}`},
	{9, maxOpset, "y = Where(f, x, v)", nil, `%y = Where(%f, %x, %v) "Y"`},
}

// opFile is a model of the case's node alone.
func (c opCase) file(version int) *pb.ModelProto {
	return with(opset(file(op(c.node, c.attributes...)), version),
		zeros("w", 4, 3, 3, 3), zeros("v", 3), ints("i", 1, 2), rawTensor("f", pb.TensorProto_BOOL, []byte{0}),
		rawTensor("zero", pb.TensorProto_UINT8, []byte{0}), zeros("scale", 1))
}

// TestOperators translates every case in every opset of its range.
func TestOperators(t *testing.T) {
	given := []string{"const %w ", "const %v ", "const %i ", "const %f ", "const %zero ", "const %scale "}
	for _, c := range opCases {
		for version := c.first; version <= c.last; version++ {
			t.Run(fmt.Sprintf("%s/%d", c.node, version), func(t *testing.T) {
				lines := strings.Split(body(mustParse(t, c.file(version))), "\n")
				lines = slices.DeleteFunc(lines, func(line string) bool {
					return slices.ContainsFunc(given, func(prefix string) bool { return strings.HasPrefix(line, prefix) })
				})
				if got := strings.Join(lines, "\n"); got != c.want {
					t.Errorf("got\n%s\nwant\n%s", got, c.want)
				}
			})
		}
	}
}

// TestOperatorsCovered finds operators and opsets that no case tests, and opsets in
// which an operator does not exist but is translated.
func TestOperatorsCovered(t *testing.T) {
	tested := make(map[string]bool)
	for _, c := range opCases {
		for version := c.first; version <= c.last; version++ {
			tested[fmt.Sprint(op(c.node).GetOpType(), version)] = true
		}
	}
	for _, o := range Operators() {
		for version := minOpset; version <= maxOpset; version++ {
			want := version >= o.First && version <= o.Last
			if got := tested[fmt.Sprint(o.Name, version)]; got != want {
				t.Errorf("%s in opset %d: tested %t, listed %t", o.Name, version, got, want)
			}
		}
	}
}

// TestOperatorsTable checks what formOf and readers of the table rely on.
func TestOperatorsTable(t *testing.T) {
	byName := func(a, b operator) int { return strings.Compare(a.name, b.name) }
	if !slices.IsSortedFunc(operators, byName) {
		t.Error("operators are not sorted by name")
	}
	for _, o := range Operators() {
		if !slices.IsSorted(o.Revisions) || slices.Max(o.Revisions) > maxOpset {
			t.Errorf("%s: revisions %v", o.Name, o.Revisions)
		}
		if len(o.Revisions) > 1 && o.Revisions[1] < minOpset {
			t.Errorf("%s: revision %d was superseded before opset %d", o.Name, o.Revisions[0], minOpset)
		}
	}
}
