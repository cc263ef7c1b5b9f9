// Operands in bfloat16, floats with 7 bits of fraction, put before gemm_tensor.cl by the host: how a float is split into PARTS of
// them, and the instruction that multiplies them.
//
// Splitting    PARTS = 3   x = first + second + third up to 2^-24 |x|     6 products, known as bf16x3: as accurate as floats
//              PARTS = 1   x = first up to 2^-8 |x|                       1 product, plain bfloat16
// Fragments    A word holds two elements of neighbouring steps, the lower one in its lower half. Lane (u, v) of a warp holds,
//              by the number of its register, elements
//                A (16 x 16)   0: (u, 2v ..)   1: (u + 8, 2v ..)   2: (u, 2v + 8 ..)   3: (u + 8, 2v + 8 ..)
//                B (16 x 8)    0: (2v .., u)   1: (2v + 8 .., u)
//              Rows of KWG + 8 and NWG + 4 floats put what a warp reads at the same time into 32 banks, once each (of A, half
//              a warp, which reads 8 bytes at a time).
// Defaults     MWG=128 NWG=128 KWG=16 MDIMC=16 NDIMC=16 VWM=4 VWN=4
// Error        PARTS = 3: 4 * 2^-24 + 2^-19 * (1 + 2^-7 + 3 * 2^-16) + k / 16 * 2^-24 parts of sum |a b|: splitting, sums of 16
//              steps, sum of those; PARTS = 1: 2^-7 + k / 16 * 2^-19. Operands below 2^-100 may lose small parts; one that is
//              infinite, or rounds to it, gives NaN with 3 parts.
// Limits       The operands come as floats, from memory and in the tiles, and are rounded in registers: the arithmetic is
//              faster than what feeds it. A tile of 16 steps is 16 KiB for 0.5 million operations.

#define MMA_K 16
#define A_ROW (KWG + 8)
#define B_ROW (NWG + 4)
// The first step of which lane (u, v) holds elements.
#define FIRST_STEP(v) (2 * (v))

#ifdef PLAIN

// The bits of x rounded to 7 bits of fraction, ties to even; NaN stays NaN.
static inline uint bf16(const float x) {
  return x != x ? 0x7fffu : (as_uint(x) + 0x7fffu + (as_uint(x) >> 16 & 1u)) >> 16;
}

// Two floats rounded into a word.
static inline uint bf16_pair(const float low, const float high) {
  return bf16(high) << 16 | bf16(low);
}

// The element of step p in a word.
static inline float half_of(const uint word, const int p) {
  return as_float(p % 2 == 0 ? word << 16 : word & 0xffff0000u);
}

// acc += a b for the fragments of a warp. All work-items of the work-group must come here.
static inline void mma(float *acc, const uint *a, const uint *b, const int item EXCHANGE_PARAM) {
  show(a, b, item EXCHANGE_ARG);
  for (int r = 0; r < 4; ++r) {
    const int row = item % LANES / 4 + r / 2 * 8;
    const int col = 2 * (item % 4) + r % 2;
    for (int p = 0; p < MMA_K; ++p) {
      acc[r] = fma(half_of(SHOWN_A(item, row % 8, p % 8 / 2, row / 8 + p / 8 * 2), p),
                   half_of(SHOWN_B(item, col, p % 8 / 2, p / 8), p), acc[r]);
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
}

#else

// Two floats rounded to 7 bits of fraction, ties to even, into a word.
static inline uint bf16_pair(const float low, const float high) {
  uint word;
  __asm__("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(high), "f"(low));
  return word;
}

// acc += a b for the fragments of a warp. All its lanes must come here.
static inline void mma(float *acc, const uint *a, const uint *b, const int item EXCHANGE_PARAM) {
  __asm__ volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
                   "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                   : "+f"(acc[0]), "+f"(acc[1]), "+f"(acc[2]), "+f"(acc[3])
                   : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

#endif

// Two floats less what a word has of them; the differences are exact.
static inline float2 less(const float2 x, const uint word) {
  return (float2)(x.s0 - as_float(word << 16), x.s1 - as_float(word & 0xffff0000u));
}

// The parts of this lane's elements of a fragment of A, the largest part first; `a` points to the first of them.
static inline void split_a(__local const float *a, uint parts[PARTS][4]) {
  UNROLL
  for (int r = 0; r < 4; ++r) {
    float2 rest = *(__local const float2 *)&a[r % 2 * 8 * A_ROW + r / 2 * 8];
    UNROLL
    for (int part = 0; part < PARTS; ++part) {
      parts[part][r] = bf16_pair(rest.s0, rest.s1);
      rest = less(rest, parts[part][r]);
    }
  }
}

// Likewise of B.
static inline void split_b(__local const float *b, uint parts[PARTS][2]) {
  UNROLL
  for (int r = 0; r < 2; ++r) {
    float2 rest = (float2)(b[r * 8 * B_ROW], b[(r * 8 + 1) * B_ROW]);
    UNROLL
    for (int part = 0; part < PARTS; ++part) {
      parts[part][r] = bf16_pair(rest.s0, rest.s1);
      rest = less(rest, parts[part][r]);
    }
  }
}
