// Operands in TF32, floats with 10 bits of fraction, put before gemm_tensor.cl by the host: how a float is split into PARTS of
// them, and the instruction that multiplies them.
//
// Splitting    PARTS = 2   x = big + small up to 2^-22 |x|     3 products, which is known as 3xTF32: as accurate as floats
//              PARTS = 1   x = big up to 2^-11 |x|             1 product, plain TF32
// Fragments    Lane (u, v) of a warp holds, by the number of its register, element
//                A (16 x 8)   0: (u, v)    1: (u + 8, v)    2: (u, v + 4)    3: (u + 8, v + 4)
//                B (8 x 8)    0: (v, u)    1: (v + 4, u)
//              Rows of KWG + 4 and NWG + 8 floats put what a warp reads at the same time into 32 banks, once each.
// Defaults     MWG=128 NWG=128 KWG=8 MDIMC=16 NDIMC=16 VWM=4 VWN=4
// Error        PARTS = 2: 3 * 2^-22 + 2^-20 * (1 + 2^-10) + k / 8 * 2^-24 parts of sum |a b|: splitting, sums of 8 steps, sum of
//              those; PARTS = 1: 2^-10 + k / 8 * 2^-20. Operands below 2^-100 may lose their small part; an infinite one gives
//              NaN with 2 parts.

#define MMA_K 8
#define A_ROW (KWG + 4)
#define B_ROW (NWG + 8)
// The first step of which lane (u, v) holds elements.
#define FIRST_STEP(v) (v)

#ifdef PLAIN

// The bits of x rounded to 10 bits of fraction, ties away from zero; NaN stays NaN.
static inline uint tf32(const float x) {
  return x != x ? 0x7fffe000u : (as_uint(x) + 0x1000u) & 0xffffe000u;
}

// acc += a b for the fragments of a warp. All work-items of the work-group must come here.
static inline void mma(float *acc, const uint *a, const uint *b, const int item EXCHANGE_PARAM) {
  show(a, b, item EXCHANGE_ARG);
  for (int r = 0; r < 4; ++r) {
    const int row = item % LANES / 4 + r / 2 * 8;
    const int col = 2 * (item % 4) + r % 2;
    for (int p = 0; p < MMA_K; ++p) {
      acc[r] = fma(as_float(SHOWN_A(item, row % 8, p % 4, row / 8 + p / 4 * 2)),
                   as_float(SHOWN_B(item, col, p % 4, p / 4)), acc[r]);
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
}

#else

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

// The parts of this lane's elements of a fragment of A, the largest part first; `a` points to the first of them. What a part
// leaves is exact.
static inline void split_a(__local const float *a, uint parts[PARTS][4]) {
  UNROLL
  for (int r = 0; r < 4; ++r) {
    float rest = a[r % 2 * 8 * A_ROW + r / 2 * 4];
    UNROLL
    for (int part = 0; part < PARTS; ++part) {
      parts[part][r] = tf32(rest);
      rest -= as_float(parts[part][r]);
    }
  }
}

// Likewise of B.
static inline void split_b(__local const float *b, uint parts[PARTS][2]) {
  UNROLL
  for (int r = 0; r < 2; ++r) {
    float rest = b[r * 4 * B_ROW];
    UNROLL
    for (int part = 0; part < PARTS; ++part) {
      parts[part][r] = tf32(rest);
      rest -= as_float(parts[part][r]);
    }
  }
}
