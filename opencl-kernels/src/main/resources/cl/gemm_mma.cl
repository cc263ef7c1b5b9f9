// What tensor cores of NVIDIA (sm_80 and later) do for gemm_tf32x3.cl, put before its text by the host: one product of
// fragments by the 32 lanes of a warp, and the TF32 numbers that it takes, floats with 10 bits of fraction.
//
// Lane (u, v) = (lane / 4, lane % 4) holds, by the number of its register, element
//   A (16 x 8)   0: (u, v)    1: (u + 8, v)    2: (u, v + 4)    3: (u + 8, v + 4)
//   B (8 x 8)    0: (v, u)    1: (v + 4, u)
//   C (16 x 8)   0: (u, 2v)   1: (u, 2v + 1)   2: (u + 8, 2v)   3: (u + 8, 2v + 1)
// as mma.m16n8k8 of the PTX ISA defines.
//
// PLAIN stands for a device without such tensor cores: the lanes exchange their fragments through local memory, EXCHANGE
// words, and add with fma for ascending k. It shows that every element is where it belongs; it is slow.

#define LANES 32
#define MMA_M 16
#define MMA_N 8
#define MMA_K 8

#ifdef PLAIN

// Barriers in unrolled loops only make the program long.
#define UNROLL
#define EXCHANGE_ARG , exchange
#define EXCHANGE_PARAM , __local uint *exchange
#define EXCHANGE (ITEMS * 6)

// The bits of x rounded to 10 bits of fraction, ties away from zero; NaN stays NaN.
static inline uint tf32(const float x) {
  return x != x ? 0x7fffe000u : (as_uint(x) + 0x1000u) & 0xffffe000u;
}

// acc += a b for the fragments of a warp. All work-items of the work-group must come here.
static inline void mma(float *acc, const uint *a, const uint *b, const int item EXCHANGE_PARAM) {
  const int u = item % LANES / 4;
  const int v = item % 4;
  __local uint *a_of = exchange + item / LANES * LANES * 4;
  __local uint *b_of = exchange + ITEMS * 4 + item / LANES * LANES * 2;
  for (int r = 0; r < 4; ++r) {
    a_of[item % LANES * 4 + r] = a[r];
  }
  for (int r = 0; r < 2; ++r) {
    b_of[item % LANES * 2 + r] = b[r];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int r = 0; r < 4; ++r) {
    const int row = u + r / 2 * 8;
    const int col = 2 * v + r % 2;
    for (int p = 0; p < MMA_K; ++p) {
      const uint a_bits = a_of[(row % 8 * 4 + p % 4) * 4 + row / 8 + p / 4 * 2];
      const uint b_bits = b_of[(col * 4 + p % 4) * 2 + p / 4];
      acc[r] = fma(as_float(a_bits), as_float(b_bits), acc[r]);
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
}

#else

#define UNROLL _Pragma("unroll")
#define EXCHANGE_ARG
#define EXCHANGE_PARAM

// x rounded to 10 bits of fraction, ties away from zero.
static inline uint tf32(const float x) {
  uint bits;
  __asm__("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
  return bits;
}

// acc += a b for the fragments of a warp. All its lanes must come here.
static inline void mma(float *acc, const uint *a, const uint *b, const int item EXCHANGE_PARAM) {
  __asm__ volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
                   "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                   : "+f"(acc[0]), "+f"(acc[1]), "+f"(acc[2]), "+f"(acc[3])
                   : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

#endif
