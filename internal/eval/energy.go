package eval

// Energies of one operation in picojoules at 45 nm and 0.9 V: M. Horowitz, "Computing's
// energy problem (and what we can do about it)", ISSCC 2014.
const (
	float32Multiply = 3.7
	float32Add      = 0.9
	int8Multiply    = 0.2
	int32Add        = 0.1
)

const energyNote = "Estimates from operation counts and 45 nm figures (Horowitz, ISSCC 2014): float32 " +
	"multiply 3.7 pJ, add 0.9 pJ; int8 multiply 0.2 pJ, int32 add 0.1 pJ; a multiplication of b by 8 bits is " +
	"taken as b/8 of an int8 one. No memory traffic (given apart), membrane update, leakage or idle time is included. " +
	"They are not measurements and say nothing about the machine this ran on."

// Energy holds estimates per sample for the ANN and several ways of building the
// spiking network, including the comparison that favours it least.
type Energy struct {
	Note      string     `json:"note"`
	Estimates []Estimate `json:"estimates"`
}

// Estimate is the arithmetic energy of one sample under one assumption.
type Estimate struct {
	Name       string  `json:"name"`
	Assumption string  `json:"assumption"`
	Nanojoules float64 `json:"nj_per_sample"`
}

// estimateEnergy counts every multiplication with an analog input of the spiking
// network as a MAC, and a multi-bit spike in three ways: as one event, as its set bits,
// and as a multiplication of bits by 8 bits.
func estimateEnergy(o Ops, bits int) Energy {
	const (
		floatMAC = float32Multiply + float32Add
		intMAC   = int8Multiply + int32Add
	)
	narrowMAC := int8Multiply*float64(bits)/8 + int32Add
	nj := func(n int64, pj float64) float64 { return float64(n) * pj / 1000 }
	return Energy{Note: energyNote, Estimates: []Estimate{
		{"ANN, float32", "4.6 pJ per MAC", nj(o.ANNMACs, floatMAC)},
		{"ANN, same-bit integer", "multiply activation of the spike's width by int8 weight, int32 add per MAC: the fair opponent", nj(o.ANNMACs, narrowMAC)},
		{"SNN, float32 events", "0.9 pJ per spike and synapse, whatever its width; 4.6 pJ per analog MAC: the usual claim in papers", nj(o.SNNSOPs, float32Add) + nj(o.SNNMACs, floatMAC)},
		{"SNN, integer events", "int32 add per spike and synapse, whatever its width; int8 MAC for the analog input", nj(o.SNNSOPs, int32Add) + nj(o.SNNMACs, intMAC)},
		{"SNN, integer set bits", "int32 add per set bit of a spike and synapse; int8 MAC for the analog input", nj(o.SNNBitSOPs, int32Add) + nj(o.SNNMACs, intMAC)},
		{"SNN, integer multiplies", "multiply and int32 add per spike and synapse; int8 MAC for the analog input", nj(o.SNNSOPs, narrowMAC) + nj(o.SNNMACs, intMAC)},
	}}
}
